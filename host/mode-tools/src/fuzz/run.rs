//! A run: inputs one after the other, on every processor, until the time is up or a property does not hold.
//!
//! Every input has a number, and is made from the seed and that number alone: it is the same whichever thread makes it,
//! and whatever was tried before.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::generate::{Input, inputs};
use super::property::Broken;
use super::trial::{End, Tally, Trial};
use super::{Budget, FuzzError};

/// Inputs that are tried to find a smaller one that fails the same way, at the most.
const SHRINKING: u32 = 20_000;
/// How long that may take, in milliseconds.
const PATIENCE: u32 = 20_000;
/// How often somebody is told how far it is.
const TOLD: Duration = Duration::from_millis(250);

/// What a run found.
#[derive(Debug)]
pub(super) struct Found {
    /// Inputs that were tried.
    pub(super) inputs: u64,
    pub(super) tally: Tally,
    pub(super) elapsed: Duration,
    pub(super) failure: Option<Shrunk>,
}

/// A failure, made as small as it gets.
#[derive(Debug)]
pub(super) struct Shrunk {
    /// The number of the input that failed.
    pub(super) number: u64,
    pub(super) broken: Broken,
    pub(super) input: Input,
}

/// A run under way.
struct Run<'a> {
    trial: Trial<'a>,
    seed: u64,
    until: Option<Instant>,
    /// How many inputs there are.
    runs: u64,
    /// The number of the next input.
    next: AtomicU64,
    /// The number of the first input that failed.
    first: AtomicU64,
    failures: Mutex<Vec<(u64, End)>>,
}

/// Tries inputs. `told` hears how many were tried so far, now and then.
pub(super) fn run(trial: Trial<'_>, seed: u64, budget: Budget, told: &dyn Fn(u64)) -> Result<Found, FuzzError> {
    let began = Instant::now();
    let (until, runs) = match budget {
        Budget::Time(time) => (Some(began + time), u64::MAX),
        Budget::Runs(runs) => (None, runs),
    };
    let (next, first) = (AtomicU64::new(0), AtomicU64::new(u64::MAX));
    let run = Run { trial, seed, until, runs, next, first, failures: Mutex::default() };
    let (inputs, tally) = run.everywhere(told)?;
    let elapsed = began.elapsed();
    let mut failures = run.failures.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failures.sort_by_key(|(number, _)| *number);
    let failure = match failures.into_iter().next() {
        None => None,
        Some((_, End::Unable(reason))) => return Err(FuzzError::Unable(reason)),
        Some((number, End::Broken(broken))) => Some(shrink(trial, seed, number, &broken)?),
    };
    Ok(Found { inputs, tally, elapsed, failure })
}

impl Run<'_> {
    /// On every processor, as far as the sandbox has places for calls.
    fn everywhere(&self, told: &dyn Fn(u64)) -> Result<(u64, Tally), FuzzError> {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = processors.min(self.trial.sandbox.limits().calls);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.work())).collect();
            while workers.iter().any(|worker| !worker.is_finished()) {
                thread::sleep(TOLD);
                told(self.next.load(Ordering::Relaxed));
            }
            let mut all = (0, Tally::default());
            for worker in workers {
                let (inputs, tally) = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                all = (all.0 + inputs, all.1.with(tally));
            }
            Ok(all)
        })
    }

    /// One thread's share. Inputs after the first that failed are not tried, those before it are.
    fn work(&self) -> Result<(u64, Tally), FuzzError> {
        let strategy = inputs(self.trial.mode.manifest());
        let (mut tried, mut sum) = (0, Tally::default());
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let late = self.until.is_some_and(|until| Instant::now() >= until);
            if number >= self.runs || number > self.first.load(Ordering::Relaxed) || late {
                return Ok((tried, sum));
            }
            let input = strategy.new_tree(&mut runner(self.seed, number)).map_err(no_input)?.current();
            tried += 1;
            match self.trial.run(&input) {
                Ok(tally) => sum = sum.with(tally),
                Err(end) => {
                    self.first.fetch_min(number, Ordering::Relaxed);
                    self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, end));
                }
            }
        }
    }
}

/// Looks for the smallest input that fails as another one did.
fn shrink(trial: Trial<'_>, seed: u64, number: u64, broken: &Broken) -> Result<Shrunk, FuzzError> {
    let mut runner = runner(seed, number);
    let tree = inputs(trial.mode.manifest()).new_tree(&mut runner).map_err(no_input)?;
    let again = |input: Input| match trial.run(&input) {
        Err(End::Broken(other)) if other.is_like(broken) => Err(TestCaseError::fail("it fails the same way")),
        Ok(_) | Err(_) => Ok(()),
    };
    let original = tree.current();
    let input = match runner.run_one(tree, again) {
        Err(TestError::Fail(_, input)) => input,
        // It fails now and then: what it was found with has to do.
        Ok(_) | Err(TestError::Abort(_)) => original,
    };
    let broken = match trial.run(&input) {
        Err(End::Broken(again)) => again,
        Ok(_) | Err(End::Unable(_)) => broken.clone(),
    };
    Ok(Shrunk { number, broken, input })
}

/// What makes the input of a number, and shrinks it.
fn runner(seed: u64, number: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: SHRINKING,
        max_shrink_time: PATIENCE,
        verbose: 0,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

fn no_input(reason: impl std::fmt::Display) -> FuzzError {
    FuzzError::NoInput(reason.to_string())
}
