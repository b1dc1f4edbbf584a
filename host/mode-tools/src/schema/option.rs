//! An option, for programs.

use std::collections::BTreeMap;
use std::fmt;

use policy::{OptionKind, OptionSpec, printable};
use serde::Serialize;

use super::words;

/// An option of a manifest. All texts are printable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionReport {
    /// Its name in `--opt NAME=VALUE`.
    pub key: String,
    /// `text`, `integer`, `boolean`, `address`, `net`, `mac` or `texts`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whether its values are only for the mode.
    pub secret: bool,
    /// The values it can have, in words.
    pub values: String,
    /// All values of a text that has only certain ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The least integer, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The greatest integer, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// `network`, `endpoint` or `both`.
    pub scope: &'static str,
    /// What it is if nobody says, as a user would write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether somebody has to say.
    pub required: bool,
    /// One line.
    pub help: String,
    /// Its other names.
    pub aliases: Vec<AliasReport>,
}

/// Another name of an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AliasReport {
    /// The name.
    pub key: String,
    /// What each value of it means in the option's own; empty where they mean the same.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl From<&OptionSpec> for OptionReport {
    fn from(spec: &OptionSpec) -> Self {
        let (choices, minimum, maximum) = match &spec.kind {
            OptionKind::Text { choices } => (choices.as_slice(), None, None),
            OptionKind::Integer { minimum, maximum } => (
                &[][..],
                Some(*minimum).filter(|minimum| *minimum != i64::MIN),
                Some(*maximum).filter(|maximum| *maximum != i64::MAX),
            ),
            _ => (&[][..], None, None),
        };
        Self {
            key: spec.key.clone(),
            kind: words::kind(&spec.kind),
            secret: spec.kind == OptionKind::Secret,
            values: words::values(&spec.kind),
            choices: choices.iter().map(|choice| printable(choice)).collect(),
            minimum,
            maximum,
            scope: words::scope(spec.scope),
            default: spec.default.as_ref().map(|value| printable(&value.to_string())),
            required: spec.required,
            help: printable(&spec.help),
            aliases: spec.aliases.iter().map(AliasReport::from).collect(),
        }
    }
}

impl From<(&String, &BTreeMap<String, String>)> for AliasReport {
    fn from((key, values): (&String, &BTreeMap<String, String>)) -> Self {
        let values = values.iter().map(|(theirs, ours)| (printable(theirs), printable(ours))).collect();
        Self { key: printable(key), values }
    }
}

impl fmt::Display for AliasReport {
    /// `parent`, and where its values are others `ovs.bridge.userspace (false is auto, true is netdev)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.iter().map(|(theirs, ours)| format!("{theirs} is {ours}")).collect::<Vec<_>>();
        match values.is_empty() {
            true => f.write_str(&self.key),
            false => write!(f, "{} ({})", self.key, values.join(", ")),
        }
    }
}
