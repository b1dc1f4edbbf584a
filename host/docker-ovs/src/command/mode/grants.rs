//! The file of grants of one mode, in `grants_dir`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use plan::{Grants, ModeDigest};
use policy::{GrantFile, Granted};

use super::install;
use super::known::Known;
use crate::config::Config;
use crate::exit::{Failure, REFUSED};

/// What a mode is granted by a file, and the file.
#[derive(Clone, Debug)]
pub(super) struct Written {
    name: String,
    path: PathBuf,
    /// What it says now; nothing: there is none.
    pub(super) file: Option<GrantFile>,
}

impl Written {
    /// Reads it.
    pub(super) fn read(name: &str, config: &Config) -> Result<Self, Failure> {
        let path = config.grants_dir.join(format!("{name}.toml"));
        match GrantFile::read(&path) {
            Ok(file) => Ok(Self { name: name.to_owned(), path, file }),
            Err(error) => Err(Failure::say(REFUSED, format_args!("{}: {error}; mend or remove it", path.display()))),
        }
    }

    /// What it grants to a module.
    pub(super) fn of(&self, digest: &ModeDigest) -> Option<&Grants> {
        self.file.as_ref()?.of(digest)
    }

    /// What it is to say: a module's grants, and those of earlier ones as far as they are still `needed`.
    pub(super) fn with(&self, digest: Option<&ModeDigest>, allow: Grants, needed: &Needed) -> GrantFile {
        let before = self.file.clone().unwrap_or_default();
        let last = before.digest.map(|digest| Granted { digest, allow: before.allow });
        let earlier = last.into_iter().chain(before.earlier);
        let kept = |granted: &Granted| Some(&granted.digest) != digest && needed.has(&granted.digest);
        let earlier: Vec<_> = earlier.filter(kept).collect();
        let nothing = allow.0.is_empty() && earlier.is_empty();
        GrantFile { digest: digest.filter(|_| !nothing).cloned(), allow, earlier }
    }

    /// Writes what it is to say; nothing to say: there is no file.
    pub(super) fn write(&self, file: &GrantFile) -> Result<(), Failure> {
        if file.is_empty() {
            return install::remove(&self.path).map(drop);
        }
        install::replace(&self.path, file.to_toml(&self.name).as_bytes())
    }

    /// Writes what it said before, after something else went wrong.
    pub(super) fn put_back(&self) -> Result<(), Failure> {
        self.write(&self.file.clone().unwrap_or_default())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &PathBuf {
        &self.path
    }
}

/// Which modules networks use.
#[derive(Clone, Debug)]
pub(super) enum Needed {
    /// These.
    These(BTreeSet<String>),
    /// No driver runs that could say so: any of them.
    Unknown,
}

impl Needed {
    /// The modules that a driver knows to be used, whatever their networks call them; without one nobody knows.
    pub(super) fn of(known: Option<&Known>) -> Self {
        let Some(known) = known else { return Self::Unknown };
        let used = known.modes.modes.iter().filter(|mode| !mode.users.is_empty());
        Self::These(used.map(|mode| mode.digest.clone()).collect())
    }

    fn has(&self, digest: &ModeDigest) -> bool {
        match self {
            Self::These(digests) => digests.contains(digest.as_str()),
            Self::Unknown => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(digit: &str) -> ModeDigest {
        ModeDigest::new(digit.repeat(64)).unwrap()
    }

    fn grants(texts: &[&str]) -> Grants {
        Grants(texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    #[test]
    fn what_networks_use_keeps_its_grants() {
        let directory = tempfile::tempdir().unwrap();
        let config = Config { grants_dir: directory.path().to_owned(), ..Config::default() };
        let read = || Written::read("lab", &config).unwrap();
        read().write(&read().with(Some(&digest("a")), grants(&["nat"]), &Needed::Unknown)).unwrap();
        assert_eq!(read().of(&digest("a")), Some(&grants(&["nat"])));

        let used = Needed::These([digest("a").to_string()].into());
        read().write(&read().with(Some(&digest("b")), grants(&["publish"]), &used)).unwrap();
        assert_eq!(read().of(&digest("a")), Some(&grants(&["nat"])));
        assert_eq!(read().of(&digest("b")), Some(&grants(&["publish"])));

        let nobody = Needed::These(BTreeSet::new());
        read().write(&read().with(None, Grants::default(), &used)).unwrap();
        assert_eq!((read().of(&digest("a")).is_some(), read().of(&digest("b"))), (true, None));
        read().write(&read().with(None, Grants::default(), &nobody)).unwrap();
        assert!(read().file.is_none() && !read().path().exists(), "nothing granted, no file");
    }
}
