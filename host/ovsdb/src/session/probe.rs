//! Noticing a server that fell silent.

use crate::options::Options;
use crate::remote::Remote;
use std::time::Duration;
use tokio::time::Instant;

/// Asks after some silence, and gives up after as much again.
#[derive(Debug)]
pub(crate) struct Probe {
    interval: Option<Duration>,
    asked: bool,
}

/// What silence calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing yet.
    Fine,
    /// An echo.
    Ask,
    /// The end of the session.
    GiveUp,
}

impl Probe {
    pub(crate) fn new(options: &Options, remote: &Remote) -> Self {
        let wanted = remote.needs_probes() && !options.probe_interval.is_zero();
        Probe { interval: wanted.then_some(options.probe_interval), asked: false }
    }

    /// When to look again.
    pub(crate) fn due(&self, last_heard: Instant) -> Option<Instant> {
        let silence = if self.asked { 2 } else { 1 };
        Some(last_heard + self.interval? * silence)
    }

    /// What to do now. The answer `Ask` counts as done.
    pub(crate) fn judge(&mut self, last_heard: Instant, now: Instant) -> Verdict {
        let Some(interval) = self.interval else { return Verdict::Fine };
        let silence = now.saturating_duration_since(last_heard);
        if silence < interval {
            self.asked = false;
            Verdict::Fine
        } else if !self.asked {
            self.asked = true;
            Verdict::Ask
        } else if silence < interval * 2 {
            Verdict::Fine
        } else {
            Verdict::GiveUp
        }
    }

    /// The whole silence after which the session ends, in seconds.
    pub(crate) fn limit(&self) -> u64 {
        self.interval.map_or(0, |interval| interval.as_secs() * 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_asked_about_once_and_then_ends_the_session() {
        let remote = "tcp:a".parse().unwrap();
        let mut probe = Probe::new(&Options::new([]), &remote);
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(probe.due(start), Some(after(5)));
        assert_eq!(probe.judge(start, after(4)), Verdict::Fine);
        assert_eq!(probe.judge(start, after(5)), Verdict::Ask);
        assert_eq!(probe.due(start), Some(after(10)));
        assert_eq!(probe.judge(start, after(9)), Verdict::Fine);
        assert_eq!(probe.judge(after(9), after(10)), Verdict::Fine, "it answered");
        assert_eq!(probe.judge(after(9), after(14)), Verdict::Ask);
        assert_eq!(probe.judge(after(9), after(19)), Verdict::GiveUp);
    }

    #[test]
    fn unix_sockets_are_not_probed() {
        let mut probe = Probe::new(&Options::new([]), &"unix:/a".parse().unwrap());
        let start = Instant::now();
        assert_eq!(probe.due(start), None);
        assert_eq!(probe.judge(start, start + Duration::from_secs(1000)), Verdict::Fine);
    }
}
