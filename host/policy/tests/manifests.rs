//! Mangled manifests, and options of any sort for those that are accepted: nothing panics, what is said about them cannot
//! steer a terminal, and an option that is accepted holds what its manifest says.

use std::collections::BTreeMap;

use plan::Value;
use policy::{Manifest, OptionKind, Scope};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const MANIFEST: &str = include_str!("../../../modes/nat.wasm-src/mode.toml");
const PIECES: [&str; 20] = [
    "",
    "\n",
    "\"",
    "[[options]]\n",
    "]",
    "key = \"mtu\"\n",
    "type = \"net\"\n",
    "type = \"texts\"\n",
    "type = \"mac\"\n",
    "minimum = 9223372036854775807\n",
    "maximum = -9223372036854775808\n",
    "minimum = -9223372036854775808\n",
    "default = 1e400\n",
    "default = [1, \"x\"]\n",
    "choices = []\n",
    "aliases = [\"mtu\", \"mode\"]\n",
    "required = true\n",
    "\u{1b}[2J",
    "\u{202e}",
    "\0",
];
const TEXTS: [&str; 14] = [
    "",
    "0",
    "-1",
    "1500",
    "9223372036854775808",
    " 7 ",
    "true",
    "nein",
    "10.0.0.1",
    "fd00::/129",
    "02:00:00:00:00:01",
    "a,,b",
    "\u{1b}]0;x\u{7}",
    "\u{202e}",
];

const KEYS: [&str; 10] =
    ["mtu", "mut", "bridge", "datapath", "icc", "publish", "masquerade", "ovs.bridge.userspace", "host_binding", ""];

/// The manifest with a few places replaced: where, how many bytes, by what.
fn mangled() -> impl Strategy<Value = Vec<u8>> {
    let edit = (
        any::<Index>(),
        0..40_usize,
        prop_oneof![select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()), vec(any::<u8>(), 0..4)],
    );
    vec(edit, 0..5).prop_map(|edits| {
        let mut bytes = MANIFEST.as_bytes().to_vec();
        for (at, length, piece) in edits {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece);
        }
        bytes
    })
}

fn raw_options() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(select(&KEYS[..]).prop_map(str::to_owned), select(&TEXTS[..]).prop_map(str::to_owned), 0..4)
}

/// Whether a person can be shown it: lines and nothing that steers a terminal.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|character| character == '\n' || !(character.is_control() || matches!(character, '\u{202a}'..='\u{202e}')))
}

fn fits(kind: &OptionKind, value: &Value) -> bool {
    match (kind, value) {
        (OptionKind::Text { choices }, Value::Text(text)) => choices.is_empty() || choices.contains(text),
        (OptionKind::Integer { minimum, maximum }, Value::Integer(number)) => (minimum..=maximum).contains(&number),
        (OptionKind::Boolean, Value::Boolean(_))
        | (OptionKind::Address, Value::Address(_))
        | (OptionKind::Net, Value::Net(_))
        | (OptionKind::Mac, Value::Mac(_))
        | (OptionKind::Texts, Value::Texts(_)) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_manifest_is_understood_or_refused(bytes in mangled(), raw in raw_options()) {
        let parsed = Manifest::parse(&bytes);
        if let Err(error) = &parsed {
            prop_assert!(is_plain(&error.to_string()), "{error:?}");
        }
        let Ok(manifest) = parsed else { return Ok(()) };
        for scope in [Scope::Network, Scope::Endpoint] {
            match manifest.options(scope, &raw, &|_, _| None) {
                Ok(options) => for attribute in &options.attributes {
                    let spec = manifest.spec(&attribute.key);
                    prop_assert!(spec.is_some_and(|spec| fits(&spec.kind, &attribute.value)), "{attribute:?}");
                },
                Err(error) => prop_assert!(is_plain(&error.to_string()), "{error:?}"),
            }
        }
    }
}

#[test]
fn the_manifest_itself_is_understood() {
    assert_eq!(Manifest::parse(MANIFEST.as_bytes()).unwrap().name, "nat");
}
