//! The directory of kept modules: this user's alone, and every file in it too.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rustix::fs::{
    AtFlags, Dir, FileType, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_NOW, fchmod, fstat, openat, renameat,
    statat, unlinkat, utimensat,
};
use rustix::io::Errno;
use rustix::process::geteuid;

/// What only its owner may use: a directory, a file.
const OWN_DIRECTORY: u32 = 0o700;
const OWN_FILE: u32 = 0o600;
/// How files that are being written begin.
const UNFINISHED: &str = "new-";
/// After which nobody is writing them any more.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// A command keeps what it has compiled before the driver hears of the module: so long nobody asks whether it is needed.
const FRESH: Duration = Duration::from_secs(60);

/// What is not as it has to be.
#[derive(Debug, thiserror::Error)]
pub(super) enum Odd {
    #[error("it is not there")]
    Missing,
    #[error("it is not a directory, or a link to one")]
    NoDirectory,
    #[error("it is not a regular file")]
    NoFile,
    #[error("it belongs to user {found}, not to {wanted}")]
    Owner { found: u32, wanted: u32 },
    #[error("others may use it (mode {found:04o}): {wanted:04o} is wanted")]
    Permissions { found: u32, wanted: u32 },
    #[error("it is cut off")]
    Cut,
    #[error("it is of another module, another engine or another version of the driver")]
    Another,
    #[error("its content is not what was written")]
    Changed,
    #[error("{0}")]
    Io(io::Error),
}

/// The directory, open: what was checked is what is used, whatever becomes of its name.
pub(super) struct Directory(OwnedFd);

impl Directory {
    /// Opens it, and makes it if it is missing.
    pub(super) fn make(path: &Path) -> Result<Self, Odd> {
        DirBuilder::new().recursive(true).mode(OWN_DIRECTORY).create(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Odd::NoDirectory,
            _ => Odd::Io(error),
        })?;
        Self::open(path)
    }

    /// Opens it.
    pub(super) fn open(path: &Path) -> Result<Self, Odd> {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match error {
            Errno::LOOP | Errno::NOTDIR => Odd::NoDirectory,
            Errno::NOENT => Odd::Missing,
            error => Odd::Io(error.into()),
        })?;
        let stat = fstat(&directory).map_err(|error| Odd::Io(error.into()))?;
        own(&stat, geteuid().as_raw(), OWN_DIRECTORY)?;
        Ok(Self(directory))
    }

    /// A file in it, to be read; nothing: it is not there. It is not waited for, should it be a pipe.
    pub(super) fn file(&self, name: &str) -> Result<Option<File>, Odd> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.0, name, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => return Err(Odd::NoFile),
            Err(error) => return Err(Odd::Io(error.into())),
        };
        let stat = fstat(&file).map_err(|error| Odd::Io(error.into()))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Odd::NoFile);
        }
        own(&stat, geteuid().as_raw(), OWN_FILE)?;
        Ok(Some(File::from(file)))
    }

    /// Puts a file into the place of another, or of none: whole, and never into the one that somebody may be reading.
    pub(super) fn replace(&self, name: &str, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let own = format!("{UNFINISHED}{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.0, &own, flags, Mode::from_raw_mode(OWN_FILE))?);
        let written = fchmod(&file, Mode::from_raw_mode(OWN_FILE)).map_err(io::Error::from);
        let written = written.and_then(|()| write(&mut file));
        let replaced = written.and_then(|()| Ok(renameat(&self.0, &own, &self.0, name)?));
        replaced.inspect_err(|_| self.remove(&own))
    }

    /// Says that a file was used just now: what was not for the longest time goes first.
    pub(super) fn used(&self, name: &str) {
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let times = Timestamps { last_access: now, last_modification: now };
        if let Err(error) = utimensat(&self.0, name, &times, AtFlags::SYMLINK_NOFOLLOW) {
            tracing::debug!(name, %error, "that a kept module was used cannot be noted");
        }
    }

    /// Removes a file, if it can be: what cannot is not taken either.
    pub(super) fn remove(&self, name: &str) {
        if let Err(error) = unlinkat(&self.0, name, AtFlags::empty())
            && error != Errno::NOENT
        {
            tracing::debug!(name, %error, "a kept module cannot be removed");
        }
    }

    /// Removes everything but some files, and those that are just being written or were a moment ago.
    pub(super) fn keep_only(&self, names: &BTreeSet<String>) -> io::Result<()> {
        for kept in self.list()? {
            if !names.contains(&kept.name) && !kept.is_being_written() && kept.age() >= FRESH {
                tracing::debug!(name = kept.name, "a kept module that nothing needs is removed");
                self.remove(&kept.name);
            }
        }
        Ok(())
    }

    /// Removes the files that were not used for the longest time until there is room for so many bytes; says whether there is.
    pub(super) fn make_room(&self, bytes: u64, capacity: u64) -> io::Result<bool> {
        let mut all = self.list()?;
        all.sort_unstable_by_key(|kept| kept.used);
        let mut used: u64 = all.iter().map(|kept| kept.bytes).sum();
        for oldest in all.iter().filter(|kept| !kept.is_being_written()) {
            if used.saturating_add(bytes) <= capacity {
                break;
            }
            self.remove(&oldest.name);
            used = used.saturating_sub(oldest.bytes);
        }
        Ok(used.saturating_add(bytes) <= capacity)
    }

    fn list(&self) -> io::Result<Vec<Kept>> {
        let mut all = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if name == "." || name == ".." {
                continue;
            }
            // Somebody else may have removed it just now.
            let Ok(stat) = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            let used = SystemTime::UNIX_EPOCH + Duration::from_secs(stat.st_mtime.unsigned_abs());
            all.push(Kept { name: name.to_owned(), bytes: stat.st_size.unsigned_abs(), used });
        }
        Ok(all)
    }
}

/// A file in the directory.
struct Kept {
    name: String,
    bytes: u64,
    /// When it was written or last used: its time of modification.
    used: SystemTime,
}

impl Kept {
    fn is_being_written(&self) -> bool {
        self.name.starts_with(UNFINISHED) && self.age() < FORGOTTEN
    }

    fn age(&self) -> Duration {
        SystemTime::now().duration_since(self.used).unwrap_or_default()
    }
}

/// Checks that something is a user's, and nobody else's.
fn own(stat: &Stat, user: u32, permissions: u32) -> Result<(), Odd> {
    if stat.st_uid != user {
        return Err(Odd::Owner { found: stat.st_uid, wanted: user });
    }
    let found = stat.st_mode & 0o7777;
    if found != permissions {
        return Err(Odd::Permissions { found, wanted: permissions });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_anothers_or_open_to_others_is_not_taken() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kept");
        let opened = Directory::make(&path).unwrap();
        let stat = fstat(&opened.0).unwrap();
        let user = geteuid().as_raw();
        assert!(own(&stat, user, OWN_DIRECTORY).is_ok(), "it is made as it has to be");
        assert!(matches!(own(&stat, user + 1, OWN_DIRECTORY), Err(Odd::Owner { .. })));
        for mode in [0o777, 0o755, 0o710, 0o701, 0o4700] {
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
            assert!(matches!(Directory::open(&path), Err(Odd::Permissions { .. })), "{mode:o}");
        }
    }

    #[test]
    fn a_link_or_a_file_is_no_directory() {
        let directory = tempfile::tempdir().unwrap();
        let [real, link, file] = ["real", "link", "file"].map(|name| directory.path().join(name));
        drop(Directory::make(&real).unwrap());
        std::os::unix::fs::symlink(&real, &link).unwrap();
        std::fs::write(&file, "").unwrap();
        for path in [link, file] {
            assert!(matches!(Directory::open(&path), Err(Odd::NoDirectory)), "{}", path.display());
            assert!(matches!(Directory::make(&path), Err(Odd::NoDirectory)), "{}", path.display());
        }
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_goes_where_there_is_no_room() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kept");
        let opened = Directory::make(&path).unwrap();
        for (age, name) in [(3, "oldest"), (2, "older"), (1, "young")] {
            opened.replace(name, |file| io::Write::write_all(file, &[0; 100])).unwrap();
            let then = SystemTime::now() - Duration::from_secs(age * 60);
            File::options().write(true).open(path.join(name)).unwrap().set_modified(then).unwrap();
        }
        opened.used("oldest");
        assert!(opened.make_room(100, 300).unwrap());
        let names = || opened.list().unwrap().into_iter().map(|kept| kept.name).collect::<BTreeSet<_>>();
        assert_eq!(names(), BTreeSet::from(["oldest".to_owned(), "young".to_owned()]));
        assert!(!opened.make_room(301, 300).unwrap());
    }

    #[test]
    fn only_what_is_needed_or_being_written_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kept");
        let opened = Directory::make(&path).unwrap();
        let ages = [
            ("needed", FRESH),
            ("not-needed", FRESH),
            ("fresh", FRESH / 2),
            ("new-1-0", FRESH),
            ("new-2-0", FORGOTTEN),
        ];
        for (name, age) in ages {
            std::fs::write(path.join(name), "").unwrap();
            let then = SystemTime::now() - age;
            File::options().write(true).open(path.join(name)).unwrap().set_modified(then).unwrap();
        }
        opened.keep_only(&BTreeSet::from(["needed".to_owned()])).unwrap();
        let left: BTreeSet<_> = opened.list().unwrap().into_iter().map(|kept| kept.name).collect();
        assert_eq!(left, BTreeSet::from(["needed", "fresh", "new-1-0"].map(str::to_owned)));
    }
}
