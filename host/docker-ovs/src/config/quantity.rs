//! Durations, sizes and counts, as people write them.

use std::time::Duration;

use figment::value::Value;

/// Most calls of modules at once.
const MOST_CALLS: usize = 256;

/// `20s`, `500ms`, `2m`; a bare number is seconds. Not nothing, and at most an hour.
pub(super) fn duration(value: &Value) -> Result<Duration, String> {
    let right = || "a duration such as \"20s\" or \"500ms\", at most an hour".to_owned();
    let (number, unit) = split(value).ok_or_else(right)?;
    let milliseconds = match unit.as_str() {
        "ms" => number,
        "" | "s" => number.saturating_mul(1000),
        "m" => number.saturating_mul(60_000),
        _ => return Err(right()),
    };
    if (1..=3_600_000).contains(&milliseconds) { Ok(Duration::from_millis(milliseconds)) } else { Err(right()) }
}

/// A duration in whole seconds, rounded up.
pub(super) fn seconds(value: &Value) -> Result<u64, String> {
    duration(value).map(|duration| duration.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
}

/// `16MiB`, `512KiB`; a bare number is bytes. Not nothing, and at most a GiB.
pub(super) fn bytes(value: &Value) -> Result<usize, String> {
    let right = || "a size such as \"16MiB\", at most \"1GiB\"".to_owned();
    let (number, unit) = split(value).ok_or_else(right)?;
    let shift = match unit.as_str() {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return Err(right()),
    };
    let size = number.saturating_mul(1 << shift);
    let fits = usize::try_from(size).ok().filter(|_| (1..=1 << 30).contains(&size));
    fits.ok_or_else(right)
}

/// A whole number above zero.
pub(super) fn count<T: TryFrom<u64>>(value: &Value) -> Result<T, String> {
    let number = split(value).filter(|(number, unit)| *number > 0 && unit.is_empty());
    let fits = number.and_then(|(number, _)| T::try_from(number).ok());
    fits.ok_or_else(|| "a whole number above 0".to_owned())
}

/// How many calls of modules at once: each takes a thread, and address space from the start.
pub(super) fn calls(value: &Value) -> Result<usize, String> {
    let few = count(value).ok().filter(|calls| (1..=MOST_CALLS).contains(calls));
    few.ok_or_else(|| format!("a whole number from 1 to {MOST_CALLS}"))
}

/// A number and what stands behind it.
fn split(value: &Value) -> Option<(u64, String)> {
    if let Value::Num(_, number) = value {
        let whole = number.to_u128().or_else(|| u128::try_from(number.to_i128()?).ok());
        return Some((u64::try_from(whole?).ok()?, String::new()));
    }
    let text = value.as_str()?.trim();
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, wanted) in [("20s", 20_000), ("500ms", 500), ("2 m", 120_000), ("7", 7000), ("60m", 3_600_000)] {
            assert_eq!(duration(&Value::from(text)), Ok(Duration::from_millis(wanted)), "{text}");
        }
        assert_eq!(duration(&Value::from(5_u16)), Ok(Duration::from_secs(5)));
        for bad in ["", "s", "0s", "61m", "-1s", "1.5s", "5 parsecs", "99999999999999999999s"] {
            assert!(duration(&Value::from(bad)).is_err(), "{bad}");
        }
        assert!(duration(&Value::from(true)).is_err());
    }

    #[test]
    fn sizes_and_counts() {
        for (text, wanted) in [("16MiB", 16 << 20), ("1 GiB", 1 << 30), ("4096", 4096), ("1B", 1)] {
            assert_eq!(bytes(&Value::from(text)), Ok(wanted), "{text}");
        }
        for bad in ["0", "2GiB", "16MB", "many"] {
            assert!(bytes(&Value::from(bad)).is_err(), "{bad}");
        }
        assert_eq!(count::<u64>(&Value::from(50_000_000_u64)), Ok(50_000_000));
        assert!(count::<u64>(&Value::from(0)).is_err() && count::<u8>(&Value::from(256)).is_err());
        assert_eq!((calls(&Value::from(1)), calls(&Value::from(256))), (Ok(1), Ok(256)));
        for bad in [0, 257, 1 << 61, u64::MAX] {
            assert_eq!(calls(&Value::from(bad)), Err("a whole number from 1 to 256".to_owned()));
        }
        assert!(count::<u64>(&Value::from(-1)).is_err() && count::<u64>(&Value::from("3s")).is_err());
    }
}
