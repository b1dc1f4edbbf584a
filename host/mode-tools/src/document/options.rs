//! The table of options.

use std::fmt::Write;

use policy::{Manifest, OptionSpec};

use super::markdown::{code, text};
use crate::schema::{AliasReport, OptionReport};

/// A manifest's options, a row each; nothing where it has none.
#[must_use]
pub fn table(manifest: &Manifest) -> Option<String> {
    let mut table = "| option | on | value | default | meaning | other names |\n|---|---|---|---|---|---|\n".to_owned();
    for option in &manifest.options {
        let _ = writeln!(table, "| {} |", row(option).join(" | "));
    }
    (!manifest.options.is_empty()).then_some(table)
}

fn row(option: &OptionSpec) -> [String; 6] {
    let OptionReport { key, scope, values, default, required, help, aliases, .. } = option.into();
    let default = match default {
        Some(default) => code(&default),
        None if required => "required".to_owned(),
        None => String::new(),
    };
    let aliases = aliases.iter().map(alias).collect::<Vec<_>>().join(", ");
    [code(&key), scope.to_owned(), text(&values), default, text(&help), aliases]
}

fn alias(alias: &AliasReport) -> String {
    let values = alias.values.iter().map(|(theirs, ours)| format!("{theirs} is {ours}")).collect::<Vec<_>>();
    if values.is_empty() { code(&alias.key) } else { format!("{} ({})", code(&alias.key), text(&values.join(", "))) }
}
