//! A module whose manifest a test writes: a built-in mode's code, another manifest.

use plan::Grants;
use policy::{Checked, Limits, Origin};

/// What most tests describe, or change in one place.
pub(crate) const LAB: &str = r#"
name = "lab"
version = "1.0.0"
summary = "a segment for the lab"
contract = "1.0"
capabilities = ["bridge", "uplink"]
facts = ["uplink.mtu"]
gateway = "optional"
refusals = ["no-uplink"]

[[options]]
key = "mtu"
type = "integer"
minimum = 68
maximum = 9000
default = 1500
help = "MTU of every link"
aliases = ["com.docker.network.driver.mtu", "ovs.bridge.mtu"]

[[options]]
key = "datapath"
type = "text"
choices = ["auto", "system", "netdev"]
default = "auto"
help = "where frames are switched"
aliases = [{ key = "ovs.bridge.userspace", values = { true = "netdev", false = "auto" } }]

[[options]]
key = "vlan"
type = "integer"
minimum = 1
maximum = 4094
scope = "both"
help = "VLAN of the containers"
"#;

/// [`LAB`] with one place changed.
pub(crate) fn edited(from: &str, to: &str) -> String {
    assert!(LAB.contains(from), "\"{from}\" is not in the manifest");
    LAB.replacen(from, to, 1)
}

/// The built-in mode flat with another manifest.
pub(crate) fn bytes(manifest: &str) -> Vec<u8> {
    let section = component::MANIFEST_SECTION.as_bytes();
    let (_, flat) = builtin_modes::builtin()[0];
    let mut module = flat.to_vec();
    // Its own is one section among those that say nothing, once it is called otherwise.
    let name = module.windows(section.len()).rposition(|window| window == section).unwrap();
    module[name..name + section.len()].make_ascii_uppercase();
    component::with_manifest(&module, manifest.as_bytes()).unwrap()
}

/// A site's module `lab` with a manifest, granted nothing.
pub(crate) fn module(manifest: &str) -> Checked {
    Checked::new("lab", Origin::Site, bytes(manifest).into(), &Limits::default()).unwrap()
}

/// The same, granted something.
pub(crate) fn granted(manifest: &str, grants: &[&str]) -> Checked {
    module(manifest).granted(&Grants(grants.iter().map(|grant| grant.parse().unwrap()).collect()))
}
