//! The clock that the wall clock limit is counted in. An OS thread, because a task could starve behind the very calls it
//! is to end; asleep while no call runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, Thread};

use wasmtime::Engine;

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
