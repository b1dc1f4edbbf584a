//! Who may see what modes are asked on this host, and what becomes of the answers: so that what happened in production can
//! become a test.

use std::collections::BTreeSet;

use plan::{Admitted, Denial, HostFacts, Refusal};

use crate::{Fault, Loaded, Question};

/// One question that a mode was really asked, with everything that decided about the answer.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The mode, with what it is granted today.
    pub mode: Loaded,
    /// What it was asked.
    pub question: Question,
    /// What the guard was told about the host; empty where it did not have to know.
    pub host: HostFacts,
    /// What became of it.
    pub answer: Answer,
}

impl Planned {
    /// The options that were given in confidence: no one is to see their values.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let options = self.question.endpoint().into_iter().flat_map(|endpoint| &endpoint.options);
        let keys: BTreeSet<_> =
            options.chain(&self.question.network().options).map(|option| option.key.as_str()).collect();
        keys.into_iter().filter(|key| self.mode.is_secret(key))
    }
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A plan, as the guard admitted it; what it makes has no names yet.
    Plan(Admitted),
    /// The guard's no to a plan.
    Denied(Denial),
    /// The mode's no.
    Refused(Refusal),
    /// The mode broke.
    Broken(Box<Fault>),
}

/// Sees every planning call. It is told on the path of Docker's call: what takes time is done elsewhere.
pub trait Witness: Send + Sync {
    /// A mode was asked, and answered.
    fn planned(&self, planned: Planned);
}
