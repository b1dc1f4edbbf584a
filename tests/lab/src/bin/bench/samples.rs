//! Measured values of one thing.

use std::time::{Duration, Instant};

/// Measured values of one thing, in its unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// The least value that is not less than this share of all, which lies between 0 and 1. With fewer than a hundred
    /// values, the 99th percentile is the greatest.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> f64 {
        self.percentile(0.5)
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a duration, as milliseconds.
    pub(crate) fn push(&mut self, duration: Duration) {
        self.0.push(duration.as_secs_f64() * 1e3);
    }

    /// Adds a value in the unit of the others.
    pub(crate) fn push_value(&mut self, value: f64) {
        self.0.push(value);
    }
}

/// How long `run` takes, and what it gives.
pub(crate) fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let result = run();
    (started.elapsed(), result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let samples = Samples((1..=200).rev().map(f64::from).collect());
        assert_eq!([0.5, 0.99, 1.0].map(|share| samples.percentile(share)), [100.0, 198.0, 200.0]);
        let few = Samples(vec![3.0, 1.0, 2.0]);
        assert_eq!([0.5, 0.99, 1.0].map(|share| few.percentile(share)), [2.0, 3.0, 3.0]);
    }
}
