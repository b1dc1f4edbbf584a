//! The sandbox: an engine, its limits, and the calls.

mod fault;
mod load;
mod run;

use std::sync::Arc;

use plan::{Endpoint, Network, Plan, PublishedPort};
use tokio::sync::Semaphore;
use tracing::Span;
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::cache::Cache;
use crate::contract;
use crate::engine::{self, Allocation};
use crate::guest::Guest;
use crate::ticker::Ticker;
use crate::{Compiler, Limits, Loaded, Outcome, Question, Verdict};

/// Runs modes. Cheap to clone; its clock stops with the last clone.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Shared>);

struct Shared {
    engine: Engine,
    linker: Linker<Guest>,
    allocation: Allocation,
    limits: Limits,
    compiler: Compiler,
    /// Where compiled modules are kept, if they are.
    cache: Option<Cache>,
    ticker: Ticker,
    /// Turns of all modules together. A module waits for a turn of its own first, so that a flood of one holds none of
    /// the others' places.
    turns: Arc<Semaphore>,
    /// Of a site's modules one is compiled and tried at a time: compiling takes gigabytes where it is an attack. The
    /// built-in ones do not wait for them.
    loading: Semaphore,
}

/// Where a sandbox cannot be set up at all.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The engine.
    #[error("the WebAssembly engine does not start: {0}")]
    Engine(String),
    /// The thread of its clock.
    #[error("the sandbox's clock does not start")]
    Clock(#[source] std::io::Error),
}

impl Sandbox {
    /// Sets up an engine: pooled, and where the address space for that is missing, on demand (logged as a warning).
    ///
    /// # Errors
    ///
    /// Where neither can be had.
    pub fn new(limits: Limits, compiler: Compiler) -> Result<Self, SandboxError> {
        Self::set_up(limits, compiler, None)
    }

    /// The same, with a place where modules that take long to compile are kept. For who may trust what lies there, which
    /// is its owner: nobody else may use it.
    ///
    /// # Errors
    ///
    /// Where no engine can be had. What is wrong with the cache is logged, and it is done without.
    pub fn with_cache(limits: Limits, compiler: Compiler, cache: Cache) -> Result<Self, SandboxError> {
        Self::set_up(limits, compiler, Some(cache))
    }

    fn set_up(limits: Limits, compiler: Compiler, cache: Option<Cache>) -> Result<Self, SandboxError> {
        let engine_error = |error: wasmtime::Error| SandboxError::Engine(format!("{error:#}"));
        let (engine, allocation) = engine::running(&limits).map_err(engine_error)?;
        let mut linker = Linker::new(&engine);
        contract::add_to_linker(&mut linker).map_err(engine_error)?;
        let ticker = Ticker::start(&engine).map_err(SandboxError::Clock)?;
        let turns = Arc::new(Semaphore::new(limits.calls));
        let loading = Semaphore::new(1);
        Ok(Self(Arc::new(Shared { engine, linker, allocation, limits, compiler, cache, ticker, turns, loading })))
    }

    /// How instances get their memory.
    #[must_use]
    pub fn allocation(&self) -> Allocation {
        self.0.allocation
    }

    /// The limits that calls run under.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Asks a mode, and says all there is to know about the call. Runs on the blocking pool: needs a tokio runtime.
    /// Whoever stops waiting stops nothing: the call runs to its end, which its limits bring about.
    pub async fn ask(&self, mode: &Loaded, question: Question) -> Outcome {
        let own = Arc::clone(mode.turns()).acquire_owned().await;
        let turn = Arc::clone(&self.0.turns).acquire_owned().await;
        let mode = mode.clone();
        self.blocking(move |shared| {
            let _turns = (own, turn);
            shared.answer(&mode, &question)
        })
        .await
    }

    /// Asks a mode on the thread that calls, and takes no turn: for tools that ask thousands of questions and do nothing
    /// else. At most [`Limits::calls`] threads may do so at once.
    #[must_use]
    pub fn ask_here(&self, mode: &Loaded, question: &Question) -> Outcome {
        self.0.answer(mode, question)
    }

    /// What has to exist for a network itself.
    ///
    /// # Errors
    ///
    /// The mode's refusal, or its fault.
    pub async fn plan_network(&self, mode: &Loaded, network: &Network) -> Result<Plan, Verdict> {
        self.ask(mode, Question::Network(network.clone())).await.answer
    }

    /// What has to exist for one endpoint.
    ///
    /// # Errors
    ///
    /// The mode's refusal, or its fault.
    pub async fn plan_endpoint(&self, mode: &Loaded, network: &Network, endpoint: &Endpoint) -> Result<Plan, Verdict> {
        self.ask(mode, Question::Endpoint(network.clone(), endpoint.clone())).await.answer
    }

    /// What has to exist for the ports an endpoint publishes.
    ///
    /// # Errors
    ///
    /// The mode's refusal, or its fault.
    pub async fn plan_publish(
        &self,
        mode: &Loaded,
        network: &Network,
        endpoint: &Endpoint,
        ports: &[PublishedPort],
    ) -> Result<Plan, Verdict> {
        let question = Question::Publish(network.clone(), endpoint.clone(), ports.to_vec());
        self.ask(mode, question).await.answer
    }

    /// Runs on a thread that may block, under the caller's span.
    async fn blocking<T: Send + 'static>(&self, run: impl FnOnce(&Shared) -> T + Send + 'static) -> T {
        let (shared, span) = (Arc::clone(&self.0), Span::current());
        let task = tokio::task::spawn_blocking(move || span.in_scope(|| run(&shared)));
        match task.await {
            Ok(result) => result,
            // The runtime cancels what has not begun only while it shuts down, and then nobody waits here.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("allocation", &self.allocation)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
