//! What it takes to put the new module in the old one's place.

use std::collections::BTreeMap;

use plan::Capability;
use policy::{Checked, Manifest, OptionError, OptionSpec, Origin, Scope, printable};
use serde::Serialize;

use super::values::lost;
use crate::schema::{self, grant_section};

/// What it takes to put the new module in the old one's place, and who would lose by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Upgrade {
    /// What the new file asks for and has no grant for: a grant belongs to a digest, so that of the old one does not
    /// count. Nothing where it is built in.
    pub grants: Vec<Capability>,
    /// What an operator would write to grant it all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// What networks and endpoints may have today that the new module refuses.
    pub refused: Vec<RefusedOption>,
}

/// Something that the new module refuses and the old one did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedOption {
    /// The option as users write it: its key and its aliases, as far as this holds for them.
    pub names: Vec<String>,
    /// Of whom: `networks` or `endpoints`.
    pub of: &'static str,
    /// What is refused, and why.
    pub reason: String,
}

impl Upgrade {
    pub(super) fn between(from: &Checked, to: &Checked) -> Self {
        if from.digest() == to.digest() {
            return Self::default();
        }
        let asked = &to.manifest().capabilities;
        let is_missing = |asked: &&Capability| !to.grants().0.iter().any(|grant| grant.capability == **asked);
        let grants: Vec<_> = match to.origin() {
            Origin::Site => asked.iter().filter(is_missing).copied().collect(),
            Origin::BuiltIn => Vec::new(),
        };
        let grant = (!grants.is_empty()).then(|| grant_section(to.name(), to.digest(), asked));
        Self { grants, grant, refused: refused(from.manifest(), to.manifest()) }
    }
}

fn refused(old: &Manifest, new: &Manifest) -> Vec<RefusedOption> {
    let mut refused = Vec::new();
    for (scope, of) in [(Scope::Network, "networks"), (Scope::Endpoint, "endpoints")] {
        for option in old.options.iter().filter(|option| option.is_for(scope)) {
            refused.extend(reasons(option, new, scope).into_iter().map(|(reason, names)| RefusedOption {
                names,
                of,
                reason,
            }));
        }
        let fills = |option: &OptionSpec| option.scope == scope || scope == Scope::Network;
        for option in new.options.iter().filter(|option| option.required && option.is_for(scope) && fills(option)) {
            let had_to = old.spec(&option.key).is_some_and(|old| old.required && old.is_for(scope) && fills(old));
            if !had_to {
                let reason = "where it is not given: it is required".to_owned();
                refused.push(RefusedOption { names: vec![option.key.clone()], of, reason });
            }
        }
    }
    refused
}

/// Why an option is refused, and which of its names that holds for.
fn reasons(option: &OptionSpec, new: &Manifest, scope: Scope) -> BTreeMap<String, Vec<String>> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in [&option.key].into_iter().chain(option.aliases.keys()) {
        if let Some(reason) = why(name, option, new, scope) {
            reasons.entry(reason).or_default().push(printable(name));
        }
    }
    reasons
}

/// Why a name that the old manifest knows is refused, in whole or in part.
fn why(name: &str, old: &OptionSpec, new: &Manifest, scope: Scope) -> Option<String> {
    let Some(spec) = new.spec(name) else {
        // Docker's own keys are never refused: nobody acts on them then.
        let given = BTreeMap::from([(name.to_owned(), String::new())]);
        let is_refused = matches!(new.options(scope, &given, &|_, _| None), Err(OptionError::Unknown { .. }));
        return is_refused.then(|| "it is gone".to_owned());
    };
    if !spec.is_for(scope) {
        return Some(format!("it is for {}s alone", schema::scope(spec.scope)));
    }
    let values = |of: &OptionSpec| of.aliases.get(name).cloned().unwrap_or_default();
    let (theirs, ours) = (values(old), values(spec));
    match (theirs.is_empty(), ours.is_empty()) {
        (true, true) => lost(&old.kind, &spec.kind).map(|lost| format!("where it is {lost}")),
        (true, false) => {
            let words = ours.keys().map(|word| printable(word)).collect::<Vec<_>>();
            Some(format!("where it is none of {}", words.join(", ")))
        }
        (false, _) => {
            let taken =
                |word: &String| if ours.is_empty() { spec.kind.read(word).is_ok() } else { ours.contains_key(word) };
            let lost: Vec<_> = theirs.keys().filter(|word| !taken(word)).map(|word| printable(word)).collect();
            (!lost.is_empty()).then(|| format!("where it is {}", lost.join(" or ")))
        }
    }
}
