//! The modes that are shipped.

use libtest_mimic::Trial;
use mode_tools::fuzz::FuzzReport;

use crate::module::{built_in, tried};
use crate::test;

/// Inputs that each is tried on.
const INPUTS: u64 = 3000;
const HALF: u64 = INPUTS / 2;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("holds::nat", || holds("nat", HALF, &["invalid/no-gateway", "invalid/no-pool", "invalid/mtu-too-small"])),
        // What is said of tunnels wants peers and a number, and no uplink.
        test("holds::flat", || {
            holds("flat", INPUTS / 5, &["invalid/bad-ifname", "unsupported/icc-and-peers", "unsupported/publish"]);
        }),
        // Most of what is made up of VLANs goes against itself: trunks beside a VLAN, a native one without trunks, no wire.
        test("holds::vlan", || {
            holds("vlan", INPUTS / 10, &["invalid/bad-trunks", "invalid/no-wire", "unsupported/publish"]);
        }),
        // Many of its options rule each other out.
        test("holds::ovn", || holds("ovn", INPUTS / 5, &["invalid/no-pool", "invalid/bad-switch", "invalid/bad-rate"])),
    ]
}

/// A mode does what it should, whatever it is asked; and is asked what it has to refuse, too, but often enough what it
/// plans.
fn holds(mode: &str, planned: u64, refusals: &[&str]) {
    let report = tried(built_in(mode), 7, INPUTS);
    assert!(report.failure.is_none(), "{report}");
    assert_eq!(report.inputs, INPUTS);
    assert!(report.plans > planned && report.questions > INPUTS + planned, "few are planned: {report}");
    for refusal in refusals {
        assert!(report.refusals.contains_key(*refusal), "{refusal} is never met: {report}");
    }
    let FuzzReport { seconds: _, ref refusals, plans, .. } = report;
    let again = tried(built_in(mode), 7, INPUTS);
    assert_eq!((again.plans, &again.refusals), (plans, refusals), "a seed makes the same inputs");
}
