//! What the configuration lets a module do. A grant belongs to a digest: replace the file, lose the grant.

use std::collections::BTreeMap;

use plan::{Grants, ModeDigest};
use serde::Deserialize;

use super::Notice;
use crate::{Checked, Origin, short};

/// `[grants.NAME]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantSection {
    /// The SHA-256 of the file it was written for, `sha256:` in front or not; a site's module gets nothing without.
    pub digest: Option<String>,
    /// What it may do.
    #[serde(default)]
    pub allow: Grants,
}

/// All sections, digests read.
#[derive(Debug, Default)]
pub(super) struct Sections(BTreeMap<String, Section>);

#[derive(Debug)]
struct Section {
    digest: Option<ModeDigest>,
    allow: Grants,
}

impl Sections {
    /// Reads the sections. One whose digest is none is left out, and said so.
    pub(super) fn read(sections: &BTreeMap<String, GrantSection>, notices: &mut Vec<Notice>) -> Self {
        let mut read = BTreeMap::new();
        for (name, section) in sections {
            let digest = section.digest.as_deref().map(|text| text.strip_prefix("sha256:").unwrap_or(text));
            match digest.map(ModeDigest::new).transpose() {
                Ok(digest) => drop(read.insert(name.clone(), Section { digest, allow: section.allow.clone() })),
                Err(error) => notices.push(Notice(format!("grants.{name}: {error}; it grants nothing until then"))),
            }
        }
        Self(read)
    }

    /// What a module may do: by its digest; a built-in mode without a section everything, and with a section that has
    /// no digest what that says, in all its versions.
    pub(super) fn allowed(&self, name: &str, origin: Origin, digest: &ModeDigest) -> Grants {
        let by_digest = self.0.values().find(|section| section.digest.as_ref() == Some(digest));
        match (by_digest, self.0.get(name), origin) {
            (Some(section), ..) => section.allow.clone(),
            (None, None, Origin::BuiltIn) => Grants::everything(),
            (None, Some(Section { digest: None, allow }), Origin::BuiltIn) => allow.clone(),
            _ => Grants::default(),
        }
    }

    /// Says where a section grants nothing to the module whose name it has.
    pub(super) fn compare(&self, checked: &Checked, notices: &mut Vec<Notice>) {
        let (name, digest) = (&checked.name, &checked.digest);
        let Some(section) = self.0.get(name) else { return };
        match &section.digest {
            Some(granted) if granted != digest => notices.push(Notice(format!(
                "grants.{name}: it is for {}, mode {name} is {}: nothing is granted; if the new file is to be trusted, \
                 its digest is {digest}",
                short(granted),
                short(digest)
            ))),
            None if checked.origin == Origin::Site => notices.push(Notice(format!(
                "grants.{name}: a site's module gets nothing without a digest: add digest = \"{digest}\" if this file \
                 is to be trusted"
            ))),
            _ => {}
        }
    }

    /// Says which sections are for nobody.
    pub(super) fn unclaimed(&self, names: &dyn Fn(&str) -> bool, notices: &mut Vec<Notice>) {
        for name in self.0.keys().filter(|name| !names(name)) {
            notices.push(Notice(format!("grants.{name}: there is no mode {name}")));
        }
    }
}
