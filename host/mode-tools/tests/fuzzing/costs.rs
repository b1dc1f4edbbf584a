//! What answers cost.

use libtest_mimic::Trial;
use mode_tools::bench::{Baseline, BenchError, BenchReport, bench};
use mode_tools::test::{Questions, Subject};
use plan::{Network, NetworkId};
use policy::{Checked, Compiler, Limits, Question};

use crate::module::answering;
use crate::test;

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("costs::answers_and_the_module_are_measured", measured),
        test("costs::what_breaks_or_is_not_asked_has_no_cost", no_answer),
    ]
}

fn question() -> Questions {
    let id = NetworkId::new("network").unwrap();
    let network = Network { id, internal: false, subnets: Vec::new(), options: Vec::new(), facts: Vec::new() };
    Questions { name: "a.toml: one".to_owned(), all: vec![Question::Network(network)] }
}

fn benched(checked: Checked, cases: &[Questions]) -> Result<BenchReport, BenchError> {
    let subject = Subject::load(checked, &Limits::default(), &Compiler::default()).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(bench(&subject, cases))
}

fn measured() {
    let cheap = benched(answering("(i32.const 1024)"), &[question()]).unwrap();
    let [answer] = cheap.answers.as_slice() else { panic!("{cheap:?}") };
    assert_eq!((answer.name.as_str(), answer.call, answer.memory), ("a.toml: one", "plan-network", 128 << 10));
    assert!(answer.fuel > 0 && answer.fuel < cheap.module.limits.fuel && !answer.median.is_zero());
    assert!(cheap.module.compiled > cheap.module.size && !cheap.module.compile.is_zero());
    let counting = "(local.set $count (i32.const 1000))
        (loop $on (local.set $count (i32.sub (local.get $count) (i32.const 1))) (br_if $on (local.get $count)))
        (i32.const 1024)";
    let dear = benched(answering(counting), &[question()]).unwrap();
    let comparison = Baseline::of(&cheap).compare(&Baseline::of(&dear));
    assert!(comparison.worst.is_some_and(|percent| percent > 100.0), "{comparison:?}");
    assert_eq!(Baseline::of(&dear).compare(&Baseline::of(&cheap)).worst, None, "less is no regression");
}

fn no_answer() {
    assert!(matches!(benched(answering("unreachable"), &[question()]), Err(BenchError::NoAnswer { .. })));
    assert!(matches!(benched(answering("(i32.const 1024)"), &[]), Err(BenchError::NoQuestion)));
}
