//! Questions, each asked again and again, in a fresh instance each time: there is no other way to ask.

use std::time::{Duration, Instant};

use policy::{Loaded, Outcome, Question, Sandbox, Verdict};

use super::BenchError;
use super::report::AnswerCost;
use crate::test::Questions;

/// How often a question is asked to know what it takes when everything it touches is warm, if that is soon done.
const TIMES: usize = 200;
/// How long that may take: an interpreter inside a module takes its time.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is asked in any case.
const AT_LEAST: usize = 5;

/// Measures what the answers to a case or a matrix take. The dearest stands for all; nothing: there is no question.
pub(super) fn measure(sandbox: &Sandbox, mode: &Loaded, asked: &Questions) -> Result<Option<AnswerCost>, BenchError> {
    let mut dearest: Option<AnswerCost> = None;
    for question in &asked.all {
        let cost = one(sandbox, mode, &asked.name, question)?;
        if dearest.as_ref().is_none_or(|known| known.fuel < cost.fuel) {
            dearest = Some(cost);
        }
    }
    Ok(dearest)
}

/// Measures what the answer to a question takes.
fn one(sandbox: &Sandbox, mode: &Loaded, name: &str, question: &Question) -> Result<AnswerCost, BenchError> {
    let name = || name.to_owned();
    let ask = || {
        let Outcome { answer, usage, .. } = sandbox.ask_here(mode, question);
        match answer {
            Ok(_) | Err(Verdict::Refused(_)) => Ok(usage),
            Err(cause) => Err(BenchError::NoAnswer { name: name(), cause }),
        }
    };
    let first = ask()?;
    let began = Instant::now();
    let mut times: Vec<Duration> = Vec::with_capacity(TIMES);
    while times.len() < AT_LEAST || (times.len() < TIMES && began.elapsed() < PATIENCE) {
        let again = ask()?;
        if again.fuel != first.fuel {
            return Err(BenchError::Unsteady { name: name(), first: first.fuel, second: again.fuel });
        }
        times.push(again.time);
    }
    times.sort_unstable();
    Ok(AnswerCost {
        name: name(),
        call: question.call(),
        fuel: first.fuel,
        memory: first.memory,
        first: first.time,
        median: times[times.len() / 2],
    })
}
