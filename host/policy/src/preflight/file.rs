//! Files of a site: modules, and what they are granted.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, fstat, open};

use crate::{Limits, LoadError};

/// Opens a file to be read, if it is one. What it is is asked of what was opened, whatever has the name by now; and a FIFO,
/// say, is not waited for.
///
/// # Errors
///
/// What the system said, and where it is no regular file.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let file = open(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
    if FileType::from_raw_mode(fstat(&file)?.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(File::from(file))
}

/// A file's bytes, one more than is taken at most: that it is too long shows without reading all of it.
///
/// # Errors
///
/// [`LoadError::Read`], with what the system said.
pub fn read_module(path: &Path, limits: &Limits) -> Result<Vec<u8>, LoadError> {
    let mut bytes = Vec::new();
    let file = open_regular(path).map_err(LoadError::Read)?;
    file.take(limits.module_size as u64 + 1).read_to_end(&mut bytes).map_err(LoadError::Read)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let fifo = directory.path().join("lab.wasm");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        for path in [&fifo, Path::new("/dev/null"), directory.path()] {
            let Err(LoadError::Read(error)) = read_module(path, &Limits::default()) else {
                panic!("{}", path.display())
            };
            assert_eq!(error.to_string(), "it is not a regular file", "{}", path.display());
        }
    }
}
