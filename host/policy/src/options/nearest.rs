//! What somebody may have meant.

/// The word that differs least, if it differs little: by a third of its letters at most.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances = known.into_iter().map(|other| (distance(word, other), other));
    let (distance, other) = distances.min()?;
    (distance <= (other.len().max(word.len()) / 3).max(1)).then_some(other)
}

/// How many letters have to be put in, taken out or changed (Levenshtein), one row at a time.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_near_and_another_word_is_not() {
        let known = ["bridge", "mtu", "masquerade", "gateway_mode"];
        assert_eq!(nearest("brigde", known), Some("bridge"));
        assert_eq!(nearest("mut", known), None, "two of three letters");
        assert_eq!(nearest("mtuu", known), Some("mtu"));
        assert_eq!(nearest("masquarade", known), Some("masquerade"));
        assert_eq!(nearest("typo", known), None);
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
