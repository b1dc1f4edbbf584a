//! What a catalog knows at one moment: it is replaced whole when the configuration is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plan::{Grants, ModeDigest};

use super::directory::{self, Dropped};
use super::entry::Entry;
use super::grants::Sections;
use super::{BuiltIn, Notice, Site, causes};
use crate::{Checked, Limits, LoadError, Origin};

/// A mode by its name, or why its file cannot be used.
pub(super) type Named = Result<Arc<Entry>, Arc<LoadError>>;

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    sections: Sections,
    pub(super) named: BTreeMap<String, Named>,
    /// What an operator should know about it.
    pub(super) notices: Vec<Notice>,
    /// What no name leads to any more but a network may still use: out of the store, or of an earlier table.
    kept: BTreeMap<ModeDigest, Arc<Entry>>,
}

impl Table {
    /// Reads the built-in modes and a site's, and checks every file. What is being written is what it was before.
    pub(super) fn read(limits: &Limits, built_in: &[BuiltIn], site: &Site, before: &Self) -> Self {
        let mut notices = Vec::new();
        let sections = Sections::read(site, &before.sections, &mut notices);
        let mut table = Self { sections, ..Self::default() };
        for mode in built_in {
            let checked = Checked::new(mode.name, Origin::BuiltIn, mode.wasm.into(), limits);
            table.add(mode.name, mode.name, checked, &mut notices);
        }
        for Dropped { path, name, bytes } in directory::modules(site, limits, &mut notices) {
            let place = path.display().to_string();
            if built_in.iter().any(|mode| mode.name == name) {
                notices.push(Notice(format!("{place}: passed over, {name} is a built-in mode: give it another name")));
            } else {
                let checked = bytes.and_then(|bytes| Checked::new(&name, Origin::Site, bytes.into(), limits));
                table.add(&name, &place, checked, &mut notices);
            }
        }
        let unfinished: BTreeSet<_> = site.unfinished.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
        for (name, entry) in before.named.iter().filter(|(name, _)| unfinished.contains(name.as_str())) {
            table.named.entry(name.clone()).or_insert_with(|| entry.clone());
        }
        let known = |name: &str| table.named.contains_key(name) || unfinished.contains(name);
        table.sections.unclaimed(&known, &mut notices);
        table.notices = notices;
        table
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

    /// Drops what was kept for networks, but for some; returns all that is left, by name or kept.
    pub(super) fn keep_only(&mut self, needed: &BTreeSet<ModeDigest>) -> BTreeSet<ModeDigest> {
        self.kept.retain(|digest, _| needed.contains(digest));
        let named = self.named.values().flatten().map(|entry| entry.checked().digest());
        named.chain(needed).cloned().collect()
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
