//! Rates, as they are said to people: `10mbit`.

use std::ops::RangeInclusive;

use crate::{Attributes, Refusal};

/// To the container.
pub(super) const INGRESS: &str = "rate.ingress";
/// From the container.
pub(super) const EGRESS: &str = "rate.egress";

/// Units, in bits per second.
const UNITS: [(&str, u64); 4] = [("gbit", 1_000_000_000), ("mbit", 1_000_000), ("kbit", 1_000), ("bit", 1)];
/// In bits per second. A meter counts kilobits, a queue bytes in 32 bits: with less nothing is limited, with more that is
/// something else.
const RATES: RangeInclusive<u64> = 8_000..=34_000_000_000;

/// The rate of an option, in bits per second.
pub(super) fn read(options: &Attributes, key: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = options.get::<&str>(key) else { return Ok(None) };
    let rate = bits_per_second(text).filter(|rate| RATES.contains(rate));
    rate.map(Some).ok_or_else(|| {
        let message = format!(
            "\"{text}\" is no rate: a whole number and gbit, mbit, kbit or bit, which are per second, are wanted, such as 10mbit, \
             from 8kbit to 34gbit"
        );
        Refusal::invalid("bad-rate", message).at(key)
    })
}

fn bits_per_second(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let (number, unit) = UNITS.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<u64>().ok().filter(|_| digits)?.checked_mul(*unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_numbers_with_a_unit() {
        for (text, rate) in [("10mbit", 10_000_000), ("1gbit", 1_000_000_000), ("500kbit", 500_000), ("8000Bit", 8_000)]
        {
            assert_eq!(bits_per_second(text), Some(rate), "{text}");
        }
        for text in ["", "10", "mbit", "-1mbit", "+1mbit", "1.5mbit", "10 mbit", "10mb", "99999999999999999999gbit"] {
            assert_eq!(bits_per_second(text), None, "{text}");
        }
    }

    #[test]
    fn a_rate_is_one_that_can_be_kept() {
        let read = |text: &str| {
            let options: Attributes = [(INGRESS.to_owned(), text.into())].into_iter().collect();
            read(&options, INGRESS)
        };
        for (text, rate) in [("8kbit", 8_000), ("34gbit", 34_000_000_000)] {
            assert_eq!(read(text).unwrap(), Some(rate));
        }
        for text in ["0mbit", "7bit", "7999bit", "34000000001bit", "40gbit"] {
            let refusal = read(text).unwrap_err();
            assert_eq!((&*refusal.code, refusal.at.as_deref()), ("bad-rate", Some(INGRESS)));
            assert!(refusal.message.contains("from 8kbit to 34gbit"), "{}", refusal.message);
        }
    }
}
