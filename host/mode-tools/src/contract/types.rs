//! Types by name.

use wit_parser::{TypeDefKind, TypeId};

use super::Walk;
use super::members::{Member, Members};
use super::side::Side;

const FIELDS: Members = Members {
    noun: "field",
    instead: "a new input is a new key of `options` or `facts`, a new answer a new key of `reply`: records are never edited",
};
const CASES: Members = Members {
    noun: "case",
    instead: "a new action is a `custom` kind, `NAME@1`; any other variant stays as it is until the next major version",
};
const MEMBERS: Members = Members {
    noun: "member",
    instead: "a new reason for a refusal is a new `code`; any other enum stays as it is until the next major version",
};
const FLAGS: Members = Members {
    noun: "flag",
    instead: "a new property is a new attribute: flags stay as they are until the next major version",
};
const OTHERWISE: &str = "give the new type a name of its own, and leave this one to the functions that have it";

impl Walk<'_> {
    /// Names what differs between two definitions of one name.
    pub(super) fn definition(&mut self, at: &str, old: TypeId, new: TypeId) {
        let (before, now) = (&self.old.resolve.types[old].kind, &self.new.resolve.types[new].kind);
        let members = match (before, now) {
            (TypeDefKind::Record(_), TypeDefKind::Record(_)) => &FIELDS,
            (TypeDefKind::Variant(_), TypeDefKind::Variant(_)) => &CASES,
            (TypeDefKind::Enum(_), TypeDefKind::Enum(_)) => &MEMBERS,
            (TypeDefKind::Flags(_), TypeDefKind::Flags(_)) => &FLAGS,
            _ => return self.meaning(at, before, now),
        };
        let (before, now) = (parts(self.old, before), parts(self.new, now));
        self.members(at, members, &before, &now);
    }

    /// For types that are what they are written as, and for those that are another kind now.
    fn meaning(&mut self, at: &str, before: &TypeDefKind, now: &TypeDefKind) {
        if self.old.kind(before, true) != self.new.kind(now, true) {
            let (was, is) = (self.old.kind(before, false), self.new.kind(now, false));
            self.broken(at, format!("the type is {is}, and was {was}"), OTHERWISE);
        }
    }
}

/// What a type is made of.
fn parts(side: &Side, kind: &TypeDefKind) -> Vec<Member> {
    match kind {
        TypeDefKind::Record(record) => {
            record.fields.iter().map(|field| Member::new(side, &field.name, Some(&field.ty))).collect()
        }
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().map(|case| Member::new(side, &case.name, case.ty.as_ref())).collect()
        }
        TypeDefKind::Enum(of) => of.cases.iter().map(|case| Member::new(side, &case.name, None)).collect(),
        TypeDefKind::Flags(of) => of.flags.iter().map(|flag| Member::new(side, &flag.name, None)).collect(),
        _ => Vec::new(),
    }
}
