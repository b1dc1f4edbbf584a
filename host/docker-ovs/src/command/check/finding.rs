//! What a check found.

use std::fmt;

use serde::Serialize;

use crate::show::Style;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// As it should be.
    Good,
    /// It works, with a restriction worth knowing.
    Doubtful,
    /// Networks will not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// What was looked at.
    pub(super) subject: String,
    /// How it is.
    pub(super) state: State,
    /// In words.
    pub(super) what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

impl Finding {
    pub(super) fn good(subject: &str, what: impl Into<String>) -> Self {
        Self { subject: subject.into(), state: State::Good, what: what.into(), advice: None }
    }

    pub(super) fn doubtful(subject: &str, what: impl Into<String>) -> Self {
        Self { state: State::Doubtful, ..Self::good(subject, what) }
    }

    pub(super) fn bad(subject: &str, what: impl Into<String>) -> Self {
        Self { state: State::Bad, ..Self::good(subject, what) }
    }

    /// What to do about it.
    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (style, word) = match self.state {
            State::Good => (Style::Good, "ok  "),
            State::Doubtful => (Style::Doubtful, "note"),
            State::Bad => (Style::Bad, "BAD "),
        };
        writeln!(f, "{} {:<13} {}", style.paint(word), self.subject, self.what)?;
        self.advice
            .iter()
            .try_for_each(|advice| writeln!(f, "{:<19}{}", "", Style::Strong.paint(&format!("-> {advice}"))))
    }
}
