//! Worlds: what modules import and export.

use wit_parser::{WorldId, WorldItem};

use super::Walk;

const IMPORTED: &str = "keep it: a module that imports it does not start without";
const EXPORTED: &str = "keep it: drivers that are out there call it";
const NEW_EXPORT: &str =
    "no module built so far has it: let the driver look whether one does, and name it in a world of its own";

impl Walk<'_> {
    /// Names what differs between two worlds of one name. Another import is no break: nobody had it.
    pub(super) fn world(&mut self, name: &str, old: WorldId, new: WorldId) {
        let at = format!("world {name}");
        let (sides, mut pairs) = ((self.old, self.new), Vec::new());
        let (before, now) = (&sides.0.resolve.worlds[old], &sides.1.resolve.worlds[new]);
        let directions =
            [("import", IMPORTED, &before.imports, &now.imports), ("export", EXPORTED, &before.exports, &now.exports)];
        for (direction, keep, before, now) in directions {
            for (key, item) in before {
                let name = sides.0.key(key);
                match now.iter().find(|(other, _)| sides.1.key(other) == name) {
                    Some((_, other)) => pairs.push((name, item, other)),
                    None => self.broken(&at, format!("{direction} {name} is gone"), keep),
                }
            }
        }
        for key in now.exports.keys().map(|key| sides.1.key(key)) {
            if !before.exports.keys().any(|other| sides.0.key(other) == key) {
                self.broken(&at, format!("export {key} is new"), NEW_EXPORT);
            }
        }
        for (name, old, new) in pairs {
            self.item(&format!("{at}, {name}"), old, new);
        }
    }

    /// What stands in the world itself; interfaces of the package are compared once, by their names.
    fn item(&mut self, at: &str, old: &WorldItem, new: &WorldItem) {
        match (old, new) {
            (WorldItem::Function(old), WorldItem::Function(new)) => self.function(at, old, new),
            (WorldItem::Type { id: old, .. }, WorldItem::Type { id: new, .. }) => self.definition(at, *old, *new),
            (WorldItem::Interface { id: old, .. }, WorldItem::Interface { id: new, .. }) => {
                if self.old.resolve.interfaces[*old].name.is_none() {
                    self.interface(at, *old, *new);
                }
            }
            _ => self.broken(at, "it is an interface, a function or a type, and was another of these", IMPORTED),
        }
    }
}
