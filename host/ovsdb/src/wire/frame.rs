//! Cutting a stream of bytes into JSON texts.
//!
//! OVSDB puts one JSON object after the other, with nothing or any white space between them, and the network cuts the
//! stream wherever it likes. The reader remembers where it stopped looking, so that each byte is looked at once.

use bytes::BytesMut;

/// The deepest nesting that is accepted. OVSDB needs less than twenty; the JSON parser recurses.
const MAX_DEPTH: usize = 100;

/// A stream that is not a sequence of acceptable JSON objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a message is longer than {0} bytes")]
    TooLong(usize),
    #[error("a message is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("a message begins with byte {0:#04x} instead of an opening brace")]
    NotAnObject(u8),
}

/// Collects bytes and gives out one JSON object after the other.
#[derive(Debug)]
pub(crate) struct FrameReader {
    buffer: BytesMut,
    max_length: usize,
    scanned: usize,
    depth: usize,
    within: Within,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Structure,
    String,
    Escape,
}

impl FrameReader {
    pub(crate) fn new(max_length: usize) -> Self {
        FrameReader { buffer: BytesMut::new(), max_length, scanned: 0, depth: 0, within: Within::Structure }
    }

    /// Where to put bytes that have arrived.
    pub(crate) fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// The next whole object, or nothing if more bytes are needed. After an error the stream is lost.
    pub(crate) fn next_frame(&mut self) -> Result<Option<BytesMut>, FrameError> {
        if self.depth == 0 {
            self.skip_white_space();
        }
        while let Some(&byte) = self.buffer.get(self.scanned) {
            self.scanned += 1;
            if self.step(byte)? {
                let frame = self.buffer.split_to(self.scanned);
                self.scanned = 0;
                return if frame.len() > self.max_length {
                    Err(FrameError::TooLong(self.max_length))
                } else {
                    Ok(Some(frame))
                };
            }
        }
        if self.buffer.len() > self.max_length {
            return Err(FrameError::TooLong(self.max_length));
        }
        Ok(None)
    }

    fn skip_white_space(&mut self) {
        let blank = self.buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        drop(self.buffer.split_to(blank));
    }

    /// Looks at one byte; true if it ends an object.
    fn step(&mut self, byte: u8) -> Result<bool, FrameError> {
        match (self.within, byte) {
            (Within::Escape, _) => self.within = Within::String,
            (Within::String, b'\\') => self.within = Within::Escape,
            (Within::String, b'"') => self.within = Within::Structure,
            (Within::String, _) => {}
            (Within::Structure, b'{' | b'[') if self.depth > 0 || byte == b'{' => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(FrameError::TooDeep);
                }
            }
            (Within::Structure, other) if self.depth == 0 => return Err(FrameError::NotAnObject(other)),
            (Within::Structure, b'}' | b']') => {
                self.depth -= 1;
                return Ok(self.depth == 0);
            }
            (Within::Structure, b'"') => self.within = Within::String,
            (Within::Structure, _) => {}
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Message;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_comes_is_cut_or_refused_without_harm(pieces in prop::collection::vec("[\\PC{}\\[\\]\"\\\\:, ]{0,20}", 0..20)) {
            let mut reader = FrameReader::new(100);
            for piece in pieces {
                reader.buffer().extend_from_slice(piece.as_bytes());
                loop {
                    match reader.next_frame() {
                        Ok(Some(frame)) => {
                            prop_assert_eq!(frame.first(), Some(&OPENING_BRACE));
                            prop_assert!(frame.len() <= 100);
                            // Most are no JSON: reading them must only not do harm.
                            let _ = Message::parse(&frame);
                        }
                        Ok(None) => break,
                        // The stream is lost.
                        Err(_) => return Ok(()),
                    }
                }
            }
        }
    }

    fn frames(reader: &mut FrameReader, bytes: &[u8]) -> Vec<String> {
        reader.buffer().extend_from_slice(bytes);
        let mut frames = Vec::new();
        while let Some(frame) = reader.next_frame().unwrap() {
            frames.push(String::from_utf8(frame.to_vec()).unwrap());
        }
        frames
    }

    const OPENING_BRACE: u8 = 0x7b;
    const STREAM: &str = concat!(
        r#"{"id":1,"result":[{"a":"}{\\\"]"}],"error":null}"#,
        " \n\t",
        r#"{"x":"\\"}{}"#,
        r#"{"ü":"[[[{{{","y":[[],{}]}"#
    );
    const PARTS: [&str; 4] =
        [r#"{"id":1,"result":[{"a":"}{\\\"]"}],"error":null}"#, r#"{"x":"\\"}"#, "{}", r#"{"ü":"[[[{{{","y":[[],{}]}"#];

    #[test]
    fn frames_come_out_whole_however_they_arrive() {
        for size in 1..=STREAM.len() {
            let mut reader = FrameReader::new(1000);
            let found: Vec<String> =
                STREAM.as_bytes().chunks(size).flat_map(|part| frames(&mut reader, part)).collect();
            assert_eq!(found, PARTS, "in pieces of {size}");
            assert!(reader.buffer.is_empty());
        }
    }

    #[test]
    fn a_long_message_is_refused_before_and_after_it_is_whole() {
        let mut reader = FrameReader::new(10);
        reader.buffer().extend_from_slice(br#"{"a":"0123456789"#);
        assert_eq!(reader.next_frame(), Err(FrameError::TooLong(10)));
        let mut reader = FrameReader::new(10);
        reader.buffer().extend_from_slice(br#"{"a":"0123456789"}"#);
        assert_eq!(reader.next_frame(), Err(FrameError::TooLong(10)));
    }

    #[test]
    fn deep_nesting_is_refused_and_the_deepest_accepted_can_be_parsed() {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let mut reader = FrameReader::new(1000);
        let deepest = frames(&mut reader, nested(MAX_DEPTH).as_bytes());
        serde_json::from_str::<serde_json::Value>(&deepest[0]).unwrap();
        reader.buffer().extend_from_slice(nested(MAX_DEPTH + 1).as_bytes());
        assert_eq!(reader.next_frame(), Err(FrameError::TooDeep));
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        for bytes in [&b"[1]"[..], b"null", b"\"text\"", b"}", b"\xff"] {
            let mut reader = FrameReader::new(1000);
            reader.buffer().extend_from_slice(bytes);
            assert_eq!(reader.next_frame(), Err(FrameError::NotAnObject(bytes[0])));
        }
    }
}
