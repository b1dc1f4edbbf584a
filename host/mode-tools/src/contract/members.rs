//! What a type or a function is made of, member by member.

use wit_parser::Type;

use super::Walk;
use super::side::Side;

/// A field, a case, a parameter: its name, and its type as it is written and as it is meant.
pub(super) struct Member {
    name: String,
    of: Option<(String, String)>,
}

impl Member {
    pub(super) fn new(side: &Side, name: &str, of: Option<&Type>) -> Self {
        Self { name: name.to_owned(), of: of.map(|of| (side.written(of), side.meant(of))) }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (&self.of, &other.of) {
            // The same name for a type: what it means now is told where it is defined.
            (Some((written, meant)), Some((other_written, other_meant))) => {
                written == other_written || meant == other_meant
            }
            (None, None) => true,
            _ => false,
        }
    }

    fn written(&self) -> &str {
        self.of.as_ref().map_or("without a value", |(written, _)| written)
    }
}

/// What members are called, and what to do instead of changing them.
pub(super) struct Members {
    /// `field`.
    pub(super) noun: &'static str,
    /// Advice.
    pub(super) instead: &'static str,
}

impl Walk<'_> {
    /// Names what differs between the members of two things.
    pub(super) fn members(&mut self, at: &str, of: &Members, old: &[Member], new: &[Member]) {
        let Members { noun, instead } = of;
        let before = self.breaks.len();
        for member in old {
            match new.iter().find(|other| other.name == member.name) {
                None => self.broken(at, format!("{noun} {} is gone", member.name), instead),
                Some(other) if !member.is_like(other) => {
                    let (was, is) = (member.written(), other.written());
                    self.broken(at, format!("{noun} {} is {is}, and was {was}", member.name), instead);
                }
                Some(_) => {}
            }
        }
        for member in new.iter().filter(|member| !old.iter().any(|other| other.name == member.name)) {
            self.broken(at, format!("{noun} {} is new", member.name), instead);
        }
        let names =
            |members: &[Member]| members.iter().map(|member| member.name.clone()).collect::<Vec<_>>().join(", ");
        if self.breaks.len() == before && names(old) != names(new) {
            self.broken(at, format!("the order is {}, and was {}", names(new), names(old)), instead);
        }
    }
}
