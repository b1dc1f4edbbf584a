//! An answer against what is expected of it.

use std::fmt;

use serde::Serialize;

use super::ask::Prepared;
use super::difference::{self, Difference};
use super::invariant;
use super::run::{Answer, Asked};
use crate::fixture::{self, Case, Denied, Expect, Invariant, Refusal};

/// Something that is not as it is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Another answer.
    Answer {
        /// What was expected, in a line.
        want: String,
        /// What there is, in a line.
        got: String,
        /// In what two plans differ.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        differences: Vec<Difference>,
    },
    /// Something that should hold.
    Invariant {
        /// What.
        invariant: Invariant,
        /// Why it does not.
        why: String,
    },
    /// More fuel than it may take.
    Fuel {
        /// The most it may take.
        most: u64,
        /// What it took.
        took: u64,
    },
    /// Nothing is expected yet.
    NothingExpected {
        /// What there is, in a line.
        got: String,
    },
    /// Asked again, it was another answer.
    NotDeterministic {
        /// In what.
        why: String,
    },
    /// The module broke.
    Broken {
        /// How.
        fault: String,
    },
}

/// What is not as it is expected; empty: all is.
pub(super) fn judge(case: &Case, prepared: &Prepared, asked: &Asked) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Answer::Broken(fault) = &asked.answer {
        findings.push(Finding::Broken { fault: fault.to_string() });
    }
    if let Some(why) = &asked.differs {
        findings.push(Finding::NotDeterministic { why: why.clone() });
    }
    if !findings.is_empty() {
        return findings;
    }
    match &case.expect {
        None => findings.push(Finding::NothingExpected { got: said(&asked.answer) }),
        Some(expect) => {
            findings.extend(answer(expect, &asked.answer));
            findings.extend(expect.invariants.iter().filter_map(|invariant| {
                let why = invariant::broken(*invariant, prepared, asked)?;
                Some(Finding::Invariant { invariant: *invariant, why })
            }));
        }
    }
    let took = asked.usage.fuel;
    findings.extend(case.max_fuel.filter(|most| took > *most).map(|most| Finding::Fuel { most, took }));
    findings
}

fn answer(expect: &Expect, answer: &Answer) -> Option<Finding> {
    let another = |want: String| Finding::Answer { want, got: said(answer), differences: Vec::new() };
    if let Some(want) = &expect.plan {
        let Answer::Planned { plan, .. } = answer else {
            return Some(another(format!("a plan of {}", steps(want.steps.len()))));
        };
        let differences = difference::between(want, &as_planned(plan));
        return (!differences.is_empty()).then(|| Finding::Answer {
            want: format!("a plan of {}", steps(want.steps.len())),
            got: said(answer),
            differences,
        });
    }
    if let Some(Refusal { class, code, at }) = &expect.refusal {
        let is_it = matches!(answer, Answer::Refused(refusal)
            if (refusal.class, &refusal.code, &refusal.at) == (*class, code, at));
        return (!is_it).then(|| another(refused(*class, code, at.as_deref())));
    }
    if let Some(Denied { rule, step }) = &expect.denied {
        let is_it = matches!(answer, Answer::Denied { denial, .. } if denial.rule == *rule
            && step.as_ref().is_none_or(|step| denial.step.as_ref().is_some_and(|it| it.label == *step)));
        let place = step.as_ref().map(|step| format!(" in step \"{step}\"")).unwrap_or_default();
        return (!is_it).then(|| another(format!("a plan that the guard denies{place}, by rule {}", word(rule))));
    }
    expect.bad_option.as_ref().map(|key| another(format!("the manifest refuses the option {key}")))
}

/// A plan with its reasons: whether they count is for what is expected to say.
fn as_planned(plan: &plan::Admitted) -> fixture::Plan {
    let mut planned = fixture::Plan::of(plan);
    for (step, admitted) in planned.steps.iter_mut().zip(&plan.steps) {
        step.why.clone_from(&admitted.why);
    }
    planned
}

/// An answer in a line.
pub(super) fn said(answer: &Answer) -> String {
    match answer {
        Answer::Planned { plan, .. } => format!("a plan of {}", steps(plan.steps.len())),
        Answer::Refused(refusal) => {
            let what = refused(refusal.class, &refusal.code, refusal.at.as_deref());
            format!("{what}: {}", refusal.message)
        }
        Answer::Denied { plan, denial } => {
            format!("a plan of {} that the guard denies: {denial}", steps(plan.steps.len()))
        }
        Answer::NoNetwork(why) => format!("no network to ask about: {why}"),
        Answer::Broken(fault) => fault.to_string(),
    }
}

fn refused(class: plan::RefusalClass, code: &str, at: Option<&str>) -> String {
    let class = word(class);
    let at = at.map(|at| format!(" at {at}")).unwrap_or_default();
    format!("a refusal, {class}/{code}{at}")
}

/// What a class or a rule is called in fixtures.
pub(super) fn word(value: impl Serialize) -> String {
    toml::Value::try_from(value).ok().and_then(|word| Some(word.as_str()?.to_owned())).unwrap_or_default()
}

/// `1 step`, `2 steps`.
pub(super) fn steps(count: usize) -> String {
    format!("{count} step{}", if count == 1 { "" } else { "s" })
}

impl Finding {
    /// For people, the first line alone and more below it.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Answer { want, got, differences } => {
                let differences = differences.iter().flat_map(Difference::lines).map(|line| format!("  {line}"));
                [format!("want  {want}"), format!("got   {got}")].into_iter().chain(differences).collect()
            }
            Self::Invariant { invariant, why } => vec![format!("not {invariant}: {why}")],
            Self::Fuel { most, took } => vec![format!("it took {took} units of fuel, and may take {most}")],
            Self::NothingExpected { got } => {
                vec!["want  nothing yet: --bless writes down what there is".to_owned(), format!("got   {got}")]
            }
            Self::NotDeterministic { why } => vec![format!("not deterministic: {why}")],
            Self::Broken { fault } => vec![fault.clone()],
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("; "))
    }
}
