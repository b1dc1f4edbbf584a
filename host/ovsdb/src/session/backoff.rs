//! Which server to try next, and after which pause.

use crate::options::Options;
use crate::remote::Remote;
use rand::Rng;
use rand::seq::SliceRandom;
use std::time::Duration;

/// The longest first pause.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause before a unix socket: trying costs nothing, and somebody waits for a server that is just starting.
const LONGEST_LOCAL_PAUSE: Duration = Duration::from_millis(500);
/// A session that lasted this long was a success: all servers get their free attempt again.
const SUCCESS: Duration = Duration::from_secs(1);

/// Goes round the servers in random order: the first time at once, then after growing random pauses ("full jitter", so
/// that the clients of a server that comes back do not come all together).
#[derive(Debug)]
pub(crate) struct Rotation {
    remotes: Vec<Remote>,
    next: usize,
    failures: u32,
    max_pause: Duration,
}

impl Rotation {
    pub(crate) fn new(options: &Options) -> Self {
        let mut remotes = options.remotes.clone();
        remotes.shuffle(&mut rand::rng());
        Rotation { remotes, next: 0, failures: 0, max_pause: options.max_backoff }
    }

    /// The server to try, and the pause before that.
    pub(crate) fn next(&mut self) -> (Remote, Duration) {
        let remote = self.remotes[self.next % self.remotes.len()].clone();
        self.next += 1;
        let limit = self.limit(&remote);
        let pause = if limit.is_zero() { limit } else { rand::rng().random_range(Duration::ZERO..=limit) };
        (remote, pause)
    }

    fn limit(&self, remote: &Remote) -> Duration {
        let free = u32::try_from(self.remotes.len()).unwrap_or(u32::MAX);
        let Some(doublings) = self.failures.checked_sub(free) else { return Duration::ZERO };
        let local = matches!(remote, Remote::Unix(_));
        let max_pause = if local { self.max_pause.min(LONGEST_LOCAL_PAUSE) } else { self.max_pause };
        FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(doublings)).min(max_pause)
    }

    /// An attempt failed.
    pub(crate) fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// A session ended after this time.
    pub(crate) fn ended(&mut self, lasted: Duration) {
        if lasted >= SUCCESS {
            self.failures = 0;
        } else {
            self.failed();
        }
    }

    /// True until the second failure in a row: the first one deserves more attention in the log.
    pub(crate) fn is_first_failure(&self) -> bool {
        self.failures <= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotation(remotes: &[&str]) -> Rotation {
        Rotation::new(&Options::new(remotes.iter().map(|remote| remote.parse().unwrap())))
    }

    #[test]
    fn every_server_is_tried_once_before_the_first_pause() {
        let mut rotation = rotation(&["tcp:a", "tcp:b", "tcp:c"]);
        let mut tried = Vec::new();
        for _ in 0..3 {
            let (remote, pause) = rotation.next();
            assert_eq!(pause, Duration::ZERO);
            tried.push(remote.to_string());
            rotation.failed();
        }
        tried.sort();
        assert_eq!(tried, ["tcp:a:6640", "tcp:b:6640", "tcp:c:6640"]);
        assert_eq!(rotation.limit(&rotation.remotes[0]), FIRST_PAUSE);
    }

    #[test]
    fn pauses_grow_to_the_limit_and_end_with_a_success() {
        let mut rotation = rotation(&["tcp:a"]);
        let limits: Vec<u128> = (0..10)
            .map(|_| {
                rotation.failed();
                rotation.limit(&rotation.remotes[0]).as_millis()
            })
            .collect();
        assert_eq!(limits, [100, 200, 400, 800, 1600, 3200, 6400, 8000, 8000, 8000]);
        rotation.ended(Duration::from_secs(2));
        assert_eq!(rotation.next().1, Duration::ZERO);
        rotation.ended(Duration::from_millis(1));
        assert_eq!(
            rotation.limit(&rotation.remotes[0]),
            FIRST_PAUSE,
            "no hot loop with a server that hangs up at once"
        );
    }

    #[test]
    fn a_local_server_is_never_kept_waiting_for_long() {
        let mut rotation = rotation(&["unix:/a"]);
        (0..1000).for_each(|_| rotation.failed());
        assert_eq!(rotation.limit(&rotation.remotes[0]), LONGEST_LOCAL_PAUSE);
    }
}
