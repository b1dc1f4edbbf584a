//! Which module a command is about: arguments that several commands have.

use clap::Args;

/// The module that its author works on.
#[derive(Args, Debug)]
pub(crate) struct Built {
    /// The module, by its file or as a mode of this host [default: the one that was built last in the folder]
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) module: Option<String>,
}

/// A module that somebody looks at.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// A mode of this host (built in, or NAME.wasm in mode_dir); or a file or a mode's folder: anything with a dot or a slash
    #[arg(value_name = "NAME|FILE")]
    pub(crate) module: String,
}
