//! The directory that records are written to: numbered files, of which the oldest go when there are too many.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Recorder;

/// Why nothing can be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It cannot be made, read or written.
    #[error("{} cannot be used for records", path.display())]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Others could read the records, or put something else in their place.
    #[error("{} is open to others, and records say much about a host: chmod 700 it, and let its owner be who runs the driver", path.display())]
    Open {
        /// The directory.
        path: PathBuf,
    },
    /// No thread can be started that writes.
    #[error("the thread that records cannot be started")]
    Thread(#[source] io::Error),
    /// One record is larger than any should be.
    #[error("a record of {bytes} bytes is left out: at most {} are written", Recorder::BYTES)]
    Size {
        /// Its length.
        bytes: usize,
    },
}

/// The directory, and what is in it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The records by their numbers.
    files: BTreeMap<u64, PathBuf>,
}

impl Folder {
    /// Opens a directory, or makes it, for nobody but this user.
    pub(super) fn open(path: &Path) -> Result<Self, RecordError> {
        let unusable = |source| RecordError::Unusable { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let metadata = fs::metadata(path).map_err(unusable)?;
        if metadata.mode() & 0o077 != 0 || metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(RecordError::Open { path: path.to_owned() });
        }
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(path).map_err(unusable)? {
            let file = entry.map_err(unusable)?.path();
            files.extend(number(&file).map(|number| (number, file)));
        }
        Ok(Self { path: path.to_owned(), files })
    }

    /// Writes a record, whole or not at all, under the next number.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<(), RecordError> {
        if text.len() > Recorder::BYTES {
            return Err(RecordError::Size { bytes: text.len() });
        }
        self.add(name, text).map_err(|source| RecordError::Unusable { path: self.path.clone(), source })
    }

    fn add(&mut self, name: &str, text: &str) -> io::Result<()> {
        while self.files.len() >= Recorder::FILES
            && let Some((_, oldest)) = self.files.pop_first()
        {
            match fs::remove_file(&oldest) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        let number = self.files.last_key_value().map_or(0, |(last, _)| *last) + 1;
        let path = self.path.join(format!("{number:06}-{name}.toml"));
        // Made with mode 0600, and gone if anything fails.
        let mut file = NamedTempFile::new_in(&self.path)?;
        file.write_all(text.as_bytes())?;
        file.persist(&path).map_err(|failed| failed.error)?;
        self.files.insert(number, path);
        Ok(())
    }
}

/// The number that a record's name begins with.
fn number(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".toml")?;
    name.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn records_are_numbered_private_and_whole() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a/records");
        let mut folder = Folder::open(&path).unwrap();
        folder.write("nat-plan-network", "one").unwrap();
        let mut folder = Folder::open(&path).unwrap();
        folder.write("nat-plan-endpoint", "two").unwrap();
        assert_eq!(names(&path), ["000001-nat-plan-network.toml", "000002-nat-plan-endpoint.toml"]);
        for name in names(&path) {
            assert_eq!(fs::metadata(path.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_oldest_go_and_what_is_too_long_is_never_there() {
        let place = tempfile::tempdir().unwrap();
        let mut folder = Folder::open(&place.path().join("records")).unwrap();
        for _ in 0..Recorder::FILES + 2 {
            folder.write("x", "").unwrap();
        }
        let long = "#".repeat(Recorder::BYTES + 1);
        assert!(matches!(folder.write("x", &long), Err(RecordError::Size { .. })));
        let names = names(&folder.path);
        assert_eq!((names.len(), names[0].as_str()), (Recorder::FILES, "000003-x.toml"));
    }

    #[test]
    fn a_directory_that_others_can_look_into_is_not_taken() {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = Folder::open(place.path()).unwrap_err();
        assert!(matches!(error, RecordError::Open { .. }) && error.to_string().contains("chmod 700"), "{error}");
    }
}
