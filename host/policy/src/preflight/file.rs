//! A module's file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::{Limits, LoadError};

/// A file's bytes, one more than is taken at most: that it is too long shows without reading all of it. A FIFO, say, is
/// no file: opening it would wait forever.
///
/// # Errors
///
/// [`LoadError::Read`], with what the system said.
pub fn read_module(path: &Path, limits: &Limits) -> Result<Vec<u8>, LoadError> {
    if !fs::metadata(path).map_err(LoadError::Read)?.is_file() {
        return Err(LoadError::Read(io::Error::other("it is not a regular file")));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(LoadError::Read)?;
    file.take(limits.module_size as u64 + 1).read_to_end(&mut bytes).map_err(LoadError::Read)?;
    Ok(bytes)
}
