//! The contract keeps what its archived versions promised; and each kind of change that would break modules is named, with
//! what to do instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use mode_tools::contract::Comparison;

fn wit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

fn present() -> String {
    fs::read_to_string(wit().join("mode.wit")).unwrap()
}

/// The contract with one place changed.
fn edited(from: &str, to: &str) -> String {
    let text = present();
    assert!(text.contains(from), "\"{from}\" is not in wit/mode.wit: this test is about another text");
    text.replacen(from, to, 1)
}

/// What is named where one place is changed.
fn breaks(from: &str, to: &str) -> Vec<String> {
    named(&present(), &edited(from, to))
}

fn named(archived: &str, now: &str) -> Vec<String> {
    let comparison = Comparison::of(archived, now).unwrap();
    comparison.breaks.iter().map(|one| format!("{}: {}", one.at, one.what)).collect()
}

#[track_caller]
fn breaks_once(from: &str, to: &str, expected: &str) {
    assert_eq!(breaks(from, to), [expected], "{from} -> {to}");
}

#[test]
fn the_contract_keeps_what_its_archived_versions_promised() {
    let mut versions: Vec<_> = fs::read_dir(wit().join("archive"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    versions.sort();
    assert!(!versions.is_empty(), "wit/archive has no version");
    for version in versions {
        let archived = fs::read_to_string(version.join("mode.wit")).unwrap();
        let comparison = Comparison::of(&archived, &present()).unwrap();
        let name = version.file_name().unwrap().to_str().unwrap();
        assert_eq!(comparison.archived, format!("ovs:mode@{name}"), "a version lies under its own number");
        assert!(comparison.keeps_its_promise(), "\n{comparison}\nor it is a new version: wit/archive/README.md\n");
    }
}

#[test]
fn records_are_never_edited() {
    breaks_once("code: string,", "code: string, more: string,", "types.refusal: field more is new");
    breaks_once("internal: bool,", "", "types.network: field internal is gone");
    breaks_once("prefix-length: u8,", "prefix-length: u16,", "types.ip-net: field prefix-length is u16, and was u8");
    breaks_once("why: option<string>,", "why: string,", "types.step: field why is string, and was option<string>");
    breaks_once(
        "key: string,\n        value: value,",
        "value: value,\n        key: string,",
        "types.attribute: the order is value, key, and was key, value",
    );
}

#[test]
fn variants_and_enums_are_never_edited() {
    breaks_once("custom(custom),", "custom(custom), mirror(bridge),", "types.action: case mirror is new");
    breaks_once("        forward(forward),\n", "", "types.action: case forward is gone");
    breaks_once(
        "texts(list<string>),",
        "texts(list<u8>),",
        "types.value: case texts is list<u8>, and was list<string>",
    );
    breaks_once("boolean(bool),", "boolean,", "types.value: case boolean is without a value, and was bool");
    breaks_once("{ tcp, udp, sctp }", "{ tcp, udp, sctp, dccp }", "types.protocol: member dccp is new");
    breaks_once("{ tcp, udp, sctp }", "{ tcp, udp }", "types.protocol: member sctp is gone");
    breaks_once(
        "{ tcp, udp, sctp }",
        "{ udp, tcp, sctp }",
        "types.protocol: the order is udp, tcp, sctp, and was tcp, udp, sctp",
    );
}

#[test]
fn types_stay_what_they_are() {
    breaks_once("type label = string;", "type label = u32;", "types.label: the type is u32, and was string");
    breaks_once(
        "type mac-address = tuple<u8, u8, u8, u8, u8, u8>;",
        "type mac-address = list<u8>;",
        "types.mac-address: the type is list<u8>, and was tuple<u8, u8, u8, u8, u8, u8>",
    );
    breaks_once(
        "enum datapath { auto, system, netdev }",
        "flags datapath { auto, system, netdev }",
        "types.datapath: the type is flags, and was enum",
    );
    let without =
        present().replace("type label = string;", "").replace(": label,", ": string,").replace("(label)", "(string)");
    assert_eq!(named(&present(), &without), ["types.label: the type is gone"], "but its users mean the same");
}

#[test]
fn functions_are_neither_added_nor_taken_nor_changed() {
    let policy = "    plan-network: func(network: network) -> result<plan, refusal>;";
    let more = format!("{policy}\n    plan-join: func(network: network) -> result<plan, refusal>;");
    breaks_once(policy, &more, "policy.plan-join: the function is new");
    breaks_once(policy, "", "policy.plan-network: the function is gone");
    let with = |parameters: &str, result: &str| format!("    plan-network: func({parameters}) -> {result};");
    let result = "result<plan, refusal>";
    assert_eq!(
        breaks(policy, &with("it: network", result)),
        ["policy.plan-network: parameter network is gone", "policy.plan-network: parameter it is new"]
    );
    breaks_once(
        policy,
        &with("network: network, endpoint: endpoint", result),
        "policy.plan-network: parameter endpoint is new",
    );
    breaks_once(
        policy,
        &with("network: endpoint", result),
        "policy.plan-network: parameter network is endpoint, and was network",
    );
    breaks_once(
        policy,
        &with("network: network", "result<plan, string>"),
        "policy.plan-network: the result itself is result<plan, string>, and was result<plan, refusal>",
    );
    let log = "log: func(level: level, message: string);";
    breaks_once(log, &format!("{log}\n    flush: func();"), "log.flush: the function is new");
}

#[test]
fn worlds_and_interfaces_stay() {
    breaks_once("    import log;\n", "", "world mode: import log is gone");
    let gone = breaks("    export policy;\n", "");
    assert!(gone.contains(&"world mode: export policy is gone".to_owned()), "{gone:?}");
    let hook = "interface hook { look: func(); }\n\nworld mode {\n    export hook;";
    breaks_once("world mode {", hook, "world mode: export hook is new");
    breaks_once("world mode {", "world modus {", "world mode: it is gone");
    let renamed = present().replace("interface log {", "interface journal {").replace("import log;", "import journal;");
    assert_eq!(named(&present(), &renamed), ["log: the interface is gone", "world mode: import log is gone"]);
}

#[test]
fn what_stands_in_a_world_is_compared_too() {
    let old = "package a:b@1.0.0; world w { import f: func(x: u8); type t = u8; import i: interface { g: func(); } }";
    assert_eq!(named(old, old), [""; 0]);
    let new = old.replace("x: u8", "x: u16").replace("t = u8", "t = s8").replace("g: func();", "");
    assert_eq!(
        named(old, &new),
        [
            "world w, i.g: the function is gone",
            "world w, t: the type is s8, and was u8",
            "world w, f: parameter x is u16, and was u8",
        ]
    );
    let flags = "package a:b@1.0.0; interface i { flags f { x, y } }";
    assert_eq!(named(flags, &flags.replace("x, y", "x, y, z")), ["i.f: flag z is new"]);
}

#[test]
fn what_harms_nobody_is_not_named() {
    let doc = "/// What can be said of a mode in more words than before.\ninterface policy {";
    let clock = "interface clock { now: func() -> u64; }\n\nworld mode {\n    import clock;";
    for (from, to) in [
        ("interface policy {", doc),
        ("/// One thing to do, in order.", "/// One thing."),
        ("world mode {", clock),
        ("world mode {", "world more { include mode; }\n\nworld mode {"),
        ("type label = string;", "type label = string;\n    record later { what: label }"),
        ("bridge: label,", "bridge: string,"),
        ("ovs:mode@1.0.0", "ovs:mode@1.0.7"),
        ("ovs:mode@1.0.0", "ovs:mode@1.1.0"),
    ] {
        assert_eq!(breaks(from, to), [""; 0], "{from} -> {to}");
    }
}

#[test]
fn a_custom_kind_needs_no_other_contract() {
    let kinds = breaks("`kind` is `name@version`", "`kind` is `name@version`; `qos.police@1` and `mirror@1` are known");
    assert_eq!(kinds, [""; 0]);
}

#[test]
fn a_new_number_may_break_and_the_report_says_so() {
    let broken = edited("internal: bool,", "");
    let kept = Comparison::of(&present(), &broken).unwrap();
    assert!(!kept.keeps_its_promise());
    let report = kept.to_string();
    assert!(
        report.starts_with("ovs:mode@1.0.0 would break modules of ovs:mode@1.0.0, and its number says"),
        "{report}"
    );
    assert!(report.contains("types.network: field internal is gone\n    a new input is a new key"), "{report}");
    let next = Comparison::of(&present(), &broken.replace("ovs:mode@1.0.0", "ovs:mode@2.0.0")).unwrap();
    assert!(next.keeps_its_promise() && next.breaks.len() == 1, "{next}");
    assert!(
        next.to_string().starts_with("ovs:mode@2.0.0 breaks modules of ovs:mode@1.0.0, as its number says"),
        "{next}"
    );
    assert_eq!(
        Comparison::of(&present(), &present()).unwrap().to_string(),
        "ovs:mode@1.0.0 runs the modules of ovs:mode@1.0.0\n"
    );
}

#[test]
fn what_is_no_contract_is_told_from_which_side_it_came() {
    let error = Comparison::of(&present(), "interface {").unwrap_err().to_string();
    assert!(error.starts_with("the present contract cannot be read: "), "{error}");
    assert!(Comparison::of("", &present()).unwrap_err().to_string().starts_with("the archived contract"));
}
