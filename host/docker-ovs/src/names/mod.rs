//! Names, which users think in: the driver knows identifiers only. So the commands ask Docker what a name stands for.
//! Where Docker is away, identifiers still work. The driver asks Docker for one thing only, the hosts of its swarm.

mod docker;
mod held;
mod pools;
mod swarm;

use std::collections::BTreeMap;

use admin::report::{Mode, NetworkDetail, NetworkSummary};
use admin::{ClientError, FailureKind, Selector};

use self::docker::{Docker, DockerNetwork, NoDocker};
pub(crate) use self::held::Held;
pub(crate) use self::pools::PoolUser;
pub(crate) use self::swarm::SwarmHosts;
use crate::exit::{Failure, NOT_FOUND, USAGE};

/// As many digits of an identifier as Docker prints.
const PRINTED: usize = 12;

/// Whoever knows the names.
#[derive(Debug)]
pub(crate) struct Names(Result<Docker, NoDocker>);

/// What the driver is asked for, and what is known of it beside.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) selector: Selector,
    /// Why the driver may not know it.
    doubt: Option<String>,
}

impl Names {
    /// The names that `docker` knows where this runs.
    pub(crate) fn new() -> Self {
        Self(Docker::of(std::env::var("DOCKER_HOST").ok().as_deref()))
    }

    fn docker(&self) -> Result<&Docker, String> {
        self.0.as_ref().map_err(ToString::to_string)
    }

    /// The network of a name, or of an identifier or a beginning of it. A name wins over the beginning of an identifier,
    /// as with Docker.
    pub(crate) async fn network(&self, text: &str) -> Result<Target, Failure> {
        let asked = match self.docker() {
            Ok(docker) => docker.network(text).await.map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        match asked {
            Ok(Some(network)) if network.name == text => Target::new(&network.id, Some(foreign(&network))),
            Ok(Some(network)) => Target::new(text, Some(foreign(&network))),
            Ok(None) => Target::new(text, Some(format!("Docker has no network {text} either"))),
            Err(error) => Target::new(text, Some(needs_docker(&error))),
        }
    }

    /// The endpoint of a container in a network, or the one of an endpoint's identifier or a beginning of it.
    pub(crate) async fn endpoint(&self, network: &Target, text: &str) -> Result<Target, Failure> {
        let asked = match self.docker() {
            Ok(docker) => docker.container(text).await.map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        let container = match asked {
            Ok(Some(container)) => container,
            Ok(None) => return Target::new(text, Some(format!("Docker has no container {text} either"))),
            Err(error) => return Target::new(text, Some(needs_docker(&error))),
        };
        let meant =
            container.name.trim_start_matches('/') == text || text.len() >= PRINTED && container.id.starts_with(text);
        let connections = container.network_settings.networks.into_values();
        match connections.filter(|_| meant).find(|connection| network.selector.matches(&connection.network)) {
            Some(connection) if !connection.endpoint.is_empty() => Target::new(&connection.endpoint, None),
            Some(_) => Target::new(text, Some(format!("container {text} does not run"))),
            None => Target::new(text, Some(format!("container {text} is not in that network"))),
        }
    }

    /// Writes Docker's names beside the identifiers, where Docker answers.
    pub(crate) async fn add_to_list(&self, networks: &mut [NetworkSummary]) {
        let names = self.of_networks().await;
        networks.iter_mut().for_each(|network| network.name = names.get(&network.id).cloned());
    }

    /// The same for the networks that use modes.
    pub(crate) async fn add_to_modes(&self, modes: &mut [Mode]) {
        let names = self.of_networks().await;
        let users = modes.iter_mut().flat_map(|mode| &mut mode.users);
        users.for_each(|user| user.name = names.get(&user.id).cloned());
    }

    /// The names of all networks by their identifiers; none, where Docker does not answer.
    async fn of_networks(&self) -> BTreeMap<String, String> {
        let Ok(docker) = self.docker() else { return BTreeMap::new() };
        match docker.networks().await {
            Ok(all) => all.into_iter().map(|network| (network.id, network.name)).collect(),
            Err(error) => {
                tracing::debug!(%error, "no names");
                BTreeMap::new()
            }
        }
    }

    /// The same for a network and the containers in it.
    pub(crate) async fn add_to(&self, detail: &mut NetworkDetail) {
        let Ok(docker) = self.docker() else { return };
        let Ok(Some(network)) = docker.network(&detail.summary.id).await else { return };
        detail.summary.name = Some(network.name);
        for endpoint in &mut detail.endpoint_list {
            let container = network.containers.values().find(|container| container.endpoint == endpoint.id);
            endpoint.container = container.map(|container| container.name.clone());
        }
    }
}

impl Target {
    /// What cannot be an identifier, and is no name either, is the user's mistake.
    fn new(text: &str, doubt: Option<String>) -> Result<Self, Failure> {
        match text.parse() {
            Ok(selector) => Ok(Self { selector, doubt }),
            Err(error) => {
                let error: admin::BadSelector = error;
                let doubt = doubt.map(|doubt| format!("; {doubt}")).unwrap_or_default();
                Err(Failure::say(USAGE, format_args!("{error}{doubt}")))
            }
        }
    }
}

/// The driver's error about a target; where it does not know it, with what Docker said.
pub(crate) fn explained(error: ClientError, target: &Target) -> Failure {
    match (&error, &target.doubt) {
        (ClientError::Failed(failure), Some(doubt)) if failure.kind == FailureKind::NotFound => {
            Failure::say(NOT_FOUND, format_args!("{error}: {doubt}"))
        }
        _ => error.into(),
    }
}

fn foreign(network: &DockerNetwork) -> String {
    let DockerNetwork { name, driver, .. } = network;
    format!("{name} is a network of Docker's driver {driver}; docker-ovs network ls lists those of this one")
}

fn needs_docker(error: &str) -> String {
    format!("names need Docker, identifiers do not: {error}")
}
