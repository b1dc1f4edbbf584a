//! One connection: messages out, messages in, never waiting for one with the other.

use super::dial::Stream;
use super::frame::FrameReader;
use super::message::Message;
use crate::error::ConnectError;
use bytes::BytesMut;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::Instant;

/// How much is asked from the socket at once. Large first copies arrive in few calls.
const READ_SIZE: usize = 64 << 10;

/// A connection to a server. Dropping it closes it.
pub(crate) struct Connection {
    remote: String,
    input: ReadHalf<Stream>,
    output: WriteHalf<Stream>,
    frames: FrameReader,
    unsent: BytesMut,
    unflushed: bool,
    queued: u64,
    last_heard: Instant,
}

impl Connection {
    pub(crate) fn new(remote: String, stream: Stream, max_message: usize) -> Self {
        let (input, output) = tokio::io::split(stream);
        let frames = FrameReader::new(max_message);
        Connection {
            remote,
            input,
            output,
            frames,
            unsent: BytesMut::new(),
            unflushed: false,
            queued: 0,
            last_heard: Instant::now(),
        }
    }

    /// The remote, for messages.
    pub(crate) fn remote(&self) -> &str {
        &self.remote
    }

    /// Queues a message; it is written while [`receive`](Connection::receive) is awaited. Gives back the position of its
    /// first byte in the stream, see [`written`](Connection::written).
    pub(crate) fn send(&mut self, message: &str) -> u64 {
        let start = self.queued;
        self.unsent.extend_from_slice(message.as_bytes());
        self.queued += message.len() as u64;
        start
    }

    /// How many bytes are queued.
    pub(crate) fn unsent(&self) -> usize {
        self.unsent.len()
    }

    /// How many bytes of the stream were given to the system.
    pub(crate) fn written(&self) -> u64 {
        self.queued - self.unsent.len() as u64
    }

    /// When the last bytes came.
    pub(crate) fn last_heard(&self) -> Instant {
        self.last_heard
    }

    /// Writes what is queued and waits for the next message. Nothing is lost if the future is dropped.
    pub(crate) async fn receive(&mut self) -> Result<Message, ConnectError> {
        loop {
            if let Some(frame) = self.frames.next_frame().map_err(|error| self.violation(&error))? {
                return Message::parse(&frame).map_err(|error| self.violation(&error));
            }
            self.frames.buffer().reserve(READ_SIZE);
            let to_write = !self.unsent.is_empty() || self.unflushed;
            tokio::select! {
                read = self.input.read_buf(self.frames.buffer()) => match read {
                    Ok(0) => return Err(ConnectError::Closed { remote: self.remote.clone() }),
                    Ok(_) => self.last_heard = Instant::now(),
                    Err(source) => return Err(self.broken(source)),
                },
                written = write(&mut self.output, &mut self.unsent, &mut self.unflushed), if to_write => {
                    written.map_err(|source| ConnectError::Io { remote: self.remote.clone(), source })?;
                }
            }
        }
    }

    fn broken(&self, source: io::Error) -> ConnectError {
        ConnectError::Io { remote: self.remote.clone(), source }
    }

    /// The server broke the protocol.
    pub(crate) fn violation(&self, problem: &dyn std::fmt::Display) -> ConnectError {
        ConnectError::Protocol { remote: self.remote.clone(), problem: problem.to_string() }
    }
}

/// One step of writing; TLS wants to be flushed when all is written.
async fn write(output: &mut (impl AsyncWrite + Unpin), unsent: &mut BytesMut, unflushed: &mut bool) -> io::Result<()> {
    if unsent.is_empty() {
        output.flush().await?;
        *unflushed = false;
    } else if output.write_buf(unsent).await? == 0 {
        return Err(io::ErrorKind::WriteZero.into());
    } else {
        *unflushed = true;
    }
    Ok(())
}
