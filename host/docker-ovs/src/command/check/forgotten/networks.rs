//! Networks and endpoints: one whose removal no driver was there to hear of, one that Docker died over.

use std::collections::{BTreeMap, BTreeSet};

use admin::Client;
use admin::report::{EndpointState, NetworkState};

use super::{Finding, SUBJECT, Unknown};
use crate::names::Names;
use crate::show::short;

/// Networks, and endpoints in them.
pub(super) type Things = BTreeSet<(String, Option<String>)>;

/// What the driver has, and Docker has not. What is being made or taken down is not counted.
pub(super) async fn forgotten(client: &Client, names: &Names) -> Result<Things, Unknown> {
    let mut things = Things::new();
    let networks = client.networks().await?;
    for id in networks.into_iter().filter(|network| settled(network.state)).map(|network| network.id) {
        // The driver first: an endpoint that comes in between is in neither list.
        let endpoints = match id.parse() {
            Ok(network) => client.network(network).await?.endpoint_list,
            Err(_) => return Err(Unknown::Driver),
        };
        let Some(held) = names.held(&id).await.map_err(Unknown::Docker)? else {
            things.insert((id, None));
            continue;
        };
        let going = |state| state == EndpointState::Leaving;
        let unheld = endpoints
            .into_iter()
            .filter(|endpoint| !going(endpoint.state) && !held.endpoints.contains_key(&endpoint.id));
        things.extend(unheld.map(|endpoint| (id.clone(), Some(endpoint.id))));
    }
    Ok(things)
}

fn settled(state: NetworkState) -> bool {
    !matches!(state, NetworkState::Creating | NetworkState::Removing)
}

/// One finding a network, with the command that removes all of it.
pub(super) fn judge(forgotten: &Things) -> Vec<Finding> {
    let mut networks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (network, endpoint) in forgotten {
        networks.entry(network).or_default().extend(endpoint.as_deref());
    }
    networks.into_iter().map(|(network, endpoints)| tell(short(network), &endpoints)).collect()
}

/// No endpoint: it is the network itself.
fn tell(network: &str, endpoints: &[&str]) -> Finding {
    if endpoints.is_empty() {
        let what =
            format!("Docker has forgotten network {network}: it was removed while the driver could not hear of it");
        return Finding::doubtful(SUBJECT, what).advise(format!("docker-ovs network rm {network}"));
    }
    let names: Vec<_> = endpoints.iter().map(|id| short(id)).collect();
    let what = format!("Docker has forgotten endpoints of network {network}: {}", names.join(", "));
    let subjects: Vec<_> = names.iter().map(|endpoint| format!("{network}/{endpoint}")).collect();
    Finding::doubtful(SUBJECT, what).advise(format!("docker-ovs network rm {}", subjects.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_its_command() {
        let thing = |network: &str, endpoint: Option<&str>| (network.to_owned(), endpoint.map(str::to_owned));
        let findings = judge(&Things::from([
            thing("3f9a00000000cafe", None),
            thing("b5082ded43d3b362", Some("2f2497db76a577c0")),
            thing("b5082ded43d3b362", Some("77c0")),
        ]));
        let advice: Vec<_> = findings.iter().filter_map(|finding| finding.advice.as_deref()).collect();
        assert_eq!(
            advice,
            ["docker-ovs network rm 3f9a00000000", "docker-ovs network rm b5082ded43d3/2f2497db76a5 b5082ded43d3/77c0"]
        );
        assert!(judge(&Things::new()).is_empty());
    }
}
