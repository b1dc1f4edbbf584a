//! The life of a connection: one task owns the socket, the copy and everything that is under way.
//!
//! Callers hold a [`Client`](crate::Client), which passes calls to the task and waits for answers under a deadline. No lock
//! is ever held while waiting for the server, and nothing waits without limit.

mod actor;
mod backoff;
mod call;
mod incoming;
mod locks;
mod monitoring;
mod open;
mod probe;
mod serve;
mod server_row;
mod state;

pub(crate) use actor::Actor;
pub(crate) use call::{Answer, Call, Control, Ticket};
pub use state::Link;
pub(crate) use state::{Publisher, State, Step};
