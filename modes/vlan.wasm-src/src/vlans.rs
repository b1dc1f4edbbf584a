//! Which VLANs a container gets, and how.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use guest_modes::{Attributes, Endpoint, Network, Refusal};

/// All there are.
const IDS: RangeInclusive<u16> = 1..=4094;

/// The VLANs of a container.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Vlans {
    /// The one without tags; none: there are no such frames.
    pub(crate) untagged: Option<u16>,
    /// Those with tags.
    pub(crate) tagged: BTreeSet<u16>,
}

impl Vlans {
    /// An endpoint's own options come before its network's: with a VLAN of its own it has no trunks.
    pub(crate) fn of_endpoint(network: &Network, endpoint: &Endpoint) -> Result<Self, Refusal> {
        let (vlan, native) = (endpoint.options.get::<u16>("vlan"), endpoint.options.get::<u16>("native_vlan"));
        let own = trunks(&endpoint.options)?;
        if vlan.is_some() && own.is_some() {
            let message = "vlan is for a container without tags and trunks are its tags: give trunks, and native_vlan for \
                           what is to come without a tag";
            return Err(Refusal::invalid("vlan-and-trunks", message).at("vlan"));
        }
        let inherited = if vlan.is_none() { trunks(&network.options)? } else { None };
        match own.or(inherited) {
            Some(tagged) => Ok(Self { untagged: native.or_else(|| network.options.get("native_vlan")), tagged }),
            None if native.is_some() => Err(native_without_trunks()),
            None => Ok(Self { untagged: vlan.or_else(|| network.options.get("vlan")), tagged: BTreeSet::new() }),
        }
    }

    /// Checks what a network says for its containers.
    pub(crate) fn check_networks(network: &Network) -> Result<(), Refusal> {
        let has_trunks = trunks(&network.options)?.is_some();
        let has_native = network.options.value("native_vlan").is_some();
        if has_native && !has_trunks { Err(native_without_trunks()) } else { Ok(()) }
    }
}

fn native_without_trunks() -> Refusal {
    let message =
        "native_vlan is for what comes without a tag beside trunks, and there are none: give trunks, or vlan alone";
    Refusal::invalid("native-without-trunks", message).at("native_vlan")
}

/// The option `trunks`: ids and ranges, with spaces where Docker's command line takes commas for its own.
fn trunks(options: &Attributes) -> Result<Option<BTreeSet<u16>>, Refusal> {
    let Some(texts) = options.get::<&[String]>("trunks") else { return Ok(None) };
    let ranges = texts.iter().flat_map(|text| text.split(' ')).filter(|text| !text.is_empty()).map(|text| {
        range(text).ok_or_else(|| {
            let message = format!("\"{text}\" is no VLAN: 1 to 4094 are, and ranges of them such as 100-110");
            Refusal::invalid("bad-trunks", message).at("trunks")
        })
    });
    let ranges = ranges.collect::<Result<Vec<_>, _>>()?;
    Ok(Some(ranges.into_iter().flatten().collect()))
}

/// `100`, or `100-110`.
fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let id = |text: &str| text.trim().parse().ok().filter(|id| IDS.contains(id));
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (id(first)?, id(last)?);
    (first <= last).then_some(first..=last)
}
