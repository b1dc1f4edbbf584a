//! `docker-ovs network rm`: what Docker has forgotten goes from the driver, too. What Docker still has is for Docker to
//! remove, so it is asked first; the driver does not ask it that.

use admin::report::Removed;
use admin::{BadSelector, Client, Selector};

use crate::cli::Remove;
use crate::command::subject::Subject;
use crate::exit::{Failure, INTERNAL, REFUSED, UNAVAILABLE};
use crate::names::{Held, Names};
use crate::show::short;

/// Something of the driver's, by its full identifiers.
#[derive(Clone, Debug)]
struct Thing {
    network: String,
    endpoint: Option<String>,
}

/// Removes all of what is named, or nothing if one of it is not to be removed.
pub(super) async fn run(arguments: &Remove, client: &Client, names: &Names) -> Result<Vec<Removed>, Failure> {
    let mut things = Vec::new();
    for subject in &arguments.subjects {
        let known = Subject::find(subject, names).await?.explain(client).await?;
        let thing = Thing { network: known.network, endpoint: known.endpoint };
        match names.held(&thing.network).await {
            Ok(held) => thing.is_forgotten(held.as_ref())?,
            Err(_) if arguments.force => {}
            Err(error) => return Err(cannot_ask(&thing, &error)),
        }
        things.push(thing);
    }
    let mut removed = Vec::new();
    for Thing { network, endpoint } in things {
        let endpoint = endpoint.as_deref().map(selector).transpose()?;
        removed.push(client.remove(selector(&network)?, endpoint).await?);
    }
    Ok(removed)
}

impl Thing {
    /// An error if Docker has it.
    fn is_forgotten(&self, held: Option<&Held>) -> Result<(), Failure> {
        let Some(Held { name, endpoints }) = held else { return Ok(()) };
        let refusal = match &self.endpoint {
            None => format!("Docker still has network {name}: docker network rm {name} removes it"),
            Some(endpoint) => match endpoints.get(endpoint) {
                None => return Ok(()),
                Some(container) => format!(
                    "Docker still has endpoint {} of network {name}: docker network disconnect {name} {container} removes it",
                    short(endpoint)
                ),
            },
        };
        Err(Failure::say(REFUSED, refusal))
    }
}

fn cannot_ask(thing: &Thing, error: &str) -> Failure {
    let network = short(&thing.network);
    let message = format!(
        "whether Docker still has network {network} is not known: {error}; if it has not, --force removes it unasked"
    );
    Failure::say(UNAVAILABLE, message)
}

/// The driver's own identifiers can be asked for.
fn selector(id: &str) -> Result<Selector, Failure> {
    id.parse().map_err(|error: BadSelector| Failure::new(INTERNAL, error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_docker_has_is_dockers_to_remove() {
        let web = Held {
            name: "web".into(),
            endpoints: BTreeMap::from([("2f2497db76a577c0".to_owned(), "left".to_owned())]),
        };
        let thing = |endpoint: Option<&str>| Thing { network: "b508".into(), endpoint: endpoint.map(str::to_owned) };
        let refused = |thing: Thing| thing.is_forgotten(Some(&web)).unwrap_err().to_string();
        assert_eq!(refused(thing(None)), "Docker still has network web: docker network rm web removes it");
        let said = refused(thing(Some("2f2497db76a577c0")));
        assert!(
            said.contains("endpoint 2f2497db76a5") && said.contains("docker network disconnect web left"),
            "{said}"
        );
        assert!(thing(Some("77c0")).is_forgotten(Some(&web)).is_ok());
        assert!(thing(None).is_forgotten(None).is_ok());
    }
}
