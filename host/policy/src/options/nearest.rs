//! What somebody may have meant.

/// Bytes of a word that somebody could have mistyped; comparing takes the product of both lengths.
const LONGEST: usize = 64;

/// The word that differs least, if it differs little: by a third of its letters at most.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let distances = known.into_iter().map(|other| (distance(word, other), other));
    let (distance, other) = distances.min()?;
    (distance <= (other.len().max(word.len()) / 3).max(1)).then_some(other)
}

/// How many letters have to be put in, taken out, changed, or swapped with their neighbour (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=other.len()).collect());
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_near_and_another_word_is_not() {
        let known = ["bridge", "mtu", "masquerade", "gateway_mode"];
        assert_eq!(nearest("brigde", known), Some("bridge"));
        assert_eq!(nearest("mut", known), Some("mtu"), "two letters swapped");
        assert_eq!(nearest("mtuu", known), Some("mtu"));
        assert_eq!(nearest("masquarade", known), Some("masquerade"));
        assert_eq!(nearest("typo", known), None);
        assert_eq!(nearest("x", []), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), known), None);
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
