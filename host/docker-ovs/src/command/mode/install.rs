//! Putting files in place, whole or not at all, and still there after a power cut.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use crate::exit::{Failure, INTERNAL, NOT_PERMITTED};

/// Everybody may read modules and grants: `docker-ovs plan` needs no root.
const READABLE: u32 = 0o644;

/// Replaces a file, in a directory that is made if it is missing.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = || -> io::Result<()> {
        let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        DirBuilder::new().recursive(true).mode(0o755).create(directory)?;
        // Hidden, so that the driver does not take it for something that lies there.
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(directory)?;
        file.write_all(content)?;
        file.as_file().set_permissions(Permissions::from_mode(READABLE))?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        File::open(directory)?.sync_all()
    };
    written().map_err(|error| failure("written", path, error))
}

/// Removes a file, if it is there; says whether it was.
pub(super) fn remove(path: &Path) -> Result<bool, Failure> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failure("removed", path, error)),
    }
}

/// What could not be done to a file, and who may.
pub(super) fn failure(what: &str, path: &Path, error: io::Error) -> Failure {
    let path = path.display();
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Failure::say(NOT_PERMITTED, format_args!("{path} cannot be {what}: run the command as root"));
    }
    Failure::new(INTERNAL, anyhow::Error::from(error).context(format!("{path} cannot be {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_readable_by_all() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("modes.d/lab.wasm");
        for content in [&b"one"[..], b"another"] {
            replace(&path, content).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), content);
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o7777, READABLE);
        }
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1, "nothing else is left");
        assert!(remove(&path).unwrap() && !remove(&path).unwrap());
        std::fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"x").unwrap_err().to_string().contains("lab.wasm cannot be written"));
    }
}
