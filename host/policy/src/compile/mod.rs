//! Compiling, in a child process with limits. It is the unguarded door of every WebAssembly engine: three megabytes of
//! tiny functions take half a minute and gigabytes, and no engine calls that a defect.
//!
//! The child is this very program, started again: WebAssembly goes in at its standard input, machine code comes out at
//! its standard output. Nothing else is ever taken for machine code.

mod child;

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

pub use child::compile_child;

use crate::escape::printable_within;
use crate::machine_code::MachineCode;
use crate::{Limits, LoadError};

/// Bytes of machine code that are taken.
const OUTPUT: u64 = 256 << 20;
/// Bytes of a complaint that are shown.
const COMPLAINT: u64 = 1 << 10;

/// The program that compiles: a re-execution of this one, unless a test says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiler {
    /// The program; `main` in it begins with [`compile_child`].
    pub program: PathBuf,
    /// Arguments that come before ours.
    pub arguments: Vec<OsString>,
}

impl Default for Compiler {
    fn default() -> Self {
        Self { program: "/proc/self/exe".into(), arguments: Vec::new() }
    }
}

impl Compiler {
    /// Compiles a component, or a core module that the child makes one of.
    pub(crate) async fn compile(&self, module: &[u8], limits: &Limits) -> Result<MachineCode, LoadError> {
        let mut child = self.start(limits).map_err(LoadError::Child)?;
        // The child's limit is on processor time. That it gets some is up to the machine; waiting ends at some point.
        let patience = Duration::from_secs(limits.compile_seconds.saturating_mul(4).saturating_add(10));
        let Ok(finished) = tokio::time::timeout(patience, converse(&mut child, module)).await else {
            child.kill().await.map_err(LoadError::Child)?;
            return Err(LoadError::Compiler(format!("no result within {} s", patience.as_secs())));
        };
        let finished = finished.map_err(LoadError::Child)?;
        match finished.status.success() {
            true => Ok(MachineCode::from_our_child(finished.output)),
            false => Err(failure(finished.status, &finished.complaint, limits)),
        }
    }

    fn start(&self, limits: &Limits) -> io::Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .args(child::arguments(limits))
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }
}

/// What a child that ended left.
struct Finished {
    status: ExitStatus,
    output: Vec<u8>,
    complaint: Vec<u8>,
}

async fn converse(child: &mut Child, module: &[u8]) -> io::Result<Finished> {
    let (Some(mut input), Some(output), Some(complaint)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io::Error::other("its pipes are gone"));
    };
    let write = async move {
        // A child that died reads nothing: its status says why.
        let _ = input.write_all(module).await;
    };
    let (mut machine_code, mut words) = (Vec::new(), Vec::new());
    let (mut output, mut complaint) = (output.take(OUTPUT), complaint.take(COMPLAINT));
    let ((), output, complaint) =
        tokio::join!(write, output.read_to_end(&mut machine_code), complaint.read_to_end(&mut words));
    output.and(complaint)?;
    Ok(Finished { status: child.wait().await?, output: machine_code, complaint: words })
}

/// What ended the child: a limit, the module, or something that should not happen.
fn failure(status: ExitStatus, complaint: &[u8], limits: &Limits) -> LoadError {
    let complaint = printable_within(String::from_utf8_lossy(complaint).trim(), 512);
    match (status.code().and_then(|code| u8::try_from(code).ok()), status.signal()) {
        (Some(child::INVALID), _) => LoadError::Compile(complaint),
        (Some(child::NO_MEMORY), _) => LoadError::CompileMemory { bytes: limits.compile_memory },
        // What Rust's allocator does when there is nothing left: it says so and aborts.
        (_, Some(ABORTED)) if complaint.starts_with("memory allocation") => {
            LoadError::CompileMemory { bytes: limits.compile_memory }
        }
        (_, Some(OUT_OF_TIME)) => LoadError::CompileTime { seconds: limits.compile_seconds },
        _ => LoadError::Compiler(format!("{status}: {complaint}")),
    }
}

/// SIGABRT.
const ABORTED: i32 = rustix::process::Signal::ABORT.as_raw();
/// SIGXCPU: the limit on processor time.
const OUT_OF_TIME: i32 = rustix::process::Signal::XCPU.as_raw();
