//! A file of `grants_dir`: what a mode may do, as `docker-ovs mode add` writes it.

use std::io::{self, Read};
use std::path::Path;

use plan::{Grants, ModeDigest};
use serde::{Deserialize, Serialize};

use crate::preflight::open_regular;

/// What a mode may do: `NAME.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantFile {
    /// The SHA-256 of the module that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<ModeDigest>,
    /// What that may do.
    #[serde(default)]
    pub allow: Grants,
    /// Modules that had the name before, and that networks still use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Granted>,
}

/// What one module may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// Its SHA-256.
    pub digest: ModeDigest,
    /// What it may do.
    pub allow: Grants,
}

/// Why such a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GrantFileError {
    /// What the system said.
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It is something else.
    #[error("it is no file of grants: {}", .0.to_string().trim_end())]
    Content(#[from] toml::de::Error),
}

impl GrantFile {
    /// Reads one; nothing: there is none.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is something else.
    pub fn read(path: &Path) -> Result<Option<Self>, GrantFileError> {
        let mut text = String::new();
        match open_regular(path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => Ok(Some(toml::from_str(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// As it is written.
    ///
    /// # Panics
    ///
    /// Never: grants are lists of text.
    #[must_use]
    pub fn to_toml(&self, name: &str) -> String {
        let body = toml::to_string(self).expect("grants are lists of text");
        format!(
            "# What mode {name} may do, as `docker-ovs mode add` wrote it: bound to the SHA-256 of its module.\n\
             # [grants.{name}] in the configuration wins over this file.\n{body}"
        )
    }

    /// What a module may do.
    #[must_use]
    pub fn of(&self, digest: &ModeDigest) -> Option<&Grants> {
        if self.digest.as_ref() == Some(digest) {
            return Some(&self.allow);
        }
        self.earlier.iter().find(|granted| granted.digest == *digest).map(|granted| &granted.allow)
    }

    /// Whether it grants nothing to anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.digest.is_none() && self.earlier.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        let digest = |digit: &str| ModeDigest::new(digit.repeat(64)).unwrap();
        let grants = |texts: &[&str]| Grants(texts.iter().map(|text| text.parse().unwrap()).collect());
        let file = GrantFile {
            digest: Some(digest("a")),
            allow: grants(&["uplink=eth1", "vlan=100-199"]),
            earlier: vec![Granted { digest: digest("b"), allow: grants(&["nat"]) }],
        };
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lab.toml");
        assert_eq!(GrantFile::read(&path).unwrap(), None);
        std::fs::write(&path, file.to_toml("lab")).unwrap();
        assert_eq!(GrantFile::read(&path).unwrap(), Some(file.clone()));
        assert_eq!(file.of(&digest("b")), Some(&grants(&["nat"])));
        assert_eq!(file.of(&digest("c")), None);
        std::fs::remove_file(&path).unwrap();
        let fifo = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, &path, fifo, rustix::fs::Mode::RUSR, 0).unwrap();
        assert!(
            GrantFile::read(&path).unwrap_err().to_string().contains("not a regular file"),
            "and nobody waits for it"
        );
        std::fs::remove_file(&path).unwrap();
        for bad in ["alow = []", "allow = [\"root\"]", "digest = \"abc\"", "allow = "] {
            std::fs::write(&path, bad).unwrap();
            assert!(matches!(GrantFile::read(&path), Err(GrantFileError::Content(_))), "{bad}");
        }
    }
}
