//! The directory that records are written to: numbered files, of which the oldest go when there are too many.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, Mode, OFlags, fstat, openat, renameat, unlinkat};
use rustix::io::Errno;

use super::Recorder;

/// What a record is called until it is whole.
const UNFINISHED: &str = ".unfinished";

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
    /// The names of the records by their numbers.
    files: BTreeMap<u64, String>,
}

impl Folder {
    /// Opens a directory, or makes it, for nobody but this user.
    pub(super) fn open(path: &Path) -> Result<Self, RecordError> {
        let unusable = |source| RecordError::Unusable { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let mut files = BTreeMap::new();
        for entry in Dir::read_from(own(path)?).map_err(|error| unusable(error.into()))? {
            let entry = entry.map_err(|error| unusable(error.into()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.extend(number(&name).map(|number| (number, name)));
        }
        Ok(Self { path: path.to_owned(), files })
    }

    /// Writes a record, whole or not at all, under the next number.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<(), RecordError> {
        if text.len() > Recorder::BYTES {
            return Err(RecordError::Size { bytes: text.len() });
        }
        // Each time anew: a record must not follow what somebody made of the directory meanwhile.
        let directory = own(&self.path)?;
        self.add(&directory, name, text).map_err(|source| RecordError::Unusable { path: self.path.clone(), source })
    }

    fn add(&mut self, directory: &OwnedFd, name: &str, text: &str) -> io::Result<()> {
        while self.files.len() >= Recorder::FILES
            && let Some((_, oldest)) = self.files.pop_first()
        {
            match unlinkat(directory, &oldest, AtFlags::empty()) {
                Err(error) if error != Errno::NOENT => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        let number = self.files.last_key_value().map_or(0, |(last, _)| *last) + 1;
        let name = format!("{number:06}-{name}.toml");
        let written = write_new(directory, text).and_then(|()| Ok(renameat(directory, UNFINISHED, directory, &name)?));
        if let Err(error) = written {
            let _ = unlinkat(directory, UNFINISHED, AtFlags::empty());
            return Err(error);
        }
        self.files.insert(number, name);
        Ok(())
    }
}

/// The directory, open: what was checked is what is used, whatever becomes of its name. A link to one is none.
fn own(path: &Path) -> Result<OwnedFd, RecordError> {
    let unusable = |source: Errno| RecordError::Unusable { path: path.to_owned(), source: source.into() };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = rustix::fs::open(path, flags, Mode::empty()).map_err(unusable)?;
    let stat = fstat(&directory).map_err(unusable)?;
    if stat.st_mode & 0o077 != 0 || stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(RecordError::Open { path: path.to_owned() });
    }
    Ok(directory)
}

/// Writes a file that has its name yet to come. One that a driver left that died over it makes room.
fn write_new(directory: &OwnedFd, text: &str) -> io::Result<()> {
    match unlinkat(directory, UNFINISHED, AtFlags::empty()) {
        Err(error) if error != Errno::NOENT => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(directory, UNFINISHED, flags, Mode::RUSR | Mode::WUSR)?;
    File::from(file).write_all(text.as_bytes())
}

/// The number that a record's name begins with.
fn number(name: &str) -> Option<u64> {
    name.strip_suffix(".toml")?.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;
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
    fn what_becomes_of_the_directory_is_looked_at_each_time() {
        let place = tempfile::tempdir().unwrap();
        let [path, elsewhere] = ["records", "elsewhere"].map(|name| place.path().join(name));
        let mut folder = Folder::open(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(folder.write("x", ""), Err(RecordError::Open { .. })), "others can look into it");
        fs::rename(&path, &elsewhere).unwrap();
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o700)).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(matches!(folder.write("x", ""), Err(RecordError::Unusable { .. })), "it is a link");
        assert!(matches!(Folder::open(&path), Err(RecordError::Unusable { .. })));
        fs::remove_file(&path).unwrap();
        fs::rename(&elsewhere, &path).unwrap();
        fs::write(path.join(UNFINISHED), "half").unwrap();
        folder.write("x", "whole").unwrap();
        assert_eq!(names(&path), ["000001-x.toml"]);
        assert_eq!(fs::read_to_string(path.join("000001-x.toml")).unwrap(), "whole");
    }

    #[test]
    fn a_directory_that_others_can_look_into_is_not_taken() {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = Folder::open(place.path()).unwrap_err();
        assert!(matches!(error, RecordError::Open { .. }) && error.to_string().contains("chmod 700"), "{error}");
    }
}
