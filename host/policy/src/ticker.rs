//! The clock behind the limit on time. An OS thread, because a task could starve behind the very calls it is to end;
//! asleep while no call runs.
//!
//! A tick says that it is time to look; what counts is the processor time of the thread that the call runs on. A guest
//! cannot wait for anything, so the two only differ where the machine is busy, and that is not the guest's fault.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, Thread};

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::Limits;

/// Ticks an engine's epoch while calls run. The thread ends when this is dropped.
pub(crate) struct Ticker {
    state: Arc<State>,
    thread: Thread,
}

#[derive(Default)]
struct State {
    running: AtomicUsize,
    stopped: AtomicBool,
}

/// One call that runs.
pub(crate) struct Ticking(Arc<State>);

impl Ticker {
    /// Starts the thread.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let state = Arc::new(State::default());
        let (engine, shared) = (engine.clone(), Arc::clone(&state));
        let handle = thread::Builder::new().name("mode-clock".into()).spawn(move || {
            while !shared.stopped.load(Ordering::SeqCst) {
                if shared.running.load(Ordering::SeqCst) == 0 {
                    thread::park();
                } else {
                    thread::sleep(Limits::TICK);
                    engine.increment_epoch();
                }
            }
        })?;
        Ok(Self { state, thread: handle.thread().clone() })
    }

    /// Ticks until what it returns is dropped.
    pub(crate) fn tick(&self) -> Ticking {
        self.state.running.fetch_add(1, Ordering::SeqCst);
        self.thread.unpark();
        Ticking(Arc::clone(&self.state))
    }
}

/// Ends what a store runs when this thread has worked on it for as long as the limits say.
pub(crate) fn limit<T>(store: &mut Store<T>, limits: &Limits) {
    let (began, limit) = (processor_time(), limits.time());
    store.set_epoch_deadline(limits.ticks);
    store.epoch_deadline_callback(move |_| Ok(after(processor_time().saturating_sub(began), limit)));
}

/// How long this thread has run.
pub(crate) fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// What becomes of a call that has used some of its time when it is looked at.
fn after(used: Duration, limit: Duration) -> UpdateDeadline {
    match limit.saturating_sub(used) {
        Duration::ZERO => UpdateDeadline::Interrupt,
        left => UpdateDeadline::Continue(left.as_nanos().div_ceil(Limits::TICK.as_nanos()).try_into().unwrap_or(1)),
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_did_not_get_its_time_goes_on() {
        let limit = Duration::from_millis(250);
        assert!(matches!(after(limit, limit), UpdateDeadline::Interrupt));
        assert!(matches!(after(Duration::from_secs(1), limit), UpdateDeadline::Interrupt));
        assert!(matches!(after(Duration::from_millis(10), limit), UpdateDeadline::Continue(24)));
        assert!(matches!(after(Duration::from_millis(249), limit), UpdateDeadline::Continue(1)));
    }

    #[test]
    fn this_threads_time_goes_on_while_it_works() {
        let began = processor_time();
        while processor_time() == began {
            std::hint::spin_loop();
        }
    }
}
