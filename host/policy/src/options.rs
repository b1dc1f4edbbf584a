//! Options: the text users wrote, typed by the manifest. Closed: what nobody understands is refused by name.

use std::collections::BTreeMap;

use plan::Attribute;

use crate::{Manifest, Scope};

/// The options of a network or an endpoint, as the mode gets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Typed, under their own names, defaults filled in.
    pub attributes: Vec<Attribute>,
    /// Docker's own keys (`com.docker.network.*`) that the mode has no use for: noted, never refused.
    pub noted: Vec<String>,
}

/// What is wrong with an option.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {}

/// The mode a network's options ask for (`mode` and its aliases), if they do.
///
/// # Errors
///
/// Where two of the names say different things, or one says nothing.
pub fn mode_of(raw: &BTreeMap<String, String>) -> Result<Option<String>, OptionError> {
    let _ = raw;
    todo!()
}

impl Manifest {
    /// Types options of one scope; `owner` says which other mode knows a key (see [`crate::Catalog::owner_of`]).
    ///
    /// # Errors
    ///
    /// The first key that is unknown, given twice, missing, or has a value that is not of its type.
    pub fn options(
        &self,
        scope: Scope,
        raw: &BTreeMap<String, String>,
        owner: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Options, OptionError> {
        let _ = (scope, raw, owner);
        todo!()
    }
}
