//! The languages that projects come in.

use std::fmt;

/// A language that a mode can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust, with cargo.
    Rust,
    /// C, with clang, lld, wasi-libc and make.
    C,
    /// JavaScript, with npm and jco.
    Js,
    /// Python, with pip and componentize-py.
    Python,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rust, Self::C, Self::Js, Self::Python];

    /// Its word on the command line, and the name of its example.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::C => "c",
            Self::Js => "js",
            Self::Python => "python",
        }
    }

    /// The files of its example, each with its path and its bytes; made by the build script.
    pub(super) fn files(self) -> &'static [(&'static str, &'static [u8])] {
        match self {
            Self::Rust => include!(concat!(env!("OUT_DIR"), "/examples/rust.rs")),
            Self::C => include!(concat!(env!("OUT_DIR"), "/examples/c.rs")),
            Self::Js => include!(concat!(env!("OUT_DIR"), "/examples/js.rs")),
            Self::Python => include!(concat!(env!("OUT_DIR"), "/examples/python.rs")),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            Self::C => "C",
            Self::Js => "JavaScript",
            Self::Python => "Python",
        })
    }
}
