//! One input: the three questions that it holds, each asked twice and judged.

use std::collections::BTreeMap;

use plan::{Admitted, Plan, Refusal, Request, admit};
use policy::{Loaded, Outcome, Question, Sandbox, Verdict};

use super::generate::Input;
use super::property::{Broken, Property, word};
use crate::question::{Names, with_uplinks};
use crate::refusal::unclear;
use crate::undo;

/// What inputs are tried on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trial<'a> {
    /// Runs the mode.
    pub(crate) sandbox: &'a Sandbox,
    /// The mode, granted what its manifest asks for.
    pub(crate) mode: &'a Loaded,
}

/// How often what was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Questions, each asked twice.
    pub(crate) questions: u64,
    /// Plans that the guard admitted.
    pub(crate) plans: u64,
    /// Refusals, by class and code.
    pub(crate) refusals: BTreeMap<String, u64>,
    /// Plans in which the guard refused what the user had asked for, by rule.
    pub(crate) asked: BTreeMap<String, u64>,
}

/// Why a trial ended early.
#[derive(Debug)]
pub(crate) enum End {
    /// A property does not hold.
    Broken(Broken),
    /// There was no place or memory to run the mode: nobody's mistake.
    Unable(String),
}

impl Tally {
    /// The sum of two.
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.questions += other.questions;
        self.plans += other.plans;
        for (said, count) in other.refusals {
            *self.refusals.entry(said).or_default() += count;
        }
        for (rule, count) in other.asked {
            *self.asked.entry(rule).or_default() += count;
        }
        self
    }
}

impl From<Broken> for End {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl Trial<'_> {
    /// Asks all that an input holds, as far as there are plans to go on with.
    pub(crate) fn run(&self, input: &Input) -> Result<Tally, End> {
        let (mut tally, mut names) = (Tally::default(), Names::default());
        let Input { network, endpoint, ports } = input;
        let mut questions =
            vec![Question::Network(network.clone()), Question::Endpoint(network.clone(), endpoint.clone())];
        // The driver asks for no internal network's ports, and never with an empty list.
        if !network.internal && !ports.is_empty() {
            questions.push(Question::Publish(network.clone(), endpoint.clone(), ports.clone()));
        }
        let mut plans: Vec<Admitted> = Vec::new();
        for question in questions {
            let nothing = Admitted::default();
            let of = plans.first().unwrap_or(&nothing);
            let Some(mut plan) = self.planned(&question, of, &mut tally)? else { break };
            names.give(&mut plan);
            plans.push(plan);
            let clean = undo::check(&plans.iter().collect::<Vec<_>>());
            clean.map_err(|why| Broken::other(Property::UndoIsClean, question.call(), why.to_string()))?;
        }
        Ok(tally)
    }

    /// The admitted answer to a question; nothing: there is none, and that is the user's doing.
    fn planned(&self, question: &Question, of: &Admitted, tally: &mut Tally) -> Result<Option<Admitted>, End> {
        tally.questions += 1;
        match self.answer(question)? {
            Ok(plan) => self.admitted(question, &plan, of, tally),
            Err(refusal) => {
                if let Some(why) = unclear(&refusal, self.mode.manifest()) {
                    return Err(Broken::other(Property::RefusalIsClear, question.call(), why).into());
                }
                *tally.refusals.entry(said(&refusal)).or_default() += 1;
                Ok(None)
            }
        }
    }

    /// What two fresh instances both say.
    fn answer(&self, question: &Question) -> Result<Result<Plan, Refusal>, End> {
        let (first, fuel) = self.ask(question)?;
        let (second, again) = self.ask(question)?;
        let twice = |what: String| Broken::other(Property::Deterministic, question.call(), what);
        if first != second {
            return Err(twice("asked twice, it gave two answers".to_owned()).into());
        }
        if fuel != again {
            return Err(twice(format!("asked twice, it took {fuel} and then {again} units of fuel")).into());
        }
        Ok(first)
    }

    /// What a fresh instance says, and the fuel that it took.
    fn ask(&self, question: &Question) -> Result<(Result<Plan, Refusal>, u64), End> {
        let Outcome { answer, usage, .. } = self.sandbox.ask_here(self.mode, question);
        match answer {
            Ok(plan) => Ok((Ok(plan), usage.fuel)),
            Err(Verdict::Refused(refusal)) => Ok((Err(refusal), usage.fuel)),
            Err(Verdict::Broken(fault)) => Err(Broken::fault(question.call(), &fault).into()),
            Err(Verdict::Unable { reason, .. }) => Err(End::Unable(reason)),
        }
    }

    /// The plan, if the guard admits it; nothing: the user asked for what cannot be.
    fn admitted(
        &self,
        question: &Question,
        plan: &Plan,
        of: &Admitted,
        tally: &mut Tally,
    ) -> Result<Option<Admitted>, End> {
        let host = with_uplinks(plan);
        let (network, asked) = (question.network(), question.asked(of));
        match admit(plan, &Request { network, asked, grants: self.mode.grants(), host: &host }) {
            Ok(admitted) => {
                tally.plans += 1;
                Ok(Some(admitted))
            }
            Err(denial) if denial.asked.is_some() => {
                *tally.asked.entry(word(denial.rule)).or_default() += 1;
                Ok(None)
            }
            Err(denial) => Err(Broken::denied(question.call(), &denial).into()),
        }
    }
}

/// `invalid/no-pool`, as `mode test` says it.
fn said(refusal: &Refusal) -> String {
    format!("{}/{}", word(refusal.class), refusal.code)
}
