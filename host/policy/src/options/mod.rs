//! Options: the text users wrote, typed by the manifest. Closed: what nobody understands is refused by name.

mod elsewhere;
mod error;
mod ignored;
mod nearest;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use plan::{Attribute, Value};

pub use elsewhere::Owner;
pub use error::OptionError;
pub use ignored::Ignored;
pub use nearest::nearest;
pub(crate) use value::LEAST_SECRET;
pub(crate) use value::{one_of, read};

use crate::escape::printable_within;
use crate::{Manifest, OptionKind, OptionSpec, Scope};

/// The host's own option, and its aliases: which mode plans the network.
pub(crate) const MODE_KEYS: [&str; 3] = ["mode", "net.gopher.ovs.bridge.mode", "ovs.bridge.mode"];

/// Docker's own keys: they grow with its releases, so that one that nobody knows is no mistake.
const DOCKERS: &str = "com.docker.network.";
/// Those of them that no mode has to know, given as options of a network: Docker itself acts on the first two, the driver
/// on the third.
const HEEDED: [&str; 3] =
    ["com.docker.network.enable_ipv4", "com.docker.network.enable_ipv6", "com.docker.network.container_iface_prefix"];

/// The options of a network or an endpoint, as the mode gets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Typed, under their own names, defaults filled in.
    pub attributes: Vec<Attribute>,
    /// Docker's own keys (`com.docker.network.*`) that nobody acts on: never refused, and never silently so.
    pub ignored: Vec<Ignored>,
}

/// The mode a network's options ask for (`mode` and its aliases), if they do.
///
/// # Errors
///
/// Where two of the names say different things.
pub fn mode_of(raw: &BTreeMap<String, String>) -> Result<Option<String>, OptionError> {
    let mut given = MODE_KEYS.into_iter().filter_map(|key| Some((key, raw.get(key)?.trim())));
    let Some((first, mode)) = given.next() else { return Ok(None) };
    match given.find(|(_, other)| *other != mode) {
        Some((second, _)) => Err(OptionError::Twice { first: first.into(), second: second.into() }),
        None => Ok(Some(mode.to_owned())),
    }
}

impl Manifest {
    /// Types the options of a network or an endpoint, whichever `scope` says; the names of the option `mode` are passed
    /// over. `owner` says which other mode knows a key in that scope (see [`crate::Catalog::owner_of`]).
    ///
    /// A network gets every default; an endpoint gets those of options that only endpoints have, because for an option
    /// of both the network has the default.
    ///
    /// # Errors
    ///
    /// The first key, in alphabetical order, that is unknown, out of place, given twice, or has a value that is not of
    /// its type; then the first that is missing.
    pub fn options(
        &self,
        scope: Scope,
        raw: &BTreeMap<String, String>,
        owner: &dyn Fn(&str, Scope) -> Option<Owner>,
    ) -> Result<Options, OptionError> {
        let mut ignored = Vec::new();
        let mut given: BTreeMap<&str, (&str, Value)> = BTreeMap::new();
        for (key, text) in raw {
            if MODE_KEYS.contains(&key.as_str()) && scope == Scope::Network {
                continue;
            }
            let Some(spec) = self.spec(key) else {
                ignored.extend(self.unowned(scope, key, owner)?);
                continue;
            };
            if !spec.is_for(scope) {
                return Err(OptionError::Place { key: key.clone(), scope: spec.scope });
            }
            let value = spec.read(key, text)?;
            match given.insert(&spec.key, (key, value.clone())) {
                Some((first, other)) if other != value => {
                    return Err(OptionError::Twice { first: first.into(), second: key.clone() });
                }
                _ => {}
            }
        }
        let attributes = self.fill(scope, given)?;
        Ok(Options { attributes, ignored })
    }

    /// What was given, and the defaults, in the manifest's order.
    fn fill(&self, scope: Scope, mut given: BTreeMap<&str, (&str, Value)>) -> Result<Vec<Attribute>, OptionError> {
        let mut attributes = Vec::new();
        for spec in self.options.iter().filter(|spec| spec.is_for(scope)) {
            let fills = spec.scope == scope || scope == Scope::Network;
            let value = given.remove(spec.key.as_str()).map(|(_, value)| value);
            match value.or_else(|| spec.default.clone().filter(|_| fills)) {
                Some(value) => attributes.push(Attribute::new(&spec.key, value)),
                None if spec.required && fills => {
                    let (mode, key, help) = (self.name.clone(), spec.key.clone(), spec.help.clone());
                    return Err(OptionError::Missing { mode, key, help });
                }
                None => {}
            }
        }
        Ok(attributes)
    }

    /// The option of a key or alias.
    #[must_use]
    pub fn spec(&self, key: &str) -> Option<&OptionSpec> {
        self.options.iter().find(|spec| spec.key == key || spec.aliases.contains_key(key))
    }

    /// What becomes of a key that the mode does not know: nothing, where somebody else acts on it.
    fn unowned(
        &self,
        scope: Scope,
        key: &str,
        owner: &dyn Fn(&str, Scope) -> Option<Owner>,
    ) -> Result<Option<Ignored>, OptionError> {
        if HEEDED.contains(&key) {
            return Ok(None);
        }
        if let Some(owner) = owner(key, scope) {
            return Err(OptionError::Elsewhere { key: printable_within(key, 64), owner, scope });
        }
        if !key.starts_with(DOCKERS) {
            return Err(self.unknown(scope, key));
        }
        let names = self.options.iter().filter(|spec| spec.is_for(scope)).flat_map(|spec| spec.aliases.keys());
        Ok(Some(Ignored::new(key, &self.name, names)))
    }

    fn unknown(&self, scope: Scope, key: &str) -> OptionError {
        let known: Vec<String> =
            self.options.iter().filter(|spec| spec.is_for(scope)).map(|spec| spec.key.clone()).collect();
        let candidates = known.iter().map(String::as_str).chain((scope == Scope::Network).then_some("mode"));
        let nearest = nearest(key, candidates).map(str::to_owned);
        OptionError::Unknown { mode: self.name.clone(), key: printable_within(key, 64), nearest, known }
    }
}

impl OptionSpec {
    /// Types a value that was given under a key, which may be an alias with values of its own.
    fn read(&self, key: &str, text: &str) -> Result<Value, OptionError> {
        let wrong = |wanted: String| OptionError::Value {
            key: if key == self.key { key.to_owned() } else { format!("{key} ({})", self.key) },
            value: match self.kind {
                OptionKind::Secret => error::HIDDEN_VALUE.to_owned(),
                _ => format!("\"{}\"", printable_within(text, 128)),
            },
            wanted,
            help: self.help.clone(),
        };
        let translated = match self.aliases.get(key).filter(|values| !values.is_empty()) {
            Some(values) => values
                .get(&text.trim().to_ascii_lowercase())
                .ok_or_else(|| wrong(format!("{} is wanted", one_of(&values.keys().collect::<Vec<_>>()))))?,
            None => text,
        };
        read(&self.kind, translated).map_err(wrong)
    }
}
