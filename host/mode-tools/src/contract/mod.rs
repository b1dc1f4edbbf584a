//! What would break modes that are out there: the contract as it is, compared with an archived version of it.
//!
//! Value types of the component model do not subtype. One more field of a record or case of a variant, and every module
//! built before fails when it is instantiated, in either direction. Nothing but an instantiation notices, so this walks
//! both texts and names what differs. What harms nobody (documentation, another interface to import, another type that
//! no function uses) is not named.

mod interface;
mod members;
mod side;
mod types;
mod world;

use std::fmt;

use wit_parser::PackageName;

use self::side::Side;

/// Two versions of the contract, compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The archived one: `ovs:mode@0.1.0`.
    pub archived: String,
    /// The one of now.
    pub now: String,
    /// Whether the numbers say that modules of the one run with drivers of the other: `0.1.0` and `0.1.7`, `1.0.0` and
    /// `1.3.0`.
    pub compatible: bool,
    /// What keeps them from it.
    pub breaks: Vec<Break>,
}

/// One thing that would break modules or drivers that are out there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Where: `types.plan`, `policy.plan-network`, `world mode`.
    pub at: String,
    /// What: `field note is new`.
    pub what: String,
    /// What to do instead.
    pub instead: &'static str,
}

/// A text that is no contract.
#[derive(Debug, thiserror::Error)]
#[error("the {which} contract cannot be read: {reason}")]
pub struct ContractError {
    which: &'static str,
    reason: String,
}

impl Comparison {
    /// Compares two texts in WIT, each one package.
    ///
    /// # Errors
    ///
    /// Where one of them is no WIT.
    pub fn of(archived: &str, now: &str) -> Result<Self, ContractError> {
        let (old, new) = (Side::parse("archived", archived)?, Side::parse("present", now)?);
        let mut walk = Walk { old: &old, new: &new, breaks: Vec::new() };
        walk.packages();
        let breaks = walk.breaks;
        let compatible = old.base_name() == new.base_name() && track(old.name()) == track(new.name());
        Ok(Self { archived: old.name().to_string(), now: new.name().to_string(), compatible, breaks })
    }

    /// Whether modules that are out there go on running, or the version says that they do not.
    #[must_use]
    pub fn keeps_its_promise(&self) -> bool {
        self.breaks.is_empty() || !self.compatible
    }
}

/// What two versions have in common that are compatible.
fn track(name: &PackageName) -> Option<String> {
    name.version.as_ref().map(PackageName::version_compat_track_string)
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { archived, now, compatible, breaks } = self;
        match (breaks.len(), compatible) {
            (0, _) => return writeln!(f, "{now} runs the modules of {archived}"),
            (_, true) => writeln!(f, "{now} would break modules of {archived}, and its number says that it does not:")?,
            (_, false) => writeln!(f, "{now} breaks modules of {archived}, as its number says:")?,
        }
        for Break { at, what, instead } in breaks {
            writeln!(f, "  {at}: {what}\n    {instead}")?;
        }
        Ok(())
    }
}

/// A walk through both at once.
struct Walk<'a> {
    old: &'a Side,
    new: &'a Side,
    breaks: Vec<Break>,
}

impl Walk<'_> {
    fn packages(&mut self) {
        if self.old.base_name() != self.new.base_name() {
            let what = format!("the package was called {}", self.old.base_name());
            self.broken(&self.new.base_name(), what, "a package keeps its name: modules import and export it by that");
        }
        for (name, old) in self.old.interfaces() {
            match self.new.interface(&name) {
                Some(new) => self.interface(&name, old, new),
                None => self.broken(&name, "the interface is gone", "keep it: modules name it, used or not"),
            }
        }
        for (name, old) in self.old.worlds() {
            match self.new.world(&name) {
                Some(new) => self.world(&name, old, new),
                None => {
                    self.broken(&format!("world {name}"), "it is gone", "keep it: modules are built for it by name");
                }
            }
        }
    }

    fn broken(&mut self, at: &str, what: impl Into<String>, instead: &'static str) {
        self.breaks.push(Break { at: at.to_owned(), what: what.into(), instead });
    }
}
