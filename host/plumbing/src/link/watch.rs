//! Tells when links go.

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// The link of that name was deleted, or left this namespace.
    Gone(String),
    /// Events were lost: look again.
    Lost,
}

/// A stream of events.
#[derive(Debug)]
pub struct LinkWatch {}

impl LinkWatch {
    /// The next event.
    pub async fn next(&mut self) -> LinkEvent {
        todo!()
    }
}
