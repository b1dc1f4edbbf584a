//! The one place where machine code enters the process. Loading it is as good as running it, as root.

use wasmtime::Engine;
use wasmtime::component::Component;

/// Machine code that a child of ours made. Nothing else makes a value of this type: not a file, not the store, not
/// what somebody drops or sends.
pub(crate) struct MachineCode(Vec<u8>);

impl MachineCode {
    /// What came out of the pipe of a child that [`crate::compile`] started, and that said it was done.
    pub(crate) fn from_our_child(output: Vec<u8>) -> Self {
        Self(output)
    }

    /// Bytes of it.
    pub(crate) fn size(&self) -> usize {
        self.0.len()
    }

    /// Makes the code callable.
    #[expect(unsafe_code, reason = "wasmtime offers no other way to take code that another process compiled")]
    pub(crate) fn load(self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: the bytes must come from `precompile_component` and be unchanged since. They are that function's
        // result in a child that is this very program (`/proc/self/exe`), written to a pipe that only the child and we
        // hold, and read to its end before the child's success was seen; the type keeps any other bytes out. They are
        // in our memory, where nobody can change them, and wasmtime refuses another version's or configuration's.
        unsafe { Component::deserialize(engine, &self.0) }
    }
}
