//! What must hold of every answer of a mode, whatever it is asked.

use std::fmt;

use plan::Denial;
use policy::Fault;
use serde::Serialize;

/// A property, as its failure is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// It answers: no trap, no limit, no answer that cannot be read, no plan that cannot be.
    Answers,
    /// Two fresh instances give the same answer for the same fuel.
    Deterministic,
    /// The guard admits what it plans, under the capabilities that its own manifest asks for.
    Admitted,
    /// What is undone from what was written down leaves nothing.
    UndoIsClean,
    /// A refusal has a code, and the option that it names exists.
    RefusalIsClear,
}

impl Property {
    /// What it says, in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Answers => "a mode answers every question that can be asked",
            Self::Deterministic => "a mode answers the same to the same question, for the same fuel",
            Self::Admitted => "a mode plans what its own manifest asks to be allowed, and the guard admits",
            Self::UndoIsClean => "undoing a plan leaves nothing of it",
            Self::RefusalIsClear => "a refusal has a code, and names an option that exists",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// A property that does not hold, and of which call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) property: Property,
    /// The function of the contract that was called.
    pub(crate) call: &'static str,
    /// What tells it from another failure of the same property: the class of a fault, the rule of the guard.
    pub(crate) kind: String,
    /// What happened, for people.
    pub(crate) what: String,
}

impl Broken {
    /// The module broke.
    pub(crate) fn fault(call: &'static str, fault: &Fault) -> Self {
        Self { property: Property::Answers, call, kind: fault.kind.class().to_owned(), what: fault.to_string() }
    }

    /// The guard said no.
    pub(crate) fn denied(call: &'static str, denial: &Denial) -> Self {
        let kind = word(denial.rule);
        Self { property: Property::Admitted, call, kind, what: denial.to_string() }
    }

    /// Something else, of which there is one kind.
    pub(crate) fn other(property: Property, call: &'static str, what: impl Into<String>) -> Self {
        Self { property, call, kind: String::new(), what: what.into() }
    }

    /// Whether another failure is the same one, of a smaller input.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.property, self.call, &self.kind) == (other.property, other.call, &other.kind)
    }
}

/// A name of the vocabulary as fixtures have it: lower case, with `-` between words.
pub(crate) fn word(name: impl Serialize) -> String {
    match toml::Value::try_from(name) {
        Ok(toml::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}
