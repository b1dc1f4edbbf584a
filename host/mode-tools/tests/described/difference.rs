//! Differences.

use mode_tools::Difference;
use plan::Capability;
use policy::{Checked, Limits, Origin};

use crate::module::{LAB, bytes, edited, granted, module};

fn of(manifest: &str) -> Difference {
    Difference::between(&module(LAB), &module(manifest))
}

/// What the new manifest refuses, where one place is changed.
fn refused(from: &str, to: &str) -> Vec<String> {
    let refused = of(&edited(from, to)).upgrade.refused;
    refused.iter().map(|one| format!("{} of {}: {}", one.names.join(", "), one.of, one.reason)).collect()
}

/// What changed in the option of a key, where one place is changed.
fn changed(key: &str, from: &str, to: &str) -> Vec<String> {
    let options = of(&edited(from, to)).options;
    let option = options.changed.into_iter().find(|option| option.key == key).unwrap();
    assert!(options.added.is_empty() && options.removed.is_empty());
    let aliases = option.aliases;
    let added = aliases.added.iter().map(|alias| format!("+ {alias}"));
    let moved = added.chain(aliases.removed.iter().map(|alias| format!("- {alias}")));
    option.changes.iter().map(ToString::to_string).chain(moved).collect()
}

#[test]
fn one_file_is_the_same() {
    let same = of(LAB);
    assert!(same.same && !same.is_code_alone() && same.options.changed.is_empty());
    assert_eq!(same.upgrade, Default::default(), "nothing has to be granted again");
}

#[test]
fn permissions_are_compared() {
    let more = edited("[\"bridge\", \"uplink\"]", "[\"uplink\", \"nat\"]")
        .replace("facts = [\"uplink.mtu\"]", "facts = [\"host.mtu\"]")
        .replace("\"optional\"", "\"required\"")
        .replace("[\"no-uplink\"]", "[\"no-port\"]");
    let difference = of(&more);
    let permissions = &difference.permissions;
    assert_eq!(
        (&*permissions.capabilities.added, &*permissions.capabilities.removed),
        (&["nat".to_owned()][..], &["bridge".to_owned()][..])
    );
    assert_eq!(
        (&*permissions.facts.added, &*permissions.facts.removed),
        (&["host.mtu".to_owned()][..], &["uplink.mtu".to_owned()][..])
    );
    assert_eq!(permissions.gateway.as_ref().unwrap().to_string(), "gateway: optional -> required");
    assert_eq!(difference.refusals.added, ["no-port"]);
    assert!(!difference.is_code_alone());
}

#[test]
fn another_file_needs_another_grant_unless_it_asks_for_nothing() {
    let newer = edited("1.0.0", "1.0.1");
    let upgrade = of(&newer).upgrade;
    assert_eq!(upgrade.grants, [Capability::Bridge, Capability::Uplink]);
    let grant = upgrade.grant.unwrap();
    assert!(
        grant.contains(policy::digest(&bytes(&newer)).as_str()) && grant.contains("\"bridge\", \"uplink\""),
        "{grant}"
    );
    let modest = of(&edited("[\"bridge\", \"uplink\"]", "[]")).upgrade;
    assert_eq!((modest.grants, modest.grant), (Vec::new(), None));
    let granted = Difference::between(&module(LAB), &granted(&newer, &["uplink=eth1", "bridge"])).upgrade;
    assert_eq!((granted.grants, granted.grant), (Vec::new(), None), "an operator was quicker");
    let limits = Limits::default();
    let built_in = Checked::new("lab", Origin::BuiltIn, bytes(&newer).into(), &limits).unwrap();
    assert_eq!(Difference::between(&module(LAB), &built_in).upgrade.grant, None, "what is built in is trusted");
}

#[test]
fn what_changed_in_an_option_is_named() {
    assert_eq!(changed("mtu", "maximum = 9000", "maximum = 1500"), ["values: 68 to 9000 -> 68 to 1500"]);
    assert_eq!(changed("mtu", "default = 1500", "default = 1400"), ["default: 1500 -> 1400"]);
    assert_eq!(
        changed("mtu", "default = 1500", "required = true"),
        ["default: 1500 -> none", "required: false -> true"]
    );
    assert_eq!(changed("mtu", "MTU of every link", "MTU"), ["help: MTU of every link -> MTU"]);
    assert_eq!(changed("vlan", "scope = \"both\"", "scope = \"endpoint\""), ["scope: both -> endpoint"]);
    assert_eq!(
        changed("datapath", "choices = [\"auto\", \"system\", \"netdev\"]\n", ""),
        ["values: auto, system, netdev -> text"]
    );
    assert_eq!(
        changed("datapath", "false = \"auto\"", "false = \"system\""),
        [
            "+ ovs.bridge.userspace (false is system, true is netdev)",
            "- ovs.bridge.userspace (false is auto, true is netdev)"
        ]
    );
    let renamed = of(&edited("key = \"vlan\"", "key = \"tag\""));
    assert_eq!((&*renamed.options.added[0].key, &*renamed.options.removed[0].key), ("tag", "vlan"));
}

#[test]
fn what_networks_have_today_and_the_new_one_refuses_is_named() {
    assert_eq!(
        refused("key = \"vlan\"", "key = \"tag\""),
        ["vlan of networks: it is gone", "vlan of endpoints: it is gone"]
    );
    assert_eq!(refused("key = \"vlan\"", "key = \"tag\"\naliases = [\"vlan\"]"), [""; 0], "another name is kept");
    assert_eq!(refused("scope = \"both\"", "scope = \"network\""), ["vlan of endpoints: it is for networks alone"]);
    assert_eq!(
        refused("maximum = 9000", "maximum = 1500"),
        ["mtu, com.docker.network.driver.mtu, ovs.bridge.mtu of networks: where it is above 1500"]
    );
    assert_eq!(refused(", \"ovs.bridge.mtu\"", ""), ["ovs.bridge.mtu of networks: it is gone"]);
    assert_eq!(
        refused("default = 1500", "required = true"),
        ["mtu of networks: where it is not given: it is required"]
    );
    assert_eq!(
        refused("[\"auto\", \"system\", \"netdev\"]", "[\"auto\", \"netdev\"]"),
        ["datapath of networks: where it is system"]
    );
    assert_eq!(refused(", false = \"auto\"", ""), ["ovs.bridge.userspace of networks: where it is false"]);
    assert_eq!(
        refused("\"ovs.bridge.mtu\"", "{ key = \"ovs.bridge.mtu\", values = { big = \"9000\" } }"),
        ["ovs.bridge.mtu of networks: where it is none of big"]
    );
}

#[test]
fn what_is_widened_refuses_nothing() {
    for (from, to) in [
        ("maximum = 9000", "maximum = 65535"),
        ("type = \"integer\"\nminimum = 68\nmaximum = 9000\ndefault = 1500", "type = \"text\""),
        ("\"netdev\"]", "\"netdev\", \"other\"]"),
        ("scope = \"both\"", "scope = \"both\"\ndefault = 7"),
        // A key of Docker's that nobody knows is never refused.
        ("\"com.docker.network.driver.mtu\", ", ""),
    ] {
        assert_eq!(refused(from, to), [""; 0], "{from} -> {to}");
    }
}

#[test]
fn where_the_manifests_are_alike_only_the_code_differs() {
    let mut code = bytes(LAB);
    let padding = [0, 5, 4, b'n', b'o', b't', b'e'];
    code.extend(padding);
    let newer = Checked::new("lab", Origin::Site, code.into(), &Limits::default()).unwrap();
    let difference = Difference::between(&module(LAB), &newer);
    assert!(difference.is_code_alone() && !difference.same);
    assert_eq!(difference.amounts.len(), 1, "it is a few bytes longer: {:?}", difference.amounts);
}
