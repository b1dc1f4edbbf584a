//! Bytes: sockets, TLS, JSON-RPC 1.0 messages and where one ends and the next begins.

mod connection;
mod dial;
mod frame;
mod message;
mod tls;

pub(crate) use connection::Connection;
pub(crate) use dial::dial;
pub(crate) use message::{Message, Response};
