//! A network is moved to another module whole, with the containers on it, or stays what it was.
//!
//! The versions of a module are mode nat with other manifests: what a user did not say, they take for something else.

mod done;
mod narrowed;
mod refused;
mod said;
mod taken_back;

use std::collections::BTreeMap;

use admin::report::Upgrade;
use admin::{Failure, Operations, Upgrading};
use component::{MANIFEST_SECTION, manifest_section, with_manifest};
use libtest_mimic::Trial;
use plan::{Action, AdmittedStep};
use policy::BuiltIn;

use crate::house::{ENDPOINT, House, NETWORK};

pub(crate) fn all() -> Vec<Trial> {
    [done::all(), refused::all(), taken_back::all(), narrowed::all(), said::all()].into_iter().flatten().collect()
}

pub(crate) const ISOLATED: (&str, &str) =
    ("key = \"icc\"\ntype = \"boolean\"\ndefault = true", "key = \"icc\"\ntype = \"boolean\"\ndefault = false");
pub(crate) const ROUTED: (&str, &str) = ("default = \"nat\"", "default = \"routed\"");
pub(super) const SMALL: (&str, &str) = ("default = 1500", "default = 1400");
pub(super) const NETDEV: (&str, &str) = ("default = \"auto\"", "default = \"netdev\"");

/// Mode nat under another name, with lines of its manifest replaced.
pub(crate) fn lab(version: &str, replaced: &[(&str, &str)]) -> BuiltIn {
    lab_of("nat", version, replaced)
}

/// The same of another mode.
pub(crate) fn lab_of(mode: &str, version: &str, replaced: &[(&str, &str)]) -> BuiltIn {
    let (_, module) = builtin_modes::builtin().into_iter().find(|(name, _)| *name == mode).unwrap();
    let mut manifest = String::from_utf8(manifest_section(module).unwrap().to_vec()).unwrap();
    for (old, new) in [("version = \"0.1.0\"", format!("version = \"{version}\"").as_str())].iter().chain(replaced) {
        assert!(manifest.contains(old), "{old} is not in the manifest");
        manifest = manifest.replacen(old, new, 1);
    }
    BuiltIn { name: "lab", wasm: with_manifest(without_manifest(module), manifest.as_bytes()).unwrap().leak() }
}

/// A module of ours up to its manifest, which is its last section: a byte, its length, its name with that one's length,
/// and the text.
fn without_manifest(module: &[u8]) -> &[u8] {
    let text = manifest_section(module).unwrap();
    assert!(module.ends_with(text), "the manifest comes last");
    let section = 1 + MANIFEST_SECTION.len() + text.len();
    let length = (usize::BITS - section.leading_zeros()).div_ceil(7) as usize;
    &module[..module.len() - section - length - 1]
}

fn first() -> BuiltIn {
    lab("0.1.0", &[])
}

/// A network of the first version with these options, and a container on it.
pub(super) async fn joined(options: &[(&str, &str)]) -> House {
    let house = created(options).await;
    house.endpoint(ENDPOINT, "10.9.0.2/24").await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house
}

pub(super) async fn created(options: &[(&str, &str)]) -> House {
    let house = House::with(&[first()]).await;
    house.create(&[&[("mode", "lab")], options].concat()).await.unwrap();
    house
}

pub(super) async fn ask(house: &House, to: Option<&str>, confirmation: Option<String>) -> Result<Upgrade, Failure> {
    let upgrading = Upgrading { to: to.map(str::to_owned), confirmation };
    house.driver.upgrade(NETWORK.parse().unwrap(), upgrading).await
}

pub(crate) async fn look(house: &House) -> Result<Upgrade, Failure> {
    ask(house, None, None).await
}

/// Looks, and does what was shown.
pub(crate) async fn upgrade(house: &House) -> Result<Upgrade, Failure> {
    let shown = look(house).await?;
    ask(house, None, Some(shown.confirmation)).await
}

/// All that there is.
pub(crate) fn world(house: &House) -> BTreeMap<(String, Option<String>, String), AdmittedStep> {
    house.fake.world().there.clone()
}

pub(super) async fn digest(house: &House) -> String {
    house.inspect().await.summary.mode_digest
}

pub(super) fn isolated(house: &House) -> bool {
    let ports = world(house).into_values().filter_map(|step| match step.action {
        Action::EndpointPort(port) => Some(port.isolated),
        _ => None,
    });
    ports.collect::<Vec<_>>() == [true]
}
