//! Modules that break in one way each: the failure is found, made small, and is a fixture.

use std::path::Path;

use libtest_mimic::Trial;
use mode_tools::fixture::{Call, Case, Expect, Fixture, Invariant};
use mode_tools::fuzz::{Failure, Property};

use crate::module::{answering, answering_both, tried};
use crate::test;

/// More than any of them stands.
const INPUTS: u64 = 2000;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("broken::a_trap_is_found_and_its_input_made_as_small_as_it_gets", trap),
        test("broken::a_limit_is_found", limit),
        test("broken::a_refusal_names_an_option_that_exists", refusal),
        test("broken::what_breaks_at_an_endpoint_is_shown_with_one", endpoint),
        test("broken::what_the_guard_does_not_admit_is_found", denied),
        test("broken::a_seed_finds_it_again", again),
    ]
}

/// The one case of a failure, read again from its text.
fn case(failure: &Failure) -> Case {
    let fixture = Fixture::parse(&failure.text(), Path::new("fuzz.toml")).unwrap();
    assert_eq!(fixture, failure.fixture, "what is written is what is read");
    fixture.cases.into_iter().next().unwrap()
}

fn found(instructions: &str) -> Failure {
    let report = tried(answering(instructions), 1, INPUTS);
    report.failure.unwrap_or_else(|| panic!("it is not found"))
}

/// Gives up on a network of two pools or more.
const TRAP: &str = "(if (i32.ge_u (local.get $count) (i32.const 2)) (then unreachable)) (i32.const 1024)";

fn trap() {
    let failure = found(TRAP);
    assert_eq!((failure.property, failure.call), (Property::Answers, "plan-network"), "{failure}");
    let case = case(&failure);
    let network = case.network.unwrap();
    assert_eq!(network.subnets.map(|subnets| subnets.len()), Some(2), "two pools are enough");
    assert!(network.options.is_empty() && network.internal.is_none(), "and nothing else is needed");
    assert!(case.call == Call::PlanNetwork && case.endpoint.is_none() && case.ports.is_none());
}

fn limit() {
    let failure = found("(if (local.get $internal) (then (loop $on (br $on)))) (i32.const 1024)");
    assert_eq!(failure.property, Property::Answers, "{failure}");
    assert!(failure.what.contains("limit cpu"), "{failure}");
    assert_eq!(case(&failure).network.unwrap().internal, Some(true));
}

/// A refusal: `invalid`, code at 2048 and message at 2061, at option `hue`, if any option is given.
const REFUSAL: &str = "
    (if (local.get $given) (then
      (i32.store8 (i32.const 1024) (i32.const 1))
      (i32.store (i32.const 1032) (i32.const 2048)) (i32.store (i32.const 1036) (i32.const 10))
      (i32.store (i32.const 1040) (i32.const 2061)) (i32.store (i32.const 1044) (i32.const 2))
      (i32.store8 (i32.const 1048) (i32.const 1))
      (i32.store (i32.const 1052) (i32.const 2058)) (i32.store (i32.const 1056) (i32.const 3))))
    (i32.const 1024)";

fn refusal() {
    let failure = found(REFUSAL);
    assert_eq!(failure.property, Property::RefusalIsClear, "{failure}");
    assert!(failure.what.contains("option hue"), "{failure}");
    let case = case(&failure);
    assert_eq!(case.network.unwrap().options.len(), 1);
    let invariants = vec![Invariant::RefusalIsClear];
    assert_eq!(case.expect, Some(Expect { invariants, ..Expect::default() }));
}

/// Networks are planned, and then it gives up on the simplest endpoint.
fn endpoint() {
    let report = tried(answering_both("(i32.const 1024)", "unreachable"), 1, INPUTS);
    let failure = report.failure.unwrap();
    assert_eq!((failure.property, failure.call), (Property::Answers, "plan-endpoint"), "{failure}");
    let case = case(&failure);
    assert_eq!(case.network.unwrap().subnets, Some(Vec::new()), "no pool is needed");
    assert_eq!(case.endpoint.unwrap().addresses, Some(Vec::new()));
}

/// No endpoint is planned without a port.
fn denied() {
    let report = tried(answering_both("(i32.const 1024)", "(i32.const 1024)"), 1, INPUTS);
    let failure = report.failure.unwrap();
    assert_eq!(failure.property, Property::Admitted, "{failure}");
    assert_eq!(case(&failure).expect.unwrap().invariants, [Invariant::NeverDenied]);
}

fn again() {
    let [one, other] = [(); 2].map(|()| tried(answering(TRAP), 99, INPUTS).failure.unwrap());
    assert_eq!((one.input, one.fixture), (other.input, other.fixture), "on however many threads");
    let enough = tried(answering(TRAP), 99, one.input + 1);
    assert_eq!(enough.failure.map(|failure| failure.input), Some(one.input));
}
