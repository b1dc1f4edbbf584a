//! Which values of an option are taken no longer, in words that follow "where it is".

use policy::{OptionKind, printable};

use crate::schema;

/// Which values that the old kind takes the new one does not; nothing where it takes all of them.
pub(super) fn lost(old: &OptionKind, new: &OptionKind) -> Option<String> {
    use OptionKind::{Address, Boolean, Integer, Mac, Net, Secret, Text, Texts};
    match (old, new) {
        // Whatever is no list is one text, and a list of one.
        (_, Text { choices }) if choices.is_empty() => None,
        (Address | Net | Mac | Integer { .. } | Boolean, Texts) => None,
        (Address, Address) | (Net, Net) | (Mac, Mac) | (Boolean, Boolean) | (Texts, Texts) | (Secret, Secret) => None,
        (Text { choices }, _) if !choices.is_empty() => choices_lost(choices, new),
        (Integer { minimum, maximum }, Integer { minimum: least, maximum: most }) => {
            let below = (minimum < least).then(|| format!("below {least}"));
            let above = (maximum > most).then(|| format!("above {most}"));
            let lost: Vec<_> = below.into_iter().chain(above).collect();
            (!lost.is_empty()).then(|| lost.join(" or "))
        }
        (_, Secret) => Some("shorter than 8 bytes".to_owned()),
        (Text { .. } | Secret, Texts) => Some("a text with nothing between two commas".to_owned()),
        (_, Text { .. }) => Some(format!("none of {}", schema::values(new))),
        _ => Some(format!("no {}", schema::kind(new))),
    }
}

fn choices_lost(choices: &[String], new: &OptionKind) -> Option<String> {
    let lost: Vec<_> =
        choices.iter().filter(|choice| new.read(choice).is_err()).map(|choice| printable(choice)).collect();
    (!lost.is_empty()).then(|| lost.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(choices: &[&str]) -> OptionKind {
        OptionKind::Text { choices: choices.iter().map(|choice| (*choice).to_owned()).collect() }
    }

    fn integer(minimum: i64, maximum: i64) -> OptionKind {
        OptionKind::Integer { minimum, maximum }
    }

    #[track_caller]
    fn loses(old: &OptionKind, new: &OptionKind, expected: &str) {
        assert_eq!(lost(old, new).unwrap_or_default(), expected, "{old:?} -> {new:?}");
    }

    #[test]
    fn a_wider_kind_takes_all() {
        let number = integer(1, 4094);
        for (old, new) in [
            (text(&["a", "b"]), text(&["b", "c", "a"])),
            (text(&["a", "b"]), text(&[])),
            (number.clone(), integer(0, 5000)),
            (number.clone(), text(&[])),
            (OptionKind::Boolean, text(&[])),
            (text(&["1", "2"]), number),
            (OptionKind::Address, OptionKind::Texts),
            (OptionKind::Mac, OptionKind::Mac),
            (OptionKind::Secret, text(&[])),
        ] {
            loses(&old, &new, "");
        }
    }

    #[test]
    fn what_a_narrower_kind_refuses_is_named() {
        loses(&text(&["a", "b"]), &text(&["b"]), "a");
        loses(&text(&[]), &text(&["a", "b"]), "none of a, b");
        loses(&text(&["1", "x"]), &integer(0, 9), "x");
        loses(&integer(1, 4094), &integer(2, 4000), "below 2 or above 4000");
        loses(&integer(1, 4094), &integer(1, 4000), "above 4000");
        loses(&OptionKind::Address, &integer(1, 2), "no integer");
        loses(&integer(1, 2), &text(&["1"]), "none of 1");
        loses(&text(&[]), &OptionKind::Secret, "shorter than 8 bytes");
        loses(&text(&[]), &OptionKind::Texts, "a text with nothing between two commas");
    }
}
