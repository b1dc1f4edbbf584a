//! What the configuration and the files of `grants_dir` let a module do. A grant belongs to a digest: replace the file,
//! lose the grant.

use std::collections::BTreeMap;
use std::fmt;

use plan::{Grants, ModeDigest};
use serde::Deserialize;

use super::directory::{self, DroppedGrants};
use super::{GrantFile, Granted, Notice, Site};
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

/// All sections of the configuration, digests read, and all files.
#[derive(Clone, Debug, Default)]
pub(super) struct Sections {
    configured: BTreeMap<String, Section>,
    /// Files of `grants_dir` whose names no section of the configuration has.
    dropped: BTreeMap<String, Section>,
}

#[derive(Clone, Debug)]
struct Section {
    /// Where it stands, for messages.
    place: String,
    file: GrantFile,
}

impl Section {
    /// One that cannot be read, which is said. It is there all the same: without one a built-in mode would have everything.
    fn unread(place: String, error: impl fmt::Display, notices: &mut Vec<Notice>) -> Self {
        notices.push(Notice(format!("{place}: {error}; it grants nothing until then")));
        Self { place, file: GrantFile::default() }
    }
}

impl Sections {
    /// Reads everything. What cannot be read grants nothing, and is said so; `before` has what holds for files that are
    /// being written.
    pub(super) fn read(site: &Site, before: &Self, notices: &mut Vec<Notice>) -> Self {
        let mut read = Self { configured: configured(&site.grants, notices), dropped: BTreeMap::new() };
        for DroppedGrants { path, name, file } in directory::grants(site, notices) {
            let place = path.display().to_string();
            match file {
                Ok(_) if read.configured.contains_key(&name) => notices.push(Notice(format!(
                    "{place}: passed over, grants.{name} in the configuration wins over it: remove one of them"
                ))),
                Ok(file) => drop(read.dropped.insert(name, Section { place, file })),
                Err(error) => drop(read.dropped.insert(name, Section::unread(place, error, notices))),
            }
        }
        for (name, section) in &before.dropped {
            if site.unfinished.iter().any(|path| path.display().to_string() == section.place) {
                read.dropped.entry(name.clone()).or_insert_with(|| section.clone());
            }
        }
        read
    }

    /// All of them; those of the configuration come first, and win.
    fn all(&self) -> impl Iterator<Item = &Section> {
        self.configured.values().chain(self.dropped.values())
    }

    fn of_name(&self, name: &str) -> Option<&Section> {
        self.configured.get(name).or_else(|| self.dropped.get(name))
    }

    /// What a module may do. A site's by its digest, whatever it is called; a built-in mode without a section of its name
    /// everything, and with one that has no digest what that says, in all its versions.
    pub(super) fn allowed(&self, name: &str, origin: Origin, digest: &ModeDigest) -> Grants {
        if origin == Origin::Site {
            let granted = self.all().find_map(|section| section.file.of(digest));
            return granted.cloned().unwrap_or_default();
        }
        match self.of_name(name).map(|section| &section.file) {
            None => Grants::everything(),
            Some(GrantFile { digest: None, allow, .. }) => allow.clone(),
            Some(file) => file.of(digest).cloned().unwrap_or_default(),
        }
    }

    /// Says where a section grants nothing to the module whose name it has.
    pub(super) fn compare(&self, checked: &Checked, notices: &mut Vec<Notice>) {
        let (name, digest) = (&checked.name, &checked.digest);
        let Some(Section { place, file }) = self.of_name(name) else { return };
        if file.of(digest).is_some() {
            return;
        }
        let dropped = self.dropped.contains_key(name);
        let anew = format!("docker-ovs mode add FILE --name {name} --grant ... grants it anew");
        match &file.digest {
            Some(granted) => notices.push(Notice(format!(
                "{place}: it is for {}, mode {name} is {}: nothing is granted; if the new file is to be trusted, {}",
                short(granted),
                short(digest),
                if dropped { anew } else { format!("its digest is {digest}") }
            ))),
            None if checked.origin == Origin::Site && !file.allow.0.is_empty() => notices.push(Notice(format!(
                "{place}: a site's module gets nothing without a digest: {}",
                if dropped { anew } else { format!("add digest = \"{digest}\" if this file is to be trusted") }
            ))),
            None => {}
        }
    }

    /// Says which sections are for nobody. (A file may be there for networks alone.)
    pub(super) fn unclaimed(&self, names: &dyn Fn(&str) -> bool, notices: &mut Vec<Notice>) {
        for name in self.configured.keys().filter(|name| !names(name)) {
            notices.push(Notice(format!("grants.{name}: there is no mode {name}")));
        }
        for (name, section) in self.dropped.iter().filter(|(name, _)| !names(name)) {
            if section.file.digest.is_some() {
                let place = &section.place;
                notices.push(Notice(format!(
                    "{place}: there is no mode {name}: put {name}.wasm into mode_dir, or `docker-ovs mode rm {name}`"
                )));
            }
        }
    }
}

fn configured(sections: &BTreeMap<String, GrantSection>, notices: &mut Vec<Notice>) -> BTreeMap<String, Section> {
    let mut read = BTreeMap::new();
    for (name, section) in sections {
        let digest = section.digest.as_deref().map(|text| text.strip_prefix("sha256:").unwrap_or(text));
        match digest.map(ModeDigest::new).transpose() {
            Ok(digest) => {
                let file = GrantFile { digest, allow: section.allow.clone(), earlier: Vec::<Granted>::new() };
                read.insert(name.clone(), Section { place: format!("grants.{name}"), file });
            }
            Err(error) => drop(read.insert(name.clone(), Section::unread(format!("grants.{name}"), error, notices))),
        }
    }
    read
}
