//! One question, asked again and again, in a fresh instance each time: there is no other way to ask.

use std::time::Duration;

use policy::{Loaded, Outcome, Question, Sandbox, Verdict};

use super::BenchError;
use super::report::AnswerCost;

/// How often a question is asked to know what it takes when everything it touches is warm.
const TIMES: usize = 200;

/// A question, by a name that stays the same from one run to the next.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The fixture's file and the case.
    pub name: String,
    /// What is asked.
    pub question: Question,
}

/// Measures what the answer to a question takes.
///
/// # Errors
///
/// Where there is none, or it takes another amount of fuel each time.
pub fn measure(sandbox: &Sandbox, mode: &Loaded, asked: &Asked) -> Result<AnswerCost, BenchError> {
    let name = || asked.name.clone();
    let ask = || {
        let Outcome { answer, usage, .. } = sandbox.ask_here(mode, &asked.question);
        match answer {
            Ok(_) | Err(Verdict::Refused(_)) => Ok(usage),
            Err(cause) => Err(BenchError::NoAnswer { name: name(), cause }),
        }
    };
    let first = ask()?;
    let mut times: Vec<Duration> = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let again = ask()?;
        if again.fuel != first.fuel {
            return Err(BenchError::Unsteady { name: name(), first: first.fuel, second: again.fuel });
        }
        times.push(again.time);
    }
    times.sort_unstable();
    Ok(AnswerCost {
        name: name(),
        call: asked.question.call(),
        fuel: first.fuel,
        memory: first.memory,
        first: first.time,
        median: times[TIMES / 2],
    })
}
