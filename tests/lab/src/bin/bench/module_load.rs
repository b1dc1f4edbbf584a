//! What it takes until a module can be asked: compiled, and taken from what was kept; a small one, and one that brings an
//! interpreter.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use builtin_modes::builtin;
use policy::{Cache, Checked, Compiler, Limits, Origin, Sandbox};

use crate::report::Row;
use crate::samples::Samples;

/// How often each is loaded; what takes seconds is not compiled more often than it takes to see that it does.
const ROUNDS: usize = 20;
const COMPILED: usize = 3;
/// A mode in Python, as it was archived.
const PYTHON: &str = "../../host/mode-tools/tests/corpus/0.1.0/lab-python/lab.wasm.zst";

/// Loads both again and again.
pub(crate) fn measure() -> Vec<Row> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads start");
    let directory = tempfile::tempdir().expect("a folder for what is kept");
    let place = Place { limits: Limits::default(), directory: directory.path() };
    let (name, nat) = builtin().into_iter().find(|(name, _)| *name == "nat").expect("the mode is built in");
    runtime.block_on(async {
        let small = place.rows(name, nat.into(), ROUNDS).await;
        let large = place.rows("a mode in Python", python().into(), COMPILED).await;
        small.into_iter().chain(large).collect()
    })
}

struct Place<'a> {
    limits: Limits,
    directory: &'a Path,
}

impl Place<'_> {
    async fn rows(&self, what: &str, bytes: Arc<[u8]>, rounds: usize) -> [Row; 2] {
        let checked = Checked::new("bench", Origin::Site, bytes, &self.limits).expect("it is a mode");
        let (mut compiled, mut kept) = (Samples::default(), Samples::default());
        for _ in 0..rounds {
            let sandbox = Sandbox::new(self.limits.clone(), Compiler::default()).expect("the sandbox starts");
            compiled.push(load(&sandbox, &checked).await);
        }
        // Whatever it took, it is kept here.
        let cache = Cache { worth: Duration::ZERO, ..Cache::new(self.directory.join("kept")) };
        let keeping = || Sandbox::with_cache(self.limits.clone(), Compiler::default(), cache.clone());
        load(&keeping().expect("the sandbox starts"), &checked).await;
        for _ in 0..ROUNDS {
            kept.push(load(&keeping().expect("the sandbox starts"), &checked).await);
        }
        [
            Row::time(&format!("module load: {what}, compiled"), &compiled),
            Row::time(&format!("module load: {what}, kept compiled"), &kept),
        ]
    }
}

/// Until it can be asked: from then on a call takes what a call takes.
async fn load(sandbox: &Sandbox, checked: &Checked) -> Duration {
    let started = Instant::now();
    sandbox.load(checked.clone()).await.expect("the module loads");
    started.elapsed()
}

/// The module of a mode in Python.
pub(crate) fn python() -> Vec<u8> {
    let compressed =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(PYTHON)).expect("the archive is in the checkout");
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(&compressed[..]).expect("it is compressed");
    let mut bytes = Vec::new();
    decoder.read_to_end(&mut bytes).expect("it is whole");
    bytes
}
