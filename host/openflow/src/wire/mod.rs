//! How messages stand on the wire: all numbers big-endian, every message with a header of eight bytes (section 7.1).

mod frame;
mod reader;

pub(crate) use frame::{Frame, FrameReader};
pub(crate) use reader::{Reader, Short};

use bytes::BufMut;

/// The one version that is spoken here: OpenFlow 1.3.
pub(crate) const VERSION: u8 = 4;
/// The bytes of a header.
pub(crate) const HEADER: usize = 8;

/// Kinds of messages.
pub(crate) mod kind {
    pub(crate) const HELLO: u8 = 0;
    pub(crate) const ERROR: u8 = 1;
    pub(crate) const ECHO_REQUEST: u8 = 2;
    pub(crate) const ECHO_REPLY: u8 = 3;
    pub(crate) const FLOW_MOD: u8 = 14;
    pub(crate) const MULTIPART_REQUEST: u8 = 18;
    pub(crate) const MULTIPART_REPLY: u8 = 19;
    pub(crate) const BARRIER_REQUEST: u8 = 20;
    pub(crate) const BARRIER_REPLY: u8 = 21;
    pub(crate) const METER_MOD: u8 = 29;
}

/// Appends a message; `body` writes what comes after its header.
pub(crate) fn put_message(out: &mut Vec<u8>, kind: u8, xid: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.put_u8(VERSION);
    out.put_u8(kind);
    out.put_u16(0);
    out.put_u32(xid);
    body(out);
    set_length(out, start, start + 2);
}

/// Writes how long what begins at `start` has become into the two bytes at `place`.
pub(crate) fn set_length(out: &mut [u8], start: usize, place: usize) {
    // What is written here are matches and instructions of a few dozen bytes each.
    let length = u16::try_from(out.len() - start).unwrap_or(u16::MAX);
    out[place..place + 2].copy_from_slice(&length.to_be_bytes());
}

/// Appends zeros.
pub(crate) fn put_zeros(out: &mut Vec<u8>, count: usize) {
    out.resize(out.len() + count, 0);
}
