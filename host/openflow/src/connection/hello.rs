//! The first words (section 6.3.1): each side says the highest version it speaks, and the lower one of the two is spoken.

use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::actor::Greeted;
use crate::Error;
use crate::wire::{FrameReader, VERSION, kind, put_message};

/// Exchanges hellos.
pub(super) async fn exchange(mut stream: UnixStream, path: &Path) -> Result<Greeted, Error> {
    let closed = || Error::Closed { path: path.to_owned() };
    let malformed = || Error::Malformed { path: path.to_owned(), what: "a first message" };
    let mut hello = Vec::new();
    put_message(&mut hello, kind::HELLO, 0, |_| {});
    stream.write_all(&hello).await.map_err(|_| closed())?;
    let mut frames = FrameReader::default();
    loop {
        if let Some(frame) = frames.next_frame().ok_or_else(malformed)? {
            return match frame.kind {
                kind::HELLO if frame.version >= VERSION => Ok(Greeted { stream, frames }),
                kind::HELLO | kind::ERROR => Err(Error::Version { path: path.to_owned(), version: frame.version }),
                _ => Err(malformed()),
            };
        }
        if !matches!(stream.read_buf(&mut frames.buffer).await, Ok(1..)) {
            return Err(closed());
        }
    }
}
