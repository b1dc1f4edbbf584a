//! The modes that are shipped.

use libtest_mimic::Trial;
use mode_tools::fuzz::FuzzReport;

use crate::module::{built_in, tried};
use crate::test;

/// Inputs that each is tried on.
const INPUTS: u64 = 3000;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("holds::nat", || holds("nat", &["invalid/no-gateway", "invalid/no-pool", "invalid/mtu-too-small"])),
        test("holds::flat", || holds("flat", &["invalid/bad-ifname", "unsupported/publish"])),
    ]
}

/// A mode does what it should, whatever it is asked; and is asked what it has to refuse, too.
fn holds(mode: &str, refusals: &[&str]) {
    let report = tried(built_in(mode), 7, INPUTS);
    assert!(report.failure.is_none(), "{report}");
    assert_eq!(report.inputs, INPUTS);
    assert!(report.plans > INPUTS / 2 && report.questions > INPUTS * 3 / 2, "most are planned: {report}");
    for refusal in refusals {
        assert!(report.refusals.contains_key(*refusal), "{refusal} is never met: {report}");
    }
    let FuzzReport { seconds: _, ref refusals, plans, .. } = report;
    let again = tried(built_in(mode), 7, INPUTS);
    assert_eq!((again.plans, &again.refusals), (plans, refusals), "a seed makes the same inputs");
}
