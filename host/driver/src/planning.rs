//! Asking a mode and judging what it plans, in the sight of the witness.

use plan::{Admitted, HostFacts, Plan, Predecessor, Request, admit_after};
use plumbing::Dataplane;
use policy::{Answer, Loaded, Planned, Question, Verdict};

use crate::Driver;
use crate::error::Error;

impl<D: Dataplane> Driver<D> {
    /// Asks a mode. A plan is still to be judged: [`Driver::judge`].
    pub(crate) async fn consult(&self, mode: &Loaded, question: &Question) -> Result<Plan, Error> {
        let verdict = match self.sandbox.ask(mode, question.clone()).await.answer {
            Ok(plan) => return Ok(plan),
            Err(verdict) => verdict,
        };
        match &verdict {
            Verdict::Refused(refusal) => {
                self.saw(mode, question, &HostFacts::default(), || Answer::Refused(refusal.clone()));
            }
            Verdict::Broken(fault) => {
                self.saw(mode, question, &HostFacts::default(), || Answer::Broken(fault.clone()));
            }
            // The mode has not said anything.
            Verdict::Unable { .. } => {}
        }
        Err(verdict.into())
    }

    /// Passes a plan through the guard. `of` is the network's own, for what is about an endpoint.
    pub(crate) fn judge(
        &self,
        mode: &Loaded,
        question: &Question,
        of: &Admitted,
        host: &HostFacts,
        plan: &Plan,
    ) -> Result<Admitted, Error> {
        let before = Predecessor { plan: &Admitted::default(), scope: &[] };
        self.judge_after(mode, question, before, of, host, plan)
    }

    /// The same for a plan that takes another one's place.
    pub(crate) fn judge_after(
        &self,
        mode: &Loaded,
        question: &Question,
        before: Predecessor<'_>,
        of: &Admitted,
        host: &HostFacts,
        plan: &Plan,
    ) -> Result<Admitted, Error> {
        let (network, asked) = (question.network(), question.asked(of));
        let judged = admit_after(plan, before, &Request { network, asked, grants: mode.grants(), host });
        self.saw(mode, question, host, || match &judged {
            Ok(admitted) => Answer::Plan(admitted.clone()),
            Err(denial) => Answer::Denied(denial.clone()),
        });
        judged.map_err(|denial| Error::denied(mode, denial))
    }

    fn saw(&self, mode: &Loaded, question: &Question, host: &HostFacts, answer: impl FnOnce() -> Answer) {
        if let Some(witness) = &self.witness {
            let (mode, question, host) = (mode.clone(), question.clone(), host.clone());
            witness.planned(Planned { mode, question, host, answer: answer() });
        }
    }
}
