//! One call: a fresh instance, one function of it, and the end of both. State cannot leak, because nothing stays.

use std::time::Duration;

use plan::{Plan, Refusal, RefusalClass};
use wasmtime::Store;

use super::Shared;
use super::fault::{is_guests, kind};
use super::load::unfit;
use crate::contract::Prepared;
use crate::guest::Guest;
use crate::secrets::Secrets;
use crate::ticker;
use crate::{BadValue, Checked, Fault, FaultKind, LoadError, Loaded, LogLevel, Outcome, Question, Usage, Verdict};

/// One call, as far as it came.
struct Call {
    store: Store<Guest>,
    /// The thread's processor time when it began.
    began: Duration,
}

impl Shared {
    /// Asks a mode.
    pub(super) fn answer(&self, mode: &Loaded, question: &Question) -> Outcome {
        let _ticking = self.ticker.tick();
        let secrets = Secrets::of(mode, question);
        let mut call = match self.begin(secrets.clone()) {
            Ok(call) => call,
            Err(error) => return unable(mode, &error),
        };
        let answer = match mode.prepared().instantiate(&mut call.store) {
            Ok(instance) => instance.ask(&mut call.store, question),
            Err(error) if !is_guests(&error, call.store.data()) => return unable(mode, &error),
            Err(error) => Err(error),
        };
        self.report(mode, &call);
        let answer = match answer {
            Ok(Ok(Ok(plan))) => Ok(plan),
            Ok(Ok(Err(bad))) => Err(self.bad(&call, mode, question, bad)),
            Ok(Err(refusal)) => Err(Verdict::Refused(refusal)),
            Err(error) => Err(self.broken(&call, mode, question, kind(&error, call.store.data(), &self.limits))),
        };
        self.outcome(call, secrets.keep_out_of(answer))
    }

    /// Tries whether a module starts, and has the functions of the contract with the types of the contract: nothing
    /// before this tells for certain.
    pub(super) fn attempt(&self, checked: &Checked, prepared: &Prepared) -> Result<(), LoadError> {
        let _ticking = self.ticker.tick();
        let mut call = self.begin(Secrets::default()).map_err(|error| unfit(&error))?;
        let Err(error) = prepared.instantiate(&mut call.store) else { return Ok(()) };
        let guest = call.store.data();
        if !is_guests(&error, guest) {
            return Err(unfit(&error));
        }
        Err(LoadError::Broken(Box::new(Fault {
            mode: checked.name.clone(),
            digest: checked.digest.clone(),
            call: "start",
            kind: kind(&error, guest, &self.limits),
            log: guest.log.last(),
        })))
    }

    fn begin(&self, secrets: Secrets) -> wasmtime::Result<Call> {
        let mut store = Store::new(&self.engine, Guest::new(&self.limits, secrets));
        store.limiter(|guest| &mut guest.memory);
        store.set_fuel(self.limits.fuel)?;
        ticker::limit(&mut store, &self.limits);
        store.set_hostcall_fuel(self.limits.hostcall);
        Ok(Call { store, began: ticker::processor_time() })
    }

    fn outcome(&self, call: Call, answer: Result<Plan, Verdict>) -> Outcome {
        let usage = Usage {
            fuel: self.limits.fuel.saturating_sub(call.store.get_fuel().unwrap_or(0)),
            memory: call.store.data().memory.peak,
            time: ticker::processor_time().saturating_sub(call.began),
        };
        let log = call.store.into_data().log;
        Outcome { answer, usage, log: log.lines, dropped_lines: log.dropped }
    }

    /// Hands on what the mode logged, under its name.
    fn report(&self, mode: &Loaded, call: &Call) {
        let log = &call.store.data().log;
        for line in &log.lines {
            let (mode, text) = (mode.name(), line.text.as_str());
            match line.level {
                LogLevel::Debug => tracing::debug!(mode, "{text}"),
                LogLevel::Info => tracing::info!(mode, "{text}"),
                LogLevel::Warn => tracing::warn!(mode, "{text}"),
                LogLevel::Error => tracing::error!(mode, "{text}"),
            }
        }
        if log.dropped > 0 {
            tracing::warn!(mode = mode.name(), "{} more lines were logged, and dropped", log.dropped);
        }
    }

    fn broken(&self, call: &Call, mode: &Loaded, question: &Question, kind: FaultKind) -> Verdict {
        Verdict::Broken(Box::new(Fault {
            mode: mode.name().to_owned(),
            digest: mode.digest().clone(),
            call: question.call(),
            kind,
            log: call.store.data().log.last(),
        }))
    }

    /// A value that cannot be is the mode's mistake, unless it is what the user gave for an option: modes pass names on.
    fn bad(&self, call: &Call, mode: &Loaded, question: &Question, bad: BadValue) -> Verdict {
        match question.option_shown(&bad.value) {
            Some(option) => Verdict::Refused(Refusal {
                class: RefusalClass::Invalid,
                code: "bad-value".into(),
                message: bad.reason,
                at: Some(option.to_owned()),
            }),
            None => self.broken(call, mode, question, FaultKind::Plan(bad)),
        }
    }
}

/// Neither the user's mistake nor the mode's: there was no place or memory to run it.
fn unable(mode: &Loaded, error: &wasmtime::Error) -> Outcome {
    let reason = crate::escape::printable_within(&format!("{error:#}"), 512);
    let answer = Err(Verdict::Unable { mode: mode.name().to_owned(), reason });
    Outcome { answer, usage: Usage::default(), log: Vec::new(), dropped_lines: 0 }
}
