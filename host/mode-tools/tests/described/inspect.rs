//! Inspections.

use mode_tools::Inspection;
use policy::{Checked, Limits, Origin};

use crate::module::{LAB, bytes, edited, granted, module};

fn inspect(module: &Checked) -> Inspection {
    Inspection::of(module, &Limits::default())
}

#[test]
fn all_that_a_manifest_says_is_there() {
    let lab = inspect(&module(LAB));
    assert_eq!((&*lab.name, &*lab.version, &*lab.summary), ("lab", "1.0.0", "a segment for the lab"));
    assert_eq!((&*lab.contract, lab.gateway, lab.component), ("1.0", "optional", true));
    assert_eq!((&lab.facts[..], &lab.refusals[..]), (&["uplink.mtu".to_owned()][..], &["no-uplink".to_owned()][..]));
    assert_eq!(lab.digest, policy::digest(&bytes(LAB)).to_string());
    assert_eq!(lab.imports, ["ovs:mode/log@1.0.0", "ovs:mode/types@1.0.0"]);
    assert_eq!(lab.exports, ["ovs:mode/policy@1.0.0"]);
    let [mtu, datapath, vlan] = &lab.options[..] else { panic!("{:?}", lab.options) };
    assert_eq!((&*mtu.key, mtu.kind, &*mtu.values, mtu.scope), ("mtu", "integer", "68 to 9000", "network"));
    assert_eq!((mtu.minimum, mtu.maximum, mtu.default.as_deref()), (Some(68), Some(9000), Some("1500")));
    assert_eq!(mtu.aliases[0].to_string(), "com.docker.network.driver.mtu");
    assert_eq!(datapath.choices, ["auto", "system", "netdev"]);
    assert_eq!(datapath.aliases[0].to_string(), "ovs.bridge.userspace (false is auto, true is netdev)");
    assert_eq!((vlan.scope, &vlan.default), ("both", &None));
}

#[test]
fn what_is_granted_stands_beside_what_is_asked_for() {
    let words = |module: &Checked| -> Vec<String> {
        let inspection = inspect(module);
        inspection.capabilities.iter().map(|it| format!("{}: {}", it.capability, it.granted.join(" "))).collect()
    };
    assert_eq!(words(&module(LAB)), ["bridge: ", "uplink: "]);
    let narrowed = granted(LAB, &["uplink=eth1", "uplink=eth2", "nat"]);
    assert_eq!(words(&narrowed), ["bridge: ", "uplink: uplink=eth1 uplink=eth2"], "nat is not asked for");
    let grant = inspect(&narrowed).grant.unwrap();
    let digest = narrowed.digest();
    assert_eq!(grant, format!("[grants.lab]\ndigest = \"{digest}\"\nallow = [\"bridge\", \"uplink\"]\n"));
    assert_eq!(inspect(&granted(LAB, &["uplink=eth1", "bridge"])).grant, None, "it has something of each");
}

#[test]
fn amounts_are_those_that_the_driver_compares() {
    let lab = inspect(&module(LAB));
    let amount = |what: &str| lab.amounts.iter().find(|amount| amount.what == what).unwrap();
    assert_eq!(
        (amount("file").is, amount("file").limit),
        (bytes(LAB).len() as u64, Limits::default().module_size as u64)
    );
    assert_eq!(amount("functions").limit, 50_000);
    assert!((10..5_000).contains(&amount("functions").is), "{:?}", amount("functions"));
    let memory = amount("memories at start").is;
    assert!(memory > 0 && memory % (64 << 10) == 0 && memory <= 16 << 20, "{memory} bytes");
    // One function less is allowed than it has: it is refused by the same count.
    let limits = Limits { functions: u32::try_from(amount("functions").is).unwrap() - 1, ..Limits::default() };
    let refused = Checked::new("lab", Origin::Site, bytes(LAB).into(), &limits).unwrap_err().to_string();
    let counted = format!("it has {} functions: at most {} are taken", limits.functions + 1, limits.functions);
    assert!(refused.starts_with(&counted), "{refused}");
}

#[test]
fn what_a_stranger_says_steers_no_terminal() {
    let steering = "\\u001b]0;owned\\u0007\\u202e";
    let manifest = edited("a segment for the lab", steering)
        .replace("1.0.0", steering)
        .replace("MTU of every link", steering)
        .replace("{ true = \"netdev\"", &format!("{{ \"{steering}\" = \"netdev\""))
        .replace("\"auto\", \"system\"", &format!("\"auto\", \"{}\"", "x\\u202e"));
    let lab = inspect(&module(&manifest));
    let shown = format!("{lab:?}");
    assert!(shown.contains("owned") && shown.contains("u{202e}"), "{shown}");
    let words = [&lab.summary, &lab.version, &lab.options[0].help, &lab.options[1].values];
    let aliases = lab.options[1].aliases[0].to_string();
    for text in words.into_iter().chain([&aliases, &lab.options[1].choices[1]]) {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}

/// The names of a core module's functions are told by interface, and what only passes values about is left out.
#[test]
fn a_core_module_is_told_as_what_will_be_made_of_it() {
    let bytes = include_bytes!("../corpus/0.1.0/nat-rust-core/nat.wasm");
    let nat = Checked::new("nat", Origin::Site, bytes[..].into(), &Limits::default()).unwrap();
    let nat = inspect(&nat);
    assert!(!nat.component);
    assert_eq!(
        (nat.imports, nat.exports),
        (vec!["ovs:mode/log@0.1.0".to_owned()], vec!["ovs:mode/policy@0.1.0".to_owned()])
    );
}
