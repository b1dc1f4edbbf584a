//! Why a file is not a mode of this host, in words for whoever dropped it.

use crate::{Fault, ManifestError};

/// Why a module is not taken. The checks come in this order, and the cheap ones come first.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("it cannot be read")]
    Read(#[source] std::io::Error),
    /// Larger than a module may be.
    #[error("it is {bytes} bytes long, or longer: at most {limit} are taken (module_size in [limits])")]
    Size {
        /// The file's length, as far as it was read.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Machine code: what a WebAssembly engine makes, or a program of the machine.
    #[error("it is machine code (an ELF file): modules are taken as WebAssembly and compiled by the driver itself")]
    MachineCode,
    /// It is no WebAssembly, or its manifest cannot be found.
    #[error(transparent)]
    Component(#[from] component::Error),
    /// Cut off or garbled.
    #[error("{}", malformed(.0))]
    Malformed(#[source] wasmparser::BinaryReaderError),
    /// More functions than a module may have: compiling would take too long.
    #[error(
        "it has {functions} functions: at most {limit} are taken; build it optimised and without what it does not use (a \
         release build in Rust, --gc-sections in C), or make two modes of it"
    )]
    Functions {
        /// How many.
        functions: u64,
        /// The limit.
        limit: u32,
    },
    /// Memories that are too large from the start.
    #[error("its memories begin with {bytes} bytes (limit memory: {limit} bytes)")]
    Memory {
        /// All memories together.
        bytes: u64,
        /// The limit.
        limit: usize,
    },
    /// A table that is too large from the start.
    #[error("one of its tables begins with {elements} elements (limit table: {limit} elements)")]
    Table {
        /// That table's.
        elements: u64,
        /// The limit.
        limit: usize,
    },
    /// It wants an operating system.
    #[error(
        "it imports {0}: a mode gets no system interface (WASI); build Rust for wasm32-unknown-unknown, Python with \
         componentize-py --stub-wasi, JavaScript with jco's QuickJS backend and --backend-qjs-stub-wasi, C as a reactor \
         with --gc-sections"
    )]
    Wasi(String),
    /// It wants something else that is not there.
    #[error("it imports {0}: all that a mode can import is ovs:mode/log@1.0.0, or 0.1.0")]
    Import(String),
    /// It was built for another contract.
    #[error(
        "it was built for {0}: this driver speaks ovs:mode@1.0.0 and 0.1.0; build it with the SDK of this driver, which \
         docker-ovs mode new writes, or run a driver that speaks it"
    )]
    Contract(String),
    /// It does not do what a mode does.
    #[error("it does not export ovs:mode/policy@1.0.0: build it for the world ovs:mode/mode")]
    NoPolicy,
    /// Its manifest and its code are of different contracts.
    #[error("its manifest says contract {manifest}, and it was built for {exported}: say the same in both")]
    TwoContracts {
        /// What the manifest says.
        manifest: String,
        /// What it exports.
        exported: &'static str,
    },
    /// Its manifest is not one.
    #[error("its manifest (custom section ovs-mode-manifest) is wrong")]
    Manifest(#[from] ManifestError),
    /// The parser itself failed.
    #[error("reading it made the parser panic: that is a defect of the driver, please report it with the file")]
    Parser,
    /// Compiling it took too much.
    #[error("compiling it took more than {seconds} s of processor time (compile_time in [limits])")]
    CompileTime {
        /// The limit.
        seconds: u64,
    },
    /// Compiling it took too much.
    #[error("compiling it took more than {bytes} bytes of memory (limit compile-memory)")]
    CompileMemory {
        /// The limit, of address space.
        bytes: u64,
    },
    /// It is not valid.
    #[error("it does not compile: {0}")]
    Compile(String),
    /// The child that compiles ended in another way than it should, or not at all.
    #[error("the process that compiles it failed: {0}")]
    Compiler(String),
    /// The child that compiles could not be started or spoken to.
    #[error("the process that compiles it cannot be run")]
    Child(#[source] std::io::Error),
    /// It needs more instances, memories or tables than the engine has places for, or has other types than the contract.
    #[error("it does not fit the contract or the limits of this driver: {0}")]
    Unfit(String),
    /// It could not be tried: there was no place or memory for it.
    #[error("there is no place or memory to try it ({0}): nothing is known to be wrong with it, try again later")]
    NoPlace(String),
    /// It broke when it was tried.
    #[error(transparent)]
    Broken(#[from] Box<Fault>),
}

/// What became of a file that begins like WebAssembly.
fn malformed(error: &wasmparser::BinaryReaderError) -> &'static str {
    if error.message().starts_with("unexpected end") {
        "malformed WebAssembly, it is cut off: copy or build it again"
    } else {
        "malformed WebAssembly, something changed it or no compiler made it: copy or build it again"
    }
}

impl LoadError {
    /// Whether another try may end otherwise, with the same bytes.
    #[must_use]
    pub fn can_retry(&self) -> bool {
        matches!(self, Self::Child(_) | Self::Compiler(_) | Self::NoPlace(_))
    }
}
