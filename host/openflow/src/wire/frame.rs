//! Cutting a stream of bytes into messages: each says its length in its header, and the system cuts the stream wherever it
//! likes.

use bytes::{Buf, Bytes, BytesMut};

use super::HEADER;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) version: u8,
    pub(crate) kind: u8,
    /// Which request it belongs to.
    pub(crate) xid: u32,
    pub(crate) body: Bytes,
}

/// Collects bytes and gives out one message after the other.
#[derive(Debug, Default)]
pub(crate) struct FrameReader {
    pub(crate) buffer: BytesMut,
}

impl FrameReader {
    /// The next whole message, or nothing if more bytes are needed; none: a header says less than its own length, and the
    /// stream is lost.
    pub(crate) fn next_frame(&mut self) -> Option<Option<Frame>> {
        let Some(header) = self.buffer.first_chunk::<HEADER>() else { return Some(None) };
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if length < HEADER {
            return None;
        }
        if self.buffer.len() < length {
            return Some(None);
        }
        let mut message = self.buffer.split_to(length).freeze();
        let (version, kind) = (message.get_u8(), message.get_u8());
        message.advance(2);
        let xid = message.get_u32();
        Some(Some(Frame { version, kind, xid, body: message }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::put_message;

    fn frames(reader: &mut FrameReader, bytes: &[u8]) -> Vec<Frame> {
        reader.buffer.extend_from_slice(bytes);
        std::iter::from_fn(|| reader.next_frame().unwrap()).collect()
    }

    #[test]
    fn messages_come_out_whole_however_they_arrive() {
        let mut stream = Vec::new();
        put_message(&mut stream, 2, 7, |out| out.extend_from_slice(b"echo"));
        put_message(&mut stream, 21, 8, |_| {});
        for size in 1..=stream.len() {
            let mut reader = FrameReader::default();
            let found: Vec<Frame> = stream.chunks(size).flat_map(|part| frames(&mut reader, part)).collect();
            let wanted = [(2, 7, &b"echo"[..]), (21, 8, &b""[..])];
            let found: Vec<_> = found.iter().map(|frame| (frame.kind, frame.xid, &frame.body[..])).collect();
            assert_eq!(found, wanted, "in pieces of {size}");
            assert!(reader.buffer.is_empty());
        }
    }

    #[test]
    fn a_length_that_cannot_be_loses_the_stream() {
        let mut reader = FrameReader::default();
        reader.buffer.extend_from_slice(&[4, 0, 0, 7, 0, 0, 0, 0]);
        assert_eq!(reader.next_frame(), None);
    }
}
