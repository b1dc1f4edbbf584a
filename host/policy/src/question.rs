//! What a mode is asked.

use plan::{Admitted, Asked, Attributes, Endpoint, Network, PublishedPort};

/// What a mode is asked, with everything it may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// What has to exist for a network itself?
    Network(Network),
    /// What has to exist for one endpoint?
    Endpoint(Network, Endpoint),
    /// What has to exist for the ports an endpoint publishes?
    Publish(Network, Endpoint, Vec<PublishedPort>),
}

impl Question {
    /// The function of the contract that is called.
    #[must_use]
    pub fn call(&self) -> &'static str {
        match self {
            Self::Network(_) => "plan-network",
            Self::Endpoint(..) => "plan-endpoint",
            Self::Publish(..) => "plan-publish",
        }
    }

    /// The network it is about.
    #[must_use]
    pub fn network(&self) -> &Network {
        match self {
            Self::Network(network) | Self::Endpoint(network, _) | Self::Publish(network, ..) => network,
        }
    }

    /// The same for the guard. `of` is the network's own plan, which answers about an endpoint build on.
    #[must_use]
    pub fn asked<'a>(&'a self, of: &'a Admitted) -> Asked<'a> {
        match self {
            Self::Network(_) => Asked::Network,
            Self::Endpoint(_, endpoint) => Asked::Endpoint { endpoint, of },
            Self::Publish(_, endpoint, ports) => Asked::Publish { endpoint, of, ports },
        }
    }

    /// The option whose text this is: then a value that cannot be is the user's, not the mode's.
    pub(crate) fn option_with(&self, text: &str) -> Option<&str> {
        let (network, endpoint) = match self {
            Self::Network(network) => (network, None),
            Self::Endpoint(network, endpoint) | Self::Publish(network, endpoint, _) => (network, Some(endpoint)),
        };
        let options = endpoint.into_iter().flat_map(|endpoint| &endpoint.options).chain(&network.options);
        let mut keys = options.map(|option| option.key.as_str());
        keys.find(|key| {
            network.options.text(key) == Some(text) || endpoint.is_some_and(|it| it.options.text(key) == Some(text))
        })
    }
}
