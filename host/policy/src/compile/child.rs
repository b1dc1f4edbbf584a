//! The child's side of compiling.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use rustix::io::Errno;
use rustix::process::{Gid, Resource, Rlimit, Uid, geteuid, setrlimit};
use rustix::thread::{
    CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs, set_thread_gid, set_thread_groups,
    set_thread_uid,
};

use crate::{Limits, engine};

/// The argument that makes a process a child that compiles.
const MARK: &str = "compile-mode-in-child";
/// Exit code: the module is not valid.
pub(super) const INVALID: u8 = 65;
/// Exit code: there is no memory for it.
pub(super) const NO_MEMORY: u8 = 71;
/// Nobody, as Linux and Debian have it.
const NOBODY: u32 = 65534;

/// What the child is told: which it is, its limits, and those limits that are compiled in.
pub(super) fn arguments(limits: &Limits) -> [OsString; 5] {
    let numbers = [limits.compile_memory, limits.compile_seconds, limits.stack as u64, limits.memory as u64];
    let [compile_memory, seconds, stack, memory] = numbers.map(|number| OsString::from(number.to_string()));
    [MARK.into(), compile_memory, seconds, stack, memory]
}

/// First thing in `main`: if this process was started to compile, does so and says with what to exit.
///
/// ```no_run
/// # use std::process::ExitCode;
/// fn main() -> ExitCode {
///     if let Some(code) = policy::compile_child() {
///         return code;
///     }
///     // ...
///     ExitCode::SUCCESS
/// }
/// ```
#[must_use]
pub fn compile_child() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1).skip_while(|argument| argument != MARK);
    arguments.next()?;
    let mut numbers = arguments.map_while(|argument| argument.to_str()?.parse::<u64>().ok());
    let told = [numbers.next(), numbers.next(), numbers.next(), numbers.next()];
    let [Some(compile_memory), Some(compile_seconds), Some(stack), Some(memory)] = told else {
        eprintln!("this is for the driver itself to call");
        return Some(ExitCode::FAILURE);
    };
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let limits =
        Limits { compile_memory, compile_seconds, stack: size(stack), memory: size(memory), ..Limits::default() };
    Some(match confine(&limits).and_then(|()| compile(&limits)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    })
}

/// Takes from this process what compiling does not need.
fn confine(limits: &Limits) -> io::Result<()> {
    let at_most = |current: u64, maximum: u64| Rlimit { current: Some(current), maximum: Some(maximum) };
    setrlimit(Resource::As, at_most(limits.compile_memory, limits.compile_memory))?;
    setrlimit(Resource::Cpu, at_most(limits.compile_seconds, limits.compile_seconds.saturating_add(1)))?;
    setrlimit(Resource::Core, at_most(0, 0))?;
    setrlimit(Resource::Fsize, at_most(0, 0))?;
    drop_rights()
}

/// From here on this process is nobody and may do nothing that anybody may not, for good. One that cannot get rid of its
/// rights does not compile: what goes wrong in a compiler must not go wrong as root.
fn drop_rights() -> io::Result<()> {
    set_no_new_privs(true)?;
    if geteuid().is_root() {
        become_nobody().map_err(|error| {
            let message =
                format!("it cannot give up root's rights ({error}): let the driver have CAP_SETUID and CAP_SETGID");
            io::Error::new(error.kind(), message)
        })?;
    }
    let none = CapabilitySet::empty();
    Ok(set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?)
}

/// The user goes last: the other two need what goes with it.
fn become_nobody() -> rustix::io::Result<()> {
    match set_thread_gid(Gid::from_raw(NOBODY)) {
        // A user namespace without that id: its root is some ordinary user outside, and not root to begin with.
        Err(Errno::INVAL) => return Ok(()),
        other => other?,
    }
    set_thread_groups(&[])?;
    set_thread_uid(Uid::from_raw(NOBODY))
}

/// Makes what comes in a component, if it is none, and machine code of that.
fn compile(limits: &Limits) -> io::Result<ExitCode> {
    let mut module = Vec::new();
    io::stdin().lock().read_to_end(&mut module)?;
    let compiled = component::componentize(&module).map_err(wasmtime::Error::from);
    let compiled = compiled.and_then(|component| engine::compiling(limits)?.precompile_component(&component));
    match compiled {
        Ok(code) => io::stdout().lock().write_all(&code).map(|()| ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("{error:#}");
            Ok(ExitCode::from(if is_out_of_memory(&error) { NO_MEMORY } else { INVALID }))
        }
    }
}

fn is_out_of_memory(error: &wasmtime::Error) -> bool {
    error.is::<wasmtime::OutOfMemory>()
        || error.chain().any(|cause| {
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::OutOfMemory)
        })
}
