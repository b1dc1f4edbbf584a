//! What users write, and what they are told.

use std::collections::BTreeMap;

use plan::{Attribute, Attributes, Value};

use super::*;

const MANIFEST: &str = r#"
name = "flat"
version = "1.2.3"
summary = "for tests"
contract = "1.0"
capabilities = ["bridge", "vlan"]
facts = ["host.mtu"]
gateway = "optional"
[[options]]
key = "mtu"
type = "integer"
minimum = 68
maximum = 65535
default = 1500
help = "bytes"
aliases = ["com.docker.network.driver.mtu", "ovs.bridge.mtu"]
[[options]]
key = "datapath"
type = "text"
choices = ["auto", "system", "netdev"]
default = "auto"
help = "how frames are switched"
aliases = [{ key = "ovs.bridge.userspace", values = { true = "netdev", false = "auto" } }]
[[options]]
key = "uplink"
type = "text"
required = true
help = "host interface"
[[options]]
key = "vlan"
type = "integer"
minimum = 1
maximum = 4094
scope = "both"
default = 7
help = "access VLAN"
[[options]]
key = "ifname"
type = "text"
scope = "endpoint"
default = "eth"
help = "name in the container"
[[options]]
key = "token"
type = "mac"
help = "a token"
[[options]]
key = "password"
type = "text"
secret = true
help = "what opens the door"
aliases = ["com.example.password"]
[[options]]
key = "peers"
type = "texts"
help = "other hosts"
"#;

fn options(scope: Scope, given: &[(&str, &str)]) -> Result<Options, OptionError> {
    let manifest = Manifest::parse(MANIFEST.as_bytes()).unwrap();
    let raw: BTreeMap<_, _> = given.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    let nats = ["masquerade", "com.docker.network.bridge.enable_ip_masquerade", "com.docker.network.enable_ipv6"];
    manifest.options(scope, &raw, &|key, asked| {
        assert_eq!(asked, scope);
        match key {
            "trunks" => Some(Owner(vec!["flat".to_owned(), "vlan".to_owned()])),
            key => nats.contains(&key).then(|| Owner(vec!["nat".to_owned()])),
        }
    })
}

fn network(given: &[(&str, &str)]) -> Result<Options, OptionError> {
    options(Scope::Network, &[&[("uplink", "eth1")], given].concat())
}

fn complaint(given: &[(&str, &str)]) -> String {
    network(given).unwrap_err().to_string()
}

#[test]
fn values_are_typed_and_defaults_filled_in_the_manifests_order() {
    let attributes = network(&[("peers", "10.0.0.1, 10.0.0.2"), ("mode", "flat")]).unwrap().attributes;
    let wanted = [
        Attribute::new("mtu", Value::Integer(1500)),
        Attribute::new("datapath", Value::Text("auto".into())),
        Attribute::new("uplink", Value::Text("eth1".into())),
        Attribute::new("vlan", Value::Integer(7)),
        Attribute::new("peers", Value::Texts(vec!["10.0.0.1".into(), "10.0.0.2".into()])),
    ];
    assert_eq!(attributes, wanted);
}

#[test]
fn an_endpoint_gets_its_own_defaults_only() {
    let attributes = options(Scope::Endpoint, &[]).unwrap().attributes;
    assert_eq!(attributes, [Attribute::new("ifname", Value::Text("eth".into()))]);
    let attributes = options(Scope::Endpoint, &[("vlan", "9")]).unwrap().attributes;
    assert_eq!(attributes.value("vlan"), Some(&Value::Integer(9)));
}

#[test]
fn aliases_are_resolved_and_may_translate() {
    let attributes = network(&[("com.docker.network.driver.mtu", "9000"), ("ovs.bridge.userspace", "TRUE")]).unwrap();
    assert_eq!(attributes.attributes.value("mtu"), Some(&Value::Integer(9000)));
    assert_eq!(attributes.attributes.text("datapath"), Some("netdev"));
    assert_eq!(
        complaint(&[("ovs.bridge.userspace", "perhaps")]),
        "option ovs.bridge.userspace (datapath): \"perhaps\" cannot be: false or true is wanted (how frames are switched)"
    );
}

#[test]
fn two_names_may_agree_but_not_differ() {
    assert!(network(&[("mtu", "1400"), ("ovs.bridge.mtu", "1400")]).is_ok());
    assert_eq!(
        complaint(&[("mtu", "1400"), ("ovs.bridge.mtu", "1300")]),
        "options mtu and ovs.bridge.mtu are the same and say different things: give one of them"
    );
}

#[test]
fn an_unknown_key_is_refused_with_what_would_be_right() {
    assert_eq!(complaint(&[("mtuu", "1")]), "mode flat has no option mtuu: did you mean mtu?");
    assert_eq!(
        complaint(&[("typo", "1")]),
        "mode flat has no option typo: it has mtu, datapath, uplink, vlan, token, password, peers"
    );
    assert_eq!(complaint(&[("modee", "nat")]), "mode flat has no option modee: did you mean mode?");
    assert_eq!(complaint(&[("\u{1b}[2J", "1")]).find('\u{1b}'), None);
}

#[test]
fn a_wrong_value_is_refused_with_what_would_be_right() {
    assert_eq!(
        complaint(&[("mtu", "abc")]),
        "option mtu: \"abc\" cannot be: a whole number from 68 to 65535 is wanted (bytes)"
    );
    assert_eq!(
        complaint(&[("datapath", "fast")]),
        "option datapath: \"fast\" cannot be: auto, system or netdev is wanted (how frames are switched)"
    );
    let peers = complaint(&[("peers", "a,,b")]);
    assert_eq!(peers, "option peers: \"a,,b\" cannot be: 1 to 64 texts with commas between are wanted (other hosts)");
    assert_eq!(complaint(&[("uplink", "e\nth")]).find('\n'), None);
}

#[test]
fn a_wrong_value_of_a_secret_is_not_shown() {
    assert_eq!(
        network(&[("com.example.password", "swordfish")]).unwrap().attributes.text("password"),
        Some("swordfish")
    );
    for (wrong, why) in [("sword", "short"), ("sword\nfish", "two lines")] {
        let said = complaint(&[("com.example.password", wrong)]);
        assert_eq!(
            said,
            "option com.example.password (password): what was given, which is secret, cannot be: a text of 8 to 1024 bytes \
             without control characters is wanted (what opens the door)",
            "{why}"
        );
    }
    let twice = complaint(&[("password", "swordfish"), ("com.example.password", "swordfist")]);
    assert!(twice.contains("say different things") && !twice.contains("swordfi"), "{twice}");
}

#[test]
fn a_key_in_the_wrong_place_or_missing_is_said() {
    let ifname = complaint(&[("ifname", "x")]);
    assert!(ifname.starts_with("option ifname is an endpoint's: give it on docker network connect"), "{ifname}");
    let mtu = options(Scope::Endpoint, &[("mtu", "1400")]).unwrap_err().to_string();
    assert_eq!(mtu, "option mtu is the network's: give it on docker network create --opt");
    let missing = options(Scope::Network, &[]).unwrap_err().to_string();
    assert_eq!(missing, "mode flat needs option uplink (host interface)");
}

#[test]
fn an_option_of_another_mode_is_refused_with_that_mode_and_how_to_get_it() {
    let here = "belongs to mode nat: create the network with --opt mode=nat";
    assert_eq!(complaint(&[("masquerade", "true")]), format!("option masquerade {here}"));
    let dockers = "com.docker.network.bridge.enable_ip_masquerade";
    assert_eq!(complaint(&[(dockers, "false")]), format!("option {dockers} {here}"));
    let of_endpoint = |key| options(Scope::Endpoint, &[(key, "7")]).unwrap_err().to_string();
    assert_eq!(
        of_endpoint("masquerade"),
        "option masquerade belongs to mode nat, and this network is of another: connect the container to one that was \
         created with --opt mode=nat"
    );
    assert_eq!(
        complaint(&[("trunks", "7")]),
        "option trunks belongs to modes flat and vlan: create the network with --opt mode=flat or --opt mode=vlan"
    );
}

#[test]
fn dockers_own_keys_are_never_refused_and_what_nobody_acts_on_is_said() {
    let heeded = [
        "com.docker.network.enable_ipv4",
        "com.docker.network.enable_ipv6",
        "com.docker.network.container_iface_prefix",
    ];
    assert_eq!(network(&heeded.map(|key| (key, "true"))).unwrap().ignored, []);
    let said =
        |key| -> Vec<String> { network(&[(key, "x")]).unwrap().ignored.iter().map(ToString::to_string).collect() };
    assert_eq!(
        said("com.docker.network.new.thing"),
        ["option com.docker.network.new.thing is ignored: it means nothing to mode flat"]
    );
    assert_eq!(
        said("com.docker.network.driver.mtuu"),
        ["option com.docker.network.driver.mtuu is ignored: it means nothing to mode flat, did you mean \
          com.docker.network.driver.mtu?"]
    );
    assert_eq!(said("com.docker.network.\u{1b}[2J")[0].find('\u{1b}'), None);
}

#[test]
fn the_mode_is_found_under_every_name() {
    let of = |given: &[(&str, &str)]| {
        mode_of(&given.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect())
    };
    assert_eq!(of(&[]).unwrap(), None);
    assert_eq!(of(&[("mode", "flat")]).unwrap().as_deref(), Some("flat"));
    assert_eq!(of(&[("net.gopher.ovs.bridge.mode", "nat")]).unwrap().as_deref(), Some("nat"));
    assert_eq!(of(&[("ovs.bridge.mode", "nat"), ("mode", "nat")]).unwrap().as_deref(), Some("nat"));
    let error = of(&[("ovs.bridge.mode", "nat"), ("mode", "flat")]).unwrap_err().to_string();
    assert_eq!(error, "options mode and ovs.bridge.mode are the same and say different things: give one of them");
}

#[test]
fn a_manifest_that_cannot_be_is_refused() {
    let parse =
        |from: &str, to: &str| Manifest::parse(MANIFEST.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
    assert!(parse("summary", "sumary").contains("unknown field `sumary`"));
    assert_eq!(
        parse("contract = \"1.0\"", "contract = \"2.0\""),
        "it is for contract 2.0, this driver speaks 0.1 and 1.0: build it with the guest-modes of this driver"
    );
    assert!(parse("\"vlan\"]", "\"root\"]").starts_with("capability root: this driver has bridge, uplink"));
    assert!(parse("default = 1500", "default = 10").starts_with("option mtu: its default: a whole number from 68"));
    assert!(parse("key = \"datapath\"", "key = \"mtu\"").contains("another option's name"));
    assert!(parse("key = \"datapath\"", "key = \"mode\"").contains("the driver's own"));
    assert!(parse("minimum = 68", "minimum = 70000").contains("above its maximum"));
    assert!(parse("required = true", "required = true\ndefault = \"x\"").contains("one of the two"));
    assert_eq!(
        parse("help = \"a token\"", "help = \"a token\"\nsecret = true"),
        "option token: secret is for texts without choices: what can be guessed is none"
    );
    for public in ["default = \"swordfish\"", "aliases = [{ key = \"door\", values = { open = \"swordfish\" } }]"] {
        let wrong = parse("aliases = [\"com.example.password\"]", public);
        assert!(wrong.contains("everybody can read in the module"), "{wrong}");
    }
    for codes in ["[\"No-Pool\"]", "[\"\"]", "[\"no-pool\", \"no-pool\"]"] {
        let wrong = parse("contract = \"1.0\"", &format!("contract = \"1.0\"\nrefusals = {codes}"));
        assert!(wrong.starts_with("refusals \"") && wrong.contains("each is there once"), "{wrong}");
    }
    assert!(parse("name = \"flat\"", "name = \"\\u001bflat\"").starts_with("name \"\\u{1b}flat\""));
    assert!(Manifest::parse(&[b'#'; 70_000]).is_err());
    assert!(Manifest::parse(b"\xff").is_err());
}
