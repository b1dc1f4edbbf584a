//! Asking: the network's own plan first where it is in scope, then the question itself, twice.

use plan::{Admitted, Denial, Plan, Refusal, Request, admit};
use policy::{Fault, LogLine, Outcome, Question, Usage, Verdict};

use super::ask::{Prepared, Subject};
use crate::question::Names;

/// What came of a question.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// A plan that the guard admits. `of` is the network's own, where it is about an endpoint.
    Planned { plan: Admitted, of: Option<Admitted> },
    /// The mode's no.
    Refused(Refusal),
    /// A plan that the guard denies.
    Denied { plan: Plan, denial: Denial },
    /// There is no network that the question could be about: what was said of its own plan.
    NoNetwork(String),
    /// The mode broke.
    Broken(Box<Fault>),
}

/// One question, asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) answer: Answer,
    /// What the question itself took; the same each time.
    pub(super) usage: Usage,
    /// What the mode said while it answered.
    pub(super) log: Vec<LogLine>,
    /// How the second time was another, if it was.
    pub(super) differs: Option<String>,
}

/// There was no place or memory to run the mode: nobody's mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mode cannot be run at the moment: {0}")]
pub struct Unable(pub String);

impl Subject {
    /// Asks.
    pub(super) fn ask(&self, prepared: &Prepared) -> Result<Asked, Unable> {
        let mut names = Names::default();
        let of = match self.network(prepared, &mut names)? {
            Ok(of) => of,
            Err(early) => return Ok(early),
        };
        let first = self.sandbox.ask_here(&self.mode, &prepared.question);
        let second = self.sandbox.ask_here(&self.mode, &prepared.question);
        let differs = difference(&first, &second);
        let Outcome { answer, usage, log, .. } = first;
        let answer = match answer {
            Ok(plan) => judged(prepared, plan, of, &mut names),
            Err(verdict) => no(verdict)?,
        };
        Ok(Asked { answer, usage, log, differs })
    }

    /// The network's own plan, where the question is about something in it; or what ends the question before it is asked.
    fn network(&self, prepared: &Prepared, names: &mut Names) -> Result<Result<Option<Admitted>, Asked>, Unable> {
        if prepared.endpoint().is_none() {
            return Ok(Ok(None));
        }
        let question = Question::Network(prepared.network().clone());
        let Outcome { answer, usage, log, .. } = self.sandbox.ask_here(&self.mode, &question);
        let early = |answer| Asked { answer, usage, log, differs: None };
        let plan = match answer {
            Ok(plan) => plan,
            Err(verdict) => {
                let answer = match no(verdict)? {
                    Answer::Refused(refusal) => Answer::NoNetwork(format!("the mode refuses it: {refusal}")),
                    other => other,
                };
                return Ok(Err(early(answer)));
            }
        };
        Ok(match guarded(prepared, &question, &plan, None) {
            Ok(mut admitted) => {
                names.give(&mut admitted);
                Ok(Some(admitted))
            }
            Err(denial) => Err(early(Answer::NoNetwork(format!("the guard denies its plan: {denial}")))),
        })
    }
}

fn no(verdict: Verdict) -> Result<Answer, Unable> {
    match verdict {
        Verdict::Refused(refusal) => Ok(Answer::Refused(refusal)),
        Verdict::Broken(fault) => Ok(Answer::Broken(fault)),
        Verdict::Unable { reason, .. } => Err(Unable(reason)),
    }
}

/// What the guard says of a plan.
fn guarded(prepared: &Prepared, question: &Question, plan: &Plan, of: Option<&Admitted>) -> Result<Admitted, Denial> {
    let nothing = Admitted::default();
    let asked = question.asked(of.unwrap_or(&nothing));
    let host = prepared.host(plan);
    admit(plan, &Request { network: prepared.network(), asked, grants: &prepared.grants, host: &host })
}

fn judged(prepared: &Prepared, plan: Plan, of: Option<Admitted>, names: &mut Names) -> Answer {
    match guarded(prepared, &prepared.question, &plan, of.as_ref()) {
        Ok(mut admitted) => {
            names.give(&mut admitted);
            Answer::Planned { plan: admitted, of }
        }
        Err(denial) => Answer::Denied { plan, denial },
    }
}

/// How two answers to one question differ, if they do.
fn difference(first: &Outcome, second: &Outcome) -> Option<String> {
    if first.answer != second.answer {
        return Some(format!("asked twice, it first {} and then {}", said(first), said(second)));
    }
    let (one, other) = (first.usage.fuel, second.usage.fuel);
    (one != other).then(|| format!("asked twice, it took {one} and then {other} units of fuel"))
}

fn said(outcome: &Outcome) -> String {
    match &outcome.answer {
        Ok(plan) => format!("planned {:?}", plan.steps.iter().map(|step| step.label.as_str()).collect::<Vec<_>>()),
        Err(Verdict::Refused(refusal)) => format!("refused ({})", refusal.code),
        Err(verdict) => format!("failed ({verdict})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answer: Result<Plan, Verdict>, fuel: u64) -> Outcome {
        let usage = Usage { fuel, ..Usage::default() };
        Outcome { answer, usage, log: Vec::new(), dropped_lines: 0 }
    }

    /// No module can be made to do this in the sandbox, where nothing changes from one instance to the next. Should the
    /// sandbox ever let something through that does, it shows here.
    #[test]
    fn two_answers_are_told_apart_by_plan_and_by_fuel() {
        let step = |label: &str| plan::Step {
            label: label.to_owned(),
            action: plan::Action::Bridge(plan::Bridge { name: None, datapath: plan::Datapath::Auto }),
            why: None,
            shared: None,
        };
        let planned = |label| Ok(Plan { steps: vec![step(label)], reply: Vec::new() });
        let one = outcome(planned("bridge"), 10);
        assert_eq!(difference(&one, &one), None);
        let later = Usage { memory: 1, time: std::time::Duration::from_millis(9), ..one.usage };
        assert_eq!(difference(&one, &Outcome { usage: later, ..one.clone() }), None, "time is not counted");
        assert!(difference(&one, &outcome(planned("bridge"), 11)).unwrap().contains("10 and then 11 units of fuel"));
        let why = difference(&one, &outcome(planned("other"), 10)).unwrap();
        assert!(why.contains("[\"bridge\"]") && why.contains("[\"other\"]"), "{why}");
    }
}
