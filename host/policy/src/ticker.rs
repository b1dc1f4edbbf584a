//! The clock that the wall clock limit is counted in. An OS thread, because a task could starve behind the very calls it
//! is to end; asleep while no call runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};

use wasmtime::Engine;

use crate::Limits;

/// Ticks an engine's epoch while calls run. The thread ends with the last engine.
#[derive(Clone, Debug)]
pub(crate) struct Ticker {
    running: Arc<AtomicUsize>,
    thread: Thread,
}

/// One call that runs.
#[derive(Debug)]
pub(crate) struct Ticking(Arc<AtomicUsize>);

impl Ticker {
    /// Starts the thread.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let running = Arc::new(AtomicUsize::new(0));
        let (engine, counter) = (engine.weak(), Arc::clone(&running));
        let handle = thread::Builder::new().name("mode-clock".into()).spawn(move || {
            loop {
                if counter.load(Ordering::SeqCst) == 0 {
                    thread::park();
                } else {
                    thread::sleep(Limits::TICK);
                }
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => return,
                }
            }
        })?;
        Ok(Self { running, thread: handle.thread().clone() })
    }

    /// Ticks until what it returns is dropped.
    pub(crate) fn tick(&self) -> Ticking {
        if self.running.fetch_add(1, Ordering::SeqCst) == 0 {
            self.thread.unpark();
        }
        Ticking(Arc::clone(&self.running))
    }

    /// Wakes the thread so that it sees that the engine is gone.
    pub(crate) fn wake(&self) {
        self.thread.unpark();
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
