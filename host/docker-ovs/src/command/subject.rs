//! What a command is about: `NETWORK`, or `NETWORK/CONTAINER`.

use admin::report::Explanation;
use admin::{Client, ClientError};

use crate::exit::Failure;
use crate::names::{Names, Target, explained};

/// A network, or what a container has in it, by names or identifiers.
#[derive(Debug)]
pub(super) struct Subject {
    network: Target,
    endpoint: Option<Target>,
}

impl Subject {
    pub(super) async fn find(text: &str, names: &Names) -> Result<Self, Failure> {
        let (network, endpoint) = match text.split_once('/') {
            Some((network, endpoint)) => (network, Some(endpoint)),
            None => (text, None),
        };
        let network = names.network(network).await?;
        let endpoint = match endpoint {
            Some(endpoint) => Some(names.endpoint(&network, endpoint).await?),
            None => None,
        };
        Ok(Self { network, endpoint })
    }

    /// All the driver has of it.
    pub(super) async fn explain(&self, client: &Client) -> Result<Explanation, Failure> {
        let endpoint = self.endpoint.as_ref().map(|endpoint| endpoint.selector.clone());
        match client.explain(self.network.selector.clone(), endpoint).await {
            Ok(explanation) => Ok(explanation),
            Err(error) => Err(self.unknown(client, error).await),
        }
    }

    /// The driver's error, with what is known beside of the one of both that it is about.
    async fn unknown(&self, client: &Client, error: ClientError) -> Failure {
        match &self.endpoint {
            Some(endpoint) if client.network(self.network.selector.clone()).await.is_ok() => explained(error, endpoint),
            Some(_) | None => explained(error, &self.network),
        }
    }
}
