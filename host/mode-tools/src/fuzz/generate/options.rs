//! Options by the manifest's schema: text as a user writes it, typed by the manifest as the driver types it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use plan::{Attribute, MacAddress, Subnet};
use policy::{Manifest, OptionKind, OptionSpec, Scope};
use proptest::prelude::*;
use proptest::sample::Index;

use super::pools::nth;

/// Names that mean something to a host, to Open vSwitch or to this driver.
const NAMES: [&str; 8] = ["eth1", "br-lab", "br-int", "lo", "docker0", "ovs-system", "a", "exactly-15-long"];
/// Numbers at which something begins or ends.
const EDGES: [i64; 14] = [0, 1, -1, 67, 68, 1279, 1280, 1500, 4094, 4095, 65_535, 65_536, 4_294_967_296, -32_769];

/// What is given for options, by key, before the pools are known that some values lie in.
#[derive(Clone, Debug)]
pub(super) struct Given(Vec<(String, Said)>);

/// What stands before an IPv4 address, and before an IPv6 address.
type Words = [&'static str; 2];

/// What is given for one option.
#[derive(Clone, Debug)]
enum Said {
    Text(String),
    /// An address of one of the network's pools, with its prefix length or without, after the words for its family.
    Of {
        before: Words,
        pool: Index,
        offset: u32,
        net: bool,
    },
}

/// Values for the options that may be given in a place; those that need none are left out as often as not.
pub(super) fn texts(manifest: &Manifest, scope: Scope) -> impl Strategy<Value = Given> + use<> {
    let here = manifest.options.iter().filter(|spec| spec.is_for(scope));
    let each: Vec<_> = here.map(|spec| given(spec, scope)).collect();
    each.prop_map(|given| Given(given.into_iter().flatten().collect()))
}

fn given(spec: &OptionSpec, scope: Scope) -> BoxedStrategy<Option<(String, Said)>> {
    let needed = spec.required && (spec.scope == scope || scope == Scope::Network);
    let key = spec.key.clone();
    let value = match well_known(&spec.key, &spec.kind) {
        Some(usual) => prop_oneof![19 => usual, 1 => value(&spec.kind)].boxed(),
        None => value(&spec.kind),
    };
    // proptest takes no certainty for a probability.
    let said = if needed { value.prop_map(Some).boxed() } else { prop::option::weighted(0.4, value).boxed() };
    said.prop_map(move |said| Some((key.clone(), said?))).boxed()
}

/// What options hold that mean the same in every mode: text by their type, and never right by chance.
fn well_known(key: &str, kind: &OptionKind) -> Option<BoxedStrategy<Said>> {
    Some(match (key, kind) {
        ("rate.ingress" | "rate.egress", OptionKind::Text { .. }) => rate().prop_map(Said::Text).boxed(),
        ("routes", OptionKind::Texts) => after(&[["10.99.0.0/16=", "fd99::/64="]]),
        ("allowed_addresses", OptionKind::Texts) => after(&[[""; 2], ["02:00:00:00:00:09="; 2]]),
        ("peers", OptionKind::Texts) => address().prop_map(Said::Text).boxed(),
        _ => return None,
    })
}

/// An address of a pool after some of these words.
fn after(words: &'static [Words]) -> BoxedStrategy<Said> {
    let said = (prop::sample::select(words), any::<Index>(), any::<u32>());
    said.prop_map(|(before, pool, offset)| Said::Of { before, pool, offset, net: false }).boxed()
}

fn value(kind: &OptionKind) -> BoxedStrategy<Said> {
    match kind {
        OptionKind::Text { choices } if choices.is_empty() => text().prop_map(Said::Text).boxed(),
        OptionKind::Text { choices } => prop::sample::select(choices.clone()).prop_map(Said::Text).boxed(),
        OptionKind::Integer { minimum, maximum } => {
            integer(*minimum, *maximum).prop_map(|number| Said::Text(number.to_string())).boxed()
        }
        OptionKind::Boolean => any::<bool>().prop_map(|yes| Said::Text(yes.to_string())).boxed(),
        OptionKind::Address => prop_oneof![3 => of_a_pool(false), 1 => address().prop_map(Said::Text)].boxed(),
        OptionKind::Net => {
            let net = (address(), 0..=128_u8).prop_map(|(address, length)| {
                let longest = if address.contains(':') { 128 } else { 32 };
                Said::Text(format!("{address}/{}", length.min(longest)))
            });
            prop_oneof![3 => of_a_pool(true), 1 => net].boxed()
        }
        OptionKind::Mac => any::<[u8; 6]>().prop_map(|octets| Said::Text(MacAddress(octets).to_string())).boxed(),
        OptionKind::Texts => prop::collection::vec(item(), 1..=4).prop_map(|items| Said::Text(items.join(","))).boxed(),
        OptionKind::Secret => {
            (plain(), text()).prop_map(|(one, other)| Said::Text(format!("secret {one} {other}"))).boxed()
        }
    }
}

fn of_a_pool(net: bool) -> impl Strategy<Value = Said> {
    (any::<Index>(), any::<u32>()).prop_map(move |(pool, offset)| Said::Of { before: [""; 2], pool, offset, net })
}

fn integer(minimum: i64, maximum: i64) -> BoxedStrategy<i64> {
    let mut edges: Vec<i64> = EDGES.into_iter().filter(|edge| (minimum..=maximum).contains(edge)).collect();
    edges.extend([minimum, maximum]);
    prop_oneof![prop::sample::select(edges), minimum..=maximum].boxed()
}

fn address() -> impl Strategy<Value = String> {
    let ipv4 = any::<[u8; 4]>().prop_map(|octets| IpAddr::from(Ipv4Addr::from(octets)));
    let ipv6 = any::<[u8; 16]>().prop_map(|octets| IpAddr::from(Ipv6Addr::from(octets)));
    prop_oneof![ipv4, ipv6].prop_map(|address| address.to_string())
}

/// Free text: names that links can have, names that mean something, rates, whatever can be typed, and far too much.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => plain(),
        1 => rate(),
        4 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned),
        2 => prop::collection::vec(typed(), 1..=24).prop_map(String::from_iter),
        1 => (1..=255_usize).prop_map(|length| "long".repeat(length)),
    ]
}

/// A rate, of those that Open vSwitch keeps as a rule.
fn rate() -> impl Strategy<Value = String> {
    let of = |numbers, units: &'static [&str]| (numbers, prop::sample::select(units));
    let rates = prop_oneof![
        6 => of(8..=999_u32, &["kbit", "mbit"]),
        3 => of(1..=34, &["gbit"]),
        1 => of(1..=999, &["bit", "kbit", "mbit", "gbit"]),
    ];
    rates.prop_map(|(number, unit)| format!("{number}{unit}"))
}

/// One text of a list: names, hosts, routes, stations, ranges of VLANs, and whatever can be typed but for the comma that
/// ends it.
fn item() -> impl Strategy<Value = String> {
    let route = (address(), 0..=32_u8, address()).prop_map(|(to, length, hop)| format!("{to}/{length}={hop}"));
    let station = (any::<[u8; 6]>(), address()).prop_map(|(mac, address)| format!("{}={address}", MacAddress(mac)));
    let vlans = (0..=4095_u16, 0..=4095_u16).prop_map(|(first, last)| format!("{first}-{last}"));
    let typed = text().prop_map(|text| text.replace(',', ";"));
    prop_oneof![3 => plain(), 1 => address(), 1 => route, 1 => station, 1 => vlans, 1 => typed]
}

fn plain() -> impl Strategy<Value = String> {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-_.";
    let letter = prop::sample::select(ALPHABET).prop_map(char::from);
    prop::collection::vec(letter, 1..=15).prop_map(String::from_iter)
}

/// A character that options may have.
fn typed() -> impl Strategy<Value = char> {
    prop_oneof![4 => prop::char::range(' ', '~'), 1 => any::<char>()]
        .prop_filter("options have no control characters", |character| !character.is_control())
}

impl Given {
    /// Typed by the manifest, defaults filled in; nothing: it does not take them.
    pub(super) fn typed(&self, manifest: &Manifest, scope: Scope, subnets: &[Subnet]) -> Option<Vec<Attribute>> {
        let text = |(key, said): &(String, Said)| Some((key.clone(), said.text(subnets)?));
        let raw: BTreeMap<String, String> = self.0.iter().filter_map(text).collect();
        manifest.options(scope, &raw, &|_, _| None).ok().map(|options| options.attributes)
    }
}

impl Said {
    /// As a user would write it; nothing: there is no pool to take an address from.
    fn text(&self, subnets: &[Subnet]) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Of { before, pool, offset, net } => {
                let pool = (!subnets.is_empty()).then(|| pool.get(subnets))?.pool;
                let address = nth(&pool, *offset);
                let length = if *net { format!("/{}", pool.prefix_len()) } else { String::new() };
                let [ipv4, ipv6] = before;
                Some(format!("{}{address}{length}", if address.is_ipv4() { ipv4 } else { ipv6 }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    use super::*;

    #[test]
    fn a_secret_is_long_enough_for_one() {
        let mut runner = TestRunner::deterministic();
        for _ in 0..100 {
            let Said::Text(text) = value(&OptionKind::Secret).new_tree(&mut runner).unwrap().current() else {
                panic!()
            };
            assert!(text.len() > 1000 || OptionKind::Secret.read(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_option_that_is_needed_is_always_given() {
        let spec = OptionSpec {
            key: "team".to_owned(),
            kind: OptionKind::Boolean,
            scope: Scope::Network,
            default: None,
            required: true,
            help: String::new(),
            aliases: BTreeMap::new(),
        };
        let mut runner = TestRunner::deterministic();
        for required in [true, false] {
            let given = given(&OptionSpec { required, ..spec.clone() }, Scope::Network);
            let times = (0..100).filter(|_| given.new_tree(&mut runner).unwrap().current().is_some()).count();
            assert_eq!(times == 100, required, "{times} of 100");
        }
    }
}
