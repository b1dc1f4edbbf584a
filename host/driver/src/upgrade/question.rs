//! The questions that a network and its endpoints were planned by, for another module: what the user gave is typed again by
//! its manifest, and facts that the network was told stay what they were.

use plan::{Attribute, Attributes, Endpoint, HostFacts, Network};
use plumbing::Dataplane;
use policy::{Loaded, Options, Scope};

use crate::error::Error;
use crate::record::{EndpointRecord, Given, NetworkRecord};
use crate::{Driver, facts};

impl<D: Dataplane> Driver<D> {
    /// The network as a module gets it, Docker's keys that nobody acts on, and the host if it had to be looked at.
    pub(super) async fn ask_again(
        &self,
        record: &NetworkRecord,
        mode: &Loaded,
    ) -> Result<(Network, Vec<String>, Option<HostFacts>), Error> {
        let before = &record.network;
        let Options { attributes: options, ignored } =
            self.type_again(Scope::Network, record.given.as_ref(), &before.options, mode)?;
        let wanted = &mode.manifest().facts;
        // The module that planned for a host without a fact does so again.
        let is_another = *mode.digest() != record.digest;
        let is_new = |key: &&String| facts::is_followed(key) || is_another && before.facts.value(key).is_none();
        let new: Vec<String> = wanted.iter().filter(is_new).cloned().collect();
        let host = match facts::are_the_hosts(&new, &options) {
            true => Some(self.look(&options, self.patience()).await?),
            false => None,
        };
        let found =
            host.as_ref().map(|host| facts::gather(&new, &options, host, &self.config.physical)).unwrap_or_default();
        let stays = before.facts.iter().filter(|fact| !new.contains(&fact.key));
        let known: Vec<Attribute> = stays.cloned().chain(found).collect();
        let facts = facts::told(wanted, &known);
        let ignored = ignored.into_iter().map(|ignored| ignored.key).collect();
        Ok((Network { options, facts, ..before.clone() }, ignored, host))
    }

    /// The endpoint as a module gets it, in a network as it gets that.
    pub(super) fn ask_endpoint_again(
        &self,
        record: &EndpointRecord,
        network: &Network,
        mode: &Loaded,
    ) -> Result<Endpoint, Error> {
        let before = &record.endpoint;
        let typed = self.type_again(Scope::Endpoint, record.given.as_ref(), &before.options, mode)?;
        let facts = facts::told(&mode.manifest().facts, &network.facts);
        Ok(Endpoint { options: typed.attributes, facts, ..before.clone() })
    }

    /// An option that the module does not have is refused by name, as it is when a network is created.
    fn type_again(
        &self,
        scope: Scope,
        given: Option<&Given>,
        typed: &[Attribute],
        mode: &Loaded,
    ) -> Result<Options, Error> {
        let owner = |key: &str, scope| self.catalog.owner_of(key, scope, mode.name());
        let given = given.cloned().unwrap_or_else(|| as_text(typed));
        Ok(mode.options(scope, &given, &owner)?)
    }
}

/// Where nobody wrote down what was given, all that the old module got counts as given, defaults too: what is so stays so.
fn as_text(typed: &[Attribute]) -> Given {
    typed.iter().map(|option| (option.key.clone(), option.value.to_string())).collect()
}
