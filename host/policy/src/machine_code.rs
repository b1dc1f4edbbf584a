//! The one place where machine code enters the process. Loading it is as good as running it, as root.

use wasmtime::Engine;
use wasmtime::component::Component;

use crate::cache::Intact;

/// Machine code that a child of ours made. Nothing else makes a value of this type: not a file that somebody drops or
/// sends, not the store.
pub(crate) struct MachineCode(Vec<u8>);

impl MachineCode {
    /// What came out of the pipe of a child that [`crate::compile`] started, and that said it was done.
    pub(crate) fn from_our_child(output: Vec<u8>) -> Self {
        Self(output)
    }

    /// What came out of such a child earlier, and was kept by [`crate::cache`] since.
    pub(crate) fn from_our_cache(kept: Intact) -> Self {
        Self(kept.code())
    }

    /// As it is to be kept.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Makes the code callable.
    #[expect(unsafe_code, reason = "wasmtime offers no other way to take code that another process compiled")]
    pub(crate) fn load(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: the bytes must come from `precompile_component` and be unchanged since. The type keeps out all but two
        // ways that they can have come.
        // 1. They are that function's result in a child that is this very program (`/proc/self/exe`), written to a pipe
        //    that only the child and we hold, and read to its end before the child's success was seen.
        // 2. They are such a result that a process of this user's kept in `cache_dir`, and `Intact` is only made of what
        //    was read from there. The directory is this user's and nobody else may look or write into it (0700); it was
        //    opened without following a link, and what was checked is what is read from. The file is a regular one of
        //    this user's, not a link, that nobody else may open (0600). So whoever put the bytes there acted as this
        //    user, who can change this process anyway: they are as trustworthy as the program file. That they are
        //    still what was written, whole, for this module, this engine and this version of the driver, says the
        //    header with its SHA-256; against a forger who is this user it says nothing, and need not.
        // Either way they are in our memory when they are judged, not mapped: nobody can change them, nor cut off a
        // file below us. wasmtime by itself refuses what another version or configuration of it made.
        unsafe { Component::deserialize(engine, &self.0) }
    }
}
