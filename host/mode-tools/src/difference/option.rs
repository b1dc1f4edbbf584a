//! Options, before and after.

use policy::Manifest;
use serde::Serialize;

use super::{Change, Moved};
use crate::schema::OptionReport;

/// What became of the options. One of another name is another option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OptionChanges {
    /// New ones.
    pub added: Vec<OptionReport>,
    /// Those that are gone.
    pub removed: Vec<OptionReport>,
    /// Those that are not what they were.
    pub changed: Vec<ChangedOption>,
}

/// An option that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedOption {
    /// Its name.
    pub key: String,
    /// `type`, `values`, `scope`, `default`, `required`, `help`.
    pub changes: Vec<Change>,
    /// Its other names, with what their values mean.
    pub aliases: Moved,
}

impl OptionChanges {
    pub(super) fn between(old: &Manifest, new: &Manifest) -> Self {
        let (old, new) = (reports(old), reports(new));
        let find = |options: &[OptionReport], key: &str| options.iter().find(|option| option.key == key).cloned();
        let without = |some: &[OptionReport], others: &[OptionReport]| {
            some.iter().filter(|option| find(others, &option.key).is_none()).cloned().collect()
        };
        Self {
            added: without(&new, &old),
            removed: without(&old, &new),
            changed: old.iter().filter_map(|option| changed(option, &find(&new, &option.key)?)).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

fn reports(manifest: &Manifest) -> Vec<OptionReport> {
    manifest.options.iter().map(OptionReport::from).collect()
}

fn changed(old: &OptionReport, new: &OptionReport) -> Option<ChangedOption> {
    let default = |option: &OptionReport| option.default.clone().unwrap_or_default();
    let changes = [
        Change::between("type", old.kind, new.kind),
        Change::between("values", &old.values, &new.values),
        Change::between("scope", old.scope, new.scope),
        Change::between("default", &default(old), &default(new)),
        Change::between("required", &old.required.to_string(), &new.required.to_string()),
        Change::between("help", &old.help, &new.help),
    ];
    let changes: Vec<_> = changes.into_iter().flatten().collect();
    let aliases = Moved::between(&old.aliases, &new.aliases);
    (!changes.is_empty() || !aliases.is_empty()).then(|| ChangedOption { key: old.key.clone(), changes, aliases })
}
