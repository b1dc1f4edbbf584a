//! What a catalog knows at one moment: it is replaced whole when the configuration is read again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use plan::{Grants, ModeDigest};

use super::directory::{self, Dropped};
use super::entry::Entry;
use super::grants::Sections;
use super::{BuiltIn, GrantSection, Notice, causes};
use crate::{Checked, Limits, LoadError, Origin};

/// A mode by its name, or why its file cannot be used.
pub(super) type Named = Result<Arc<Entry>, Arc<LoadError>>;

#[derive(Debug, Default)]
pub(super) struct Table {
    sections: Sections,
    pub(super) named: BTreeMap<String, Named>,
    /// What no name leads to any more but a network may still use: out of the store, or of an earlier table.
    kept: BTreeMap<ModeDigest, Arc<Entry>>,
}

impl Table {
    /// Reads the built-in modes and a directory, and checks every file.
    pub(super) fn read(
        limits: &Limits,
        built_in: &[BuiltIn],
        mode_dir: Option<&Path>,
        grants: &BTreeMap<String, GrantSection>,
    ) -> (Self, Vec<Notice>) {
        let mut notices = Vec::new();
        let mut table = Self { sections: Sections::read(grants, &mut notices), ..Self::default() };
        for mode in built_in {
            let checked = Checked::new(mode.name, Origin::BuiltIn, mode.wasm.into(), limits);
            table.add(mode.name, mode.name, checked, &mut notices);
        }
        for Dropped { path, name, bytes } in
            mode_dir.map(|directory| directory::read(directory, limits, &mut notices)).unwrap_or_default()
        {
            let place = path.display().to_string();
            if built_in.iter().any(|mode| mode.name == name) {
                notices.push(Notice(format!("{place}: passed over, {name} is a built-in mode: give it another name")));
            } else {
                let checked = bytes.and_then(|bytes| Checked::new(&name, Origin::Site, bytes.into(), limits));
                table.add(&name, &place, checked, &mut notices);
            }
        }
        table.sections.unclaimed(&|name| table.named.contains_key(name), &mut notices);
        (table, notices)
    }

    fn add(&mut self, name: &str, place: &str, checked: Result<Checked, LoadError>, notices: &mut Vec<Notice>) {
        match &checked {
            Ok(checked) => self.sections.compare(checked, notices),
            Err(error) => notices.push(Notice(format!("{place}: mode {name} cannot be used: {}", causes(error)))),
        }
        let entry = checked.map(|checked| Arc::new(Entry::new(self.granted(checked)))).map_err(Arc::new);
        self.named.insert(name.to_owned(), entry);
    }

    /// What the configuration lets a module do.
    pub(super) fn allowed(&self, name: &str, origin: Origin, digest: &ModeDigest) -> Grants {
        self.sections.allowed(name, origin, digest)
    }

    fn granted(&self, checked: Checked) -> Checked {
        let allowed = self.allowed(&checked.name, checked.origin, &checked.digest);
        checked.granted(&allowed)
    }

    /// The names of the modes that networks can be created with, as far as that is known without compiling them.
    pub(super) fn usable(&self) -> Vec<String> {
        let usable = |entry: &Named| entry.as_ref().is_ok_and(|entry| entry.is_usable());
        self.named.iter().filter(|(_, entry)| usable(entry)).map(|(name, _)| name.clone()).collect()
    }

    /// The entry of a digest: a built-in one, one of `mode_dir`, or a kept one.
    pub(super) fn entry(&self, digest: &ModeDigest) -> Option<&Arc<Entry>> {
        let named = || self.named.values().flatten().filter(|entry| entry.checked().digest() == digest);
        let built_in = named().find(|entry| entry.checked().origin == Origin::BuiltIn);
        built_in.or_else(|| named().next()).or_else(|| self.kept.get(digest))
    }

    /// Keeps a module under its digest, granted what it is granted today.
    pub(super) fn keep(&mut self, checked: Checked) {
        let checked = self.granted(checked);
        self.kept.insert(checked.digest.clone(), Arc::new(Entry::new(checked)));
    }

    /// Takes over what an earlier table has compiled, and keeps what only that one had; grants are this one's.
    pub(super) fn succeed(&mut self, earlier: &Self) {
        let all = earlier.named.values().flatten().chain(earlier.kept.values());
        for entry in all {
            let known = entry.checked();
            let again = Arc::new(entry.granted(self.granted(known.clone())));
            if let Some(Ok(named)) = self.named.get_mut(&known.name)
                && named.checked().is(known)
            {
                *named = again;
            } else if self.entry(&known.digest).is_none() {
                self.kept.insert(known.digest.clone(), again);
            }
        }
    }
}
