//! Interfaces: their types and functions.

use wit_parser::{Function, InterfaceId};

use super::Walk;
use super::members::{Member, Members};
use super::side::Side;

const PARAMETERS: Members = Members {
    noun: "parameter",
    instead: "a function that needs more is another function in another interface: this one stays for the modules that have it",
};
const CALLED: &str =
    "a new hook is a new interface in a world of its own: the driver looks whether a module exports it";
const OFFERED: &str = "a new service of the driver is a new interface to import: a module that used this one would fail on a \
                       driver of the same version";
const KEPT: &str = "keep it: modules and drivers that are out there call it";

impl Walk<'_> {
    /// Names what differs between two interfaces of one name.
    pub(super) fn interface(&mut self, at: &str, old: InterfaceId, new: InterfaceId) {
        let (sides, added) = ((self.old, self.new), if self.new.is_exported(new) { CALLED } else { OFFERED });
        let (before, now) = (&sides.0.resolve.interfaces[old], &sides.1.resolve.interfaces[new]);
        for (name, id) in &before.types {
            let at = format!("{at}.{name}");
            match now.types.get(name) {
                Some(other) => self.definition(&at, *id, *other),
                None => self.broken(&at, "the type is gone", "keep it: modules name it, used or not"),
            }
        }
        for (name, function) in &before.functions {
            let at = format!("{at}.{name}");
            match now.functions.get(name) {
                Some(other) => self.function(&at, function, other),
                None => self.broken(&at, "the function is gone", KEPT),
            }
        }
        for name in now.functions.keys().filter(|name| !before.functions.contains_key(*name)) {
            self.broken(&format!("{at}.{name}"), "the function is new", added);
        }
    }

    /// Names what differs between two functions of one name.
    pub(super) fn function(&mut self, at: &str, old: &Function, new: &Function) {
        let parameters = |side: &Side, function: &Function| -> Vec<_> {
            function.params.iter().map(|parameter| Member::new(side, &parameter.name, Some(&parameter.ty))).collect()
        };
        self.members(at, &PARAMETERS, &parameters(self.old, old), &parameters(self.new, new));
        let result = |side: &Side, function: &Function| [Member::new(side, "itself", function.result.as_ref())];
        let of_results = Members { noun: "the result", ..PARAMETERS };
        self.members(at, &of_results, &result(self.old, old), &result(self.new, new));
        if old.kind.is_async() != new.kind.is_async() {
            self.broken(at, "it is asynchronous now, or no longer", KEPT);
        }
    }
}
