//! What Docker still has: of what the driver has beside it, Docker has forgotten the removal.

use std::collections::BTreeMap;

use super::Names;
use super::docker::DockerNetwork;

/// A network that Docker has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) name: String,
    /// Who is in it, by the identifiers of the endpoints: the names of containers, or of what Docker could not clean up.
    pub(crate) endpoints: BTreeMap<String, String>,
}

impl Names {
    /// The network of an identifier as Docker has it, if it has it; in words why Docker cannot be asked.
    pub(crate) async fn held(&self, network: &str) -> Result<Option<Held>, String> {
        let asked = self.docker()?.network(network).await.map_err(|error| error.to_string())?;
        // A network of another identifier could have this one for a name.
        Ok(asked.filter(|found| found.id == network).map(Held::from))
    }
}

impl From<DockerNetwork> for Held {
    fn from(network: DockerNetwork) -> Self {
        let DockerNetwork { name, containers, .. } = network;
        Self { name, endpoints: containers.into_values().map(|attached| (attached.endpoint, attached.name)).collect() }
    }
}
