//! One line in the driver's log, under the mode's name: the only thing a mode can say besides its answer.
//!
//! In a module the line goes to the host, which cuts long lines and drops floods. In a native test it goes to standard
//! error.

use std::fmt::Display;

use crate::bindings::ovs::mode::log::Level;

/// What helps the author of the mode.
pub fn debug(message: impl Display) {
    write(Level::Debug, &message.to_string());
}

/// What an operator may want to know.
pub fn info(message: impl Display) {
    write(Level::Info, &message.to_string());
}

/// What an operator should look at.
pub fn warn(message: impl Display) {
    write(Level::Warn, &message.to_string());
}

/// What went wrong.
pub fn error(message: impl Display) {
    write(Level::Error, &message.to_string());
}

#[cfg(target_family = "wasm")]
fn write(level: Level, message: &str) {
    crate::bindings::ovs::mode::log::log(level, message);
}

#[cfg(not(target_family = "wasm"))]
fn write(level: Level, message: &str) {
    eprintln!("{level:?}: {message}");
}
