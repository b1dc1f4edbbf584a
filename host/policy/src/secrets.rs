//! What a user gave in confidence: the values of options that a manifest calls secret. A mode gets them, and the driver's
//! store, which is root's alone, keeps them; everybody else is shown [`HIDDEN`] in their place.
//!
//! Two ways, because there are two kinds of places. Where options are shown by their names, a secret one is left out
//! ([`left_out`]). What a mode says in words of its own is searched for the values ([`Secrets`]), and a plan that has one
//! in it is not taken at all: all of a plan is shown, in `explain` as in Open vSwitch. That is why a secret has a least
//! length: shorter ones stand in many texts by chance.
//!
//! What a mode makes of a secret (a part of it, another encoding) is not known again: whoever gives a secret trusts the
//! module.

use std::cmp::Reverse;
use std::fmt;

use plan::{Attribute, Plan, Refusal, RefusalClass, Value};

use crate::escape::printable;
use crate::options::LEAST_SECRET;
use crate::{BadValue, Fault, FaultKind, Loaded, Question, Verdict};

/// Stands where a secret is not shown. It is itself a value that a secret option can have, so that a recorded question
/// can be asked again.
pub const HIDDEN: &str = "(secret)";

/// Options with those left out that are secret: they are there, with another value.
pub fn left_out(options: &[Attribute], is_secret: impl Fn(&str) -> bool) -> Vec<Attribute> {
    let hidden = |key: &str| Attribute::new(key, Value::Text(HIDDEN.to_owned()));
    let shown = |option: &Attribute| if is_secret(&option.key) { hidden(&option.key) } else { option.clone() };
    options.iter().map(shown).collect()
}

/// Bytes of a text that was cut which are taken for the beginning of a secret, if they are one.
const BEGINNING: usize = 4;
/// What stands where a text was cut.
const CUT: &str = "...";

/// The secrets of one question.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Secret>);

#[derive(Clone)]
struct Secret {
    key: String,
    /// The value as it is, and as it is written where texts are made printable or quoted; the longest first.
    spellings: Vec<String>,
}

impl Secrets {
    /// What is secret in a question.
    pub(crate) fn of(mode: &Loaded, question: &Question) -> Self {
        let options = question.endpoint().into_iter().flat_map(|endpoint| &endpoint.options);
        let options = options.chain(&question.network().options);
        let secrets = options.filter(|option| mode.is_secret(&option.key));
        // Another module may have made something else of what was a text.
        let texts = |value: &Value| match value {
            Value::Texts(texts) => texts.clone(),
            value => vec![value.to_string()],
        };
        let long = |text: &String| text.len() >= LEAST_SECRET;
        let secret = |option: &Attribute| {
            let texts = texts(&option.value).into_iter().filter(long);
            texts.map(|text| Secret::new(&option.key, &text)).collect::<Vec<_>>()
        };
        Self(secrets.flat_map(secret).collect())
    }

    /// A text without them. Where it was cut, the beginning of one is one.
    pub(crate) fn hide(&self, text: &str) -> String {
        let spellings = || self.0.iter().flat_map(|secret| &secret.spellings);
        let text = spellings().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN));
        let Some(whole) = text.strip_suffix(CUT) else { return text };
        let is_one = |end: &str| end.len() >= BEGINNING && spellings().any(|secret| secret.starts_with(end));
        let ends = whole.char_indices().map(|(at, _)| whole.split_at(at));
        match ends.into_iter().find(|(_, end)| is_one(end)) {
            Some((before, _)) => format!("{before}{HIDDEN}{CUT}"),
            None => text,
        }
    }

    /// What a mode answered, as it may be shown: a plan that has one of them in it is refused.
    pub(crate) fn keep_out_of(&self, answer: Result<Plan, Verdict>) -> Result<Plan, Verdict> {
        if self.0.is_empty() {
            return answer;
        }
        match answer {
            Ok(plan) => match self.standing_in(&format!("{plan:?}")) {
                Some(secret) => Err(Verdict::Refused(secret.shown())),
                None => Ok(plan),
            },
            Err(Verdict::Refused(Refusal { class, code, message, at })) => {
                let (code, message, at) = (self.hide(&code), self.hide(&message), at.map(|at| self.hide(&at)));
                Err(Verdict::Refused(Refusal { class, code, message, at }))
            }
            Err(Verdict::Broken(fault)) => Err(Verdict::Broken(Box::new(self.hide_in(*fault)))),
            Err(unable @ Verdict::Unable { .. }) => Err(unable),
        }
    }

    fn hide_in(&self, fault: Fault) -> Fault {
        let kind = match fault.kind {
            FaultKind::Plan(BadValue { step, label, field, value, reason }) => {
                let (label, value, reason) = (self.hide(&label), self.hide(&value), self.hide(&reason));
                FaultKind::Plan(BadValue { step, label, field, value, reason })
            }
            kind => kind,
        };
        Fault { kind, log: fault.log.map(|line| self.hide(&line)), ..fault }
    }

    fn standing_in(&self, text: &str) -> Option<&Secret> {
        self.0.iter().find(|secret| secret.spellings.iter().any(|spelling| text.contains(spelling)))
    }
}

impl Secret {
    fn new(key: &str, text: &str) -> Self {
        let quoted = |text: &str| text.escape_debug().to_string();
        let mut spellings = vec![text.to_owned(), printable(text), quoted(text), quoted(&printable(text))];
        spellings.sort_unstable_by_key(|spelling| Reverse(spelling.len()));
        spellings.dedup();
        Self { key: key.to_owned(), spellings }
    }

    /// The driver's no to a plan that would show it.
    fn shown(&self) -> Refusal {
        let message = format!(
            "the value of option {} is secret, and stands in the plan, all of which is shown: give another value; if that \
             does not help, it is the mode that must not put it there",
            self.key
        );
        let (class, at) = (RefusalClass::Invalid, Some(self.key.clone()));
        Refusal { class, code: "secret-in-plan".to_owned(), message, at }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|secret| &secret.key)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(values: &[&str]) -> Secrets {
        Secrets(values.iter().map(|value| Secret::new("token", value)).collect())
    }

    #[test]
    fn a_value_is_hidden_however_it_is_written() {
        let secrets = secrets(&["open \"sesame\"", "zero\u{200b}width"]);
        let written = ["open \"sesame\"", "open \\\"sesame\\\"", "zero\u{200b}width", "zero\\u{200b}width"];
        for text in written {
            assert_eq!(secrets.hide(&format!("say {text}!")), "say (secret)!");
        }
        assert_eq!(secrets.hide("nothing of it"), "nothing of it");
        assert!(!format!("{secrets:?}").contains("sesame"));
    }

    #[test]
    fn where_a_text_was_cut_the_beginning_of_a_secret_is_hidden() {
        let secrets = secrets(&["open sesame"]);
        assert_eq!(secrets.hide("say open ses..."), "say (secret)...");
        assert_eq!(secrets.hide("open ses"), "open ses", "nothing was cut: it is no secret");
        assert_eq!(secrets.hide("say op..."), "say op...");
    }

    #[test]
    fn a_plan_with_a_secret_in_it_is_refused() {
        let plan = |text: &str| {
            let reply = vec![Attribute::new("gateway", Value::Text(text.to_owned()))];
            Plan { reply, ..Plan::default() }
        };
        let secrets = secrets(&["open \"sesame\""]);
        let Err(Verdict::Refused(refusal)) = secrets.keep_out_of(Ok(plan("for open \"sesame\""))) else { panic!() };
        assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), ("secret-in-plan", Some("token")));
        assert!(!refusal.message.contains("sesame"));
        assert!(secrets.keep_out_of(Ok(plan("for sesame"))).is_ok());
        assert!(Secrets::default().keep_out_of(Ok(plan("for anything"))).is_ok());
    }

    #[test]
    fn options_are_left_out_by_their_names() {
        let option = |key: &str, value: &str| Attribute::new(key, Value::Text(value.to_owned()));
        let shown = left_out(&[option("token", "open sesame"), option("uplink", "eth1")], |key| key == "token");
        assert_eq!(shown, [option("token", HIDDEN), option("uplink", "eth1")]);
    }
}
