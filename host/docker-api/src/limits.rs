//! How much time, how many bytes and how many connections a daemon gets.

use std::time::Duration;

/// The bounds of [`serve`](crate::serve).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How long `Join` may take: it waits for Open vSwitch.
    pub join: Duration,
    /// How long every other call may take.
    pub call: Duration,
    /// How long the daemon is waited for beyond a call's deadline, so that the driver's own error, which knows more, is
    /// the one that Docker prints.
    pub grace: Duration,
    /// How long a client may take to send the request's head, and then its body.
    pub send: Duration,
    /// The largest body that is read, in bytes.
    pub body: usize,
    /// How many connections are served at once; more of them wait in the listener's queue.
    pub connections: usize,
    /// How long calls may run on after the shutdown was asked for.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            join: Duration::from_secs(20),
            call: Duration::from_secs(10),
            grace: Duration::from_millis(250),
            send: Duration::from_secs(5),
            body: 1024 * 1024,
            connections: 512,
            drain: Duration::from_secs(21),
        }
    }
}
