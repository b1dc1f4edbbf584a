//! Asking a mode and judging what it plans, in the sight of the witness.

use plan::{Admitted, Denial, HostFacts, Plan, Predecessor, Request, admit, admit_after};
use plumbing::Dataplane;
use policy::{Answer, Loaded, Planned, Question, Verdict};

use crate::Driver;
use crate::error::Error;

/// A mode that is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) mode: &'a Loaded,
    /// Whether its plan is to be performed. The witness is not told of what is only looked at.
    pub(crate) for_good: bool,
}

impl<'a> From<&'a Loaded> for Asking<'a> {
    fn from(mode: &'a Loaded) -> Self {
        Self { mode, for_good: true }
    }
}

impl<D: Dataplane> Driver<D> {
    /// Asks a mode. A plan is still to be judged: [`Driver::judge`].
    pub(crate) async fn consult<'a>(
        &self,
        asking: impl Into<Asking<'a>> + Send,
        question: &Question,
    ) -> Result<Plan, Error> {
        let asking = asking.into();
        let mode = asking.mode;
        let verdict = match self.sandbox.ask(mode, question.clone()).await.answer {
            Ok(plan) => return Ok(plan),
            Err(verdict) => verdict,
        };
        match &verdict {
            Verdict::Refused(refusal) => {
                self.saw(asking, question, &HostFacts::default(), || Answer::Refused(refusal.clone()));
            }
            Verdict::Broken(fault) => {
                self.saw(asking, question, &HostFacts::default(), || Answer::Broken(fault.clone()));
            }
            // The mode has not said anything.
            Verdict::Unable { .. } => {}
        }
        Err(verdict.into())
    }

    /// Passes a plan through the guard. `of` is the network's own, for what is about an endpoint.
    pub(crate) fn judge<'a>(
        &self,
        asking: impl Into<Asking<'a>>,
        question: &Question,
        of: &Admitted,
        host: &HostFacts,
        plan: &Plan,
    ) -> Result<Admitted, Error> {
        let before = Predecessor { plan: &Admitted::default(), scope: &[] };
        self.judge_after(asking, question, before, of, host, plan)
    }

    /// The same for a plan that takes another one's place.
    pub(crate) fn judge_after<'a>(
        &self,
        asking: impl Into<Asking<'a>>,
        question: &Question,
        before: Predecessor<'_>,
        of: &Admitted,
        host: &HostFacts,
        plan: &Plan,
    ) -> Result<Admitted, Error> {
        let (asking, network, asked) = (asking.into(), question.network(), question.asked(of));
        let request = Request { network, asked, grants: asking.mode.grants(), host };
        let judged = admit_after(plan, before, &request);
        if self.witness.is_some() {
            self.saw_judged(asking, question, plan, &request, &judged);
        }
        judged.map_err(|denial| Error::denied(asking.mode, denial))
    }

    /// Tells the witness of a judgement that is the same without what this driver did before: without a plan whose place
    /// this one takes, and without what networks of the mode share. A test has neither, and would come to another end.
    fn saw_judged(
        &self,
        asking: Asking<'_>,
        question: &Question,
        plan: &Plan,
        request: &Request<'_>,
        judged: &Result<Admitted, Denial>,
    ) {
        let alone = HostFacts { shared: Vec::new(), ..request.host.clone() };
        if is_same(judged, &admit(plan, &Request { host: &alone, ..*request })) {
            self.saw(asking, question, &alone, || match judged {
                Ok(admitted) => Answer::Plan(admitted.clone()),
                Err(denial) => Answer::Denied(denial.clone()),
            });
        }
    }

    fn saw(&self, asking: Asking<'_>, question: &Question, host: &HostFacts, answer: impl FnOnce() -> Answer) {
        if let Some(witness) = self.witness.as_ref().filter(|_| asking.for_good) {
            let (mode, question, host) = (asking.mode.clone(), question.clone(), host.clone());
            witness.planned(Planned { mode, question, host, answer: answer() });
        }
    }
}

/// Whether two judgements are the same but for names.
fn is_same(one: &Result<Admitted, Denial>, other: &Result<Admitted, Denial>) -> bool {
    let nameless = |plan: &Admitted| {
        let mut plan = plan.clone();
        plan.forget_names();
        plan
    };
    match (one, other) {
        (Ok(one), Ok(other)) => nameless(one) == nameless(other),
        (Err(one), Err(other)) => (one.rule, &one.step) == (other.rule, &other.step),
        _ => false,
    }
}
