//! Netlink as this crate needs it: requests with their answers, and subscriptions. rtnetlink, generic netlink, connection
//! tracking and nftables' events are spoken over the same few lines.
//!
//! The kernel does the work of a request while it is being sent (a veth is made, a hundred links are unregistered
//! inside `sendmsg`), so there is nothing asynchronous about a request: it runs on a blocking thread, with a socket out
//! of a [`Pool`]. Only the attributes that are needed are read, so a newer kernel's new ones never get in the way.
//! Not here: what the messages mean.

mod attributes;
mod channel;
#[cfg(test)]
pub(crate) mod namespace;
mod pool;
mod subscription;

pub(crate) use attributes::{Body, attribute, attributes, number, text};
pub(crate) use channel::{Channel, Failure, Message, Request};
pub(crate) use pool::Pool;
pub(crate) use subscription::Subscription;
