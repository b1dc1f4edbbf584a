//! What a mode is asked.

use plan::{Admitted, Asked, Attribute, Endpoint, Network, PublishedPort, Value};

use crate::convert::checked::shown_name;
use crate::{Loaded, left_out};

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

    /// The endpoint it is about, if it is about one.
    #[must_use]
    pub fn endpoint(&self) -> Option<&Endpoint> {
        match self {
            Self::Network(_) => None,
            Self::Endpoint(_, endpoint) | Self::Publish(_, endpoint, _) => Some(endpoint),
        }
    }

    /// The question as it may be written down: secrets are left out.
    #[must_use]
    pub fn without_secrets(&self, mode: &Loaded) -> Self {
        let shown = |options: &[Attribute]| left_out(options, |key| mode.is_secret(key));
        let network = Network { options: shown(&self.network().options), ..self.network().clone() };
        let of = |endpoint: &Endpoint| Endpoint { options: shown(&endpoint.options), ..endpoint.clone() };
        match self {
            Self::Network(_) => Self::Network(network),
            Self::Endpoint(_, endpoint) => Self::Endpoint(network, of(endpoint)),
            Self::Publish(_, endpoint, ports) => Self::Publish(network, of(endpoint), ports.clone()),
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

    /// The option with a text that is shown like this: then a value that cannot be is the user's, not the mode's. What is
    /// shown is cut and made printable, so that the texts are compared as they would be shown.
    pub(crate) fn option_shown(&self, shown: &str) -> Option<&str> {
        let options = self.endpoint().into_iter().flat_map(|endpoint| &endpoint.options).chain(&self.network().options);
        let mut said = options.filter(|option| matches!(&option.value, Value::Text(text) if shown_name(text) == shown));
        said.next().map(|option| option.key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_text_is_known_again_however_it_is_shown() {
        for text in ["br lab".to_owned(), "long".repeat(100), "br\u{200b}lab".to_owned()] {
            let options = vec![Attribute::new("bridge", Value::Text(text.clone()))];
            let id = "net1".to_owned().try_into().unwrap();
            let network = Network { id, internal: false, subnets: Vec::new(), options, facts: Vec::new() };
            let question = Question::Network(network);
            assert_eq!(question.option_shown(&shown_name(&text)), Some("bridge"), "{text}");
            assert_eq!(question.option_shown("another"), None);
        }
    }
}
