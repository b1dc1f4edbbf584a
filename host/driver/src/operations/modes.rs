//! The modes, in the words of the operators' socket.

use std::collections::BTreeMap;
use std::sync::Arc;

use admin::report::{Mode, ModeOrigin, ModeUser, Modes};
use plan::ModeDigest;
use plumbing::Dataplane;
use policy::{Known, Module, Origin};

use crate::Driver;
use crate::record::NetworkRecord;

/// The networks of each module.
type Users = BTreeMap<ModeDigest, Vec<Arc<NetworkRecord>>>;

impl<D: Dataplane> Driver<D> {
    /// Everything there is to tell of the modes.
    pub(super) async fn describe_modes(&self) -> Modes {
        let mut users = Users::new();
        for record in self.state.networks() {
            users.entry(record.digest.clone()).or_default().push(record);
        }
        let mut modes: Vec<_> = self.catalog.overview().await.into_iter().map(|known| named(known, &users)).collect();
        for (digest, records) in &users {
            if !modes.iter().any(|mode| mode.digest == **digest) {
                let module = self.catalog.module(digest);
                modes.extend(by_name(records).into_iter().map(|(name, of)| kept(name, digest, &of, module.clone())));
            }
        }
        Modes { modes, notices: self.catalog.notices().into_iter().map(|notice| notice.0).collect() }
    }
}

/// A mode that a name leads to, as far as it is known without a driver: the networks that use it are not.
#[must_use]
pub fn mode_report(known: Known) -> Mode {
    let Known { name, module, error } = known;
    let Some(module) = module else { return Mode { name, error, origin: ModeOrigin::File, ..Mode::default() } };
    let origin = match module.origin {
        Origin::BuiltIn => ModeOrigin::BuiltIn,
        Origin::Site => ModeOrigin::File,
    };
    Mode { name, origin, error, ..described(module, &[]) }
}

/// The same with its networks.
fn named(known: Known, users: &Users) -> Mode {
    let using = known.module.as_ref().and_then(|module| users.get(&module.digest));
    let using = using.map(Vec::as_slice).unwrap_or_default();
    Mode { networks: using.len() as u64, users: list(using), ..mode_report(known) }
}

/// Networks by what they call the module that they have: one file may have had several names.
fn by_name(records: &[Arc<NetworkRecord>]) -> BTreeMap<&str, Vec<Arc<NetworkRecord>>> {
    let mut names = BTreeMap::<&str, Vec<_>>::new();
    records.iter().for_each(|record| names.entry(&record.mode).or_default().push(Arc::clone(record)));
    names
}

/// A module that only networks use, under one of the names that they have for it.
fn kept(name: &str, digest: &ModeDigest, records: &[Arc<NetworkRecord>], module: Option<Module>) -> Mode {
    let name = name.to_owned();
    let digest = digest.to_string();
    match module {
        Some(module) => Mode { name, digest, origin: ModeOrigin::Store, ..described(module, records) },
        None => Mode {
            name,
            digest,
            origin: ModeOrigin::Store,
            networks: records.len() as u64,
            users: list(records),
            error: Some("its module is not in the store: no new containers on its networks".to_owned()),
            ..Mode::default()
        },
    }
}

fn described(module: Module, using: &[Arc<NetworkRecord>]) -> Mode {
    Mode {
        version: module.version,
        summary: module.summary,
        digest: module.digest.to_string(),
        asked: module.asked.iter().map(ToString::to_string).collect(),
        granted: module.granted.0.iter().map(ToString::to_string).collect(),
        networks: using.len() as u64,
        users: list(using),
        ..Mode::default()
    }
}

fn list(records: &[Arc<NetworkRecord>]) -> Vec<ModeUser> {
    let mut ids: Vec<_> = records.iter().map(|record| record.network.id.to_string()).collect();
    ids.sort_unstable();
    ids.into_iter().map(|id| ModeUser { id, name: None }).collect()
}
