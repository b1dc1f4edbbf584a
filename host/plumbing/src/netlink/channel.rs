//! One socket and its requests.

use std::io;

use netlink_sys::{Socket, SocketAddr};

use super::attributes::{Body, attribute, text};

const HEAD: usize = 16;
/// The kernel's largest answer at once is 32 KiB.
pub(super) const LARGEST: usize = 64 << 10;
/// Of what may wait to be read: a dump of thousands of links, or a burst of events.
pub(super) const RECEIVE_BUFFER: libc::c_int = 4 << 20;
/// Attempts at a list that changes while it is being read.
const ATTEMPTS: usize = 20;
const ACK_ATTRIBUTES: u16 = 0x200;
const CAPPED: u16 = 0x100;
const DUMP_INTERRUPTED: u16 = 0x10;
const REASON: u16 = 1;

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// What is asked for.
    pub(crate) kind: u16,
    /// `NLM_F_*` besides the ones every request has.
    pub(crate) flags: libc::c_int,
    /// The rest.
    pub(crate) body: Body,
}

/// One message from the kernel.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// What it tells.
    pub(crate) kind: u16,
    /// The socket whose request it is about; of a program that lets the kernel choose: its process, as it is numbered in
    /// its own PID namespace.
    pub(crate) port: u32,
    /// The payload: a family's fixed header, then attributes.
    pub(crate) body: Vec<u8>,
}

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
#[error("{source}{}", if .reason.is_empty() { String::new() } else { format!(" ({})", .reason) })]
pub(crate) struct Failure {
    /// The kernel's words, where it has some.
    pub(crate) reason: String,
    /// Its error.
    pub(crate) source: io::Error,
}

impl Failure {
    /// Whether the kernel answered with this error number.
    pub(crate) fn is(&self, number: libc::c_int) -> bool {
        self.source.raw_os_error() == Some(number)
    }
}

impl From<io::Error> for Failure {
    fn from(source: io::Error) -> Self {
        Self { reason: String::new(), source }
    }
}

/// How an answer ends.
enum End {
    Done(Vec<Message>),
    /// The list changed while it was read.
    Interrupted,
}

/// A socket to a part of the kernel, in the network namespace of the thread that opened it.
pub(crate) struct Channel {
    socket: Socket,
    sequence: u32,
}

impl Channel {
    /// Opens one.
    pub(crate) fn open(protocol: isize) -> io::Result<Self> {
        let mut socket = Socket::new(protocol)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        socket.set_ext_ack(true)?;
        socket.set_cap_ack(true)?;
        socket.set_rx_buf_sz(RECEIVE_BUFFER)?;
        Ok(Self { socket, sequence: 0 })
    }

    /// Sends a request and waits for the kernel to have done it. A list (`NLM_F_DUMP`) is asked for again until it
    /// arrives in one piece.
    pub(crate) fn request(&mut self, request: &Request) -> Result<Vec<Message>, Failure> {
        for _ in 0..ATTEMPTS {
            self.send(request)?;
            match self.answer() {
                Ok(End::Done(messages)) => return Ok(messages),
                Ok(End::Interrupted) => {}
                Err(failure) if failure.is(libc::ENOBUFS) && request.flags & libc::NLM_F_DUMP == libc::NLM_F_DUMP => {}
                Err(failure) => return Err(failure),
            }
        }
        Err(io::Error::new(io::ErrorKind::Interrupted, "the list changes faster than it can be read").into())
    }

    fn send(&mut self, request: &Request) -> io::Result<()> {
        self.sequence = self.sequence.wrapping_add(1);
        let dump = request.flags & libc::NLM_F_DUMP == libc::NLM_F_DUMP;
        let acknowledge = if dump { 0 } else { libc::NLM_F_ACK };
        let flags = u16::try_from(request.flags | libc::NLM_F_REQUEST | acknowledge).map_err(io::Error::other)?;
        let body = request.body.bytes();
        let length = u32::try_from(HEAD + body.len()).map_err(io::Error::other)?;
        let mut bytes = Vec::with_capacity(HEAD + body.len());
        bytes.extend(length.to_ne_bytes());
        bytes.extend(request.kind.to_ne_bytes());
        bytes.extend(flags.to_ne_bytes());
        bytes.extend(self.sequence.to_ne_bytes());
        bytes.extend([0; 4]);
        bytes.extend(body);
        self.socket.send(&bytes, 0).map(|_| ())
    }

    fn answer(&mut self) -> Result<End, Failure> {
        let mut messages = Vec::new();
        let mut interrupted = false;
        loop {
            let mut buffer = Vec::with_capacity(LARGEST);
            self.socket.recv(&mut buffer, 0)?;
            for (head, body) in split(&buffer) {
                if head.sequence != self.sequence {
                    continue; // the rest of an answer that was given up
                }
                interrupted |= head.flags & DUMP_INTERRUPTED != 0;
                match libc::c_int::from(head.kind) {
                    libc::NLMSG_DONE | libc::NLMSG_ERROR => {
                        verdict(&head, body)?;
                        return Ok(if interrupted { End::Interrupted } else { End::Done(messages) });
                    }
                    _ => messages.push(Message { kind: head.kind, port: head.port, body: body.to_vec() }),
                }
            }
        }
    }
}

/// The head of a message.
pub(super) struct Head {
    pub(super) kind: u16,
    flags: u16,
    sequence: u32,
    pub(super) port: u32,
}

/// The messages that were received at once.
pub(super) fn split(mut bytes: &[u8]) -> impl Iterator<Item = (Head, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_ne_bytes(bytes.get(..4)?.try_into().ok()?)).ok()?;
        let kind = u16::from_ne_bytes(bytes.get(4..6)?.try_into().ok()?);
        let flags = u16::from_ne_bytes(bytes.get(6..8)?.try_into().ok()?);
        let sequence = u32::from_ne_bytes(bytes.get(8..12)?.try_into().ok()?);
        let port = u32::from_ne_bytes(bytes.get(12..16)?.try_into().ok()?);
        let body = bytes.get(HEAD..length)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((Head { kind, flags, sequence, port }, body))
    })
}

/// What the last message of an answer says: an error number, and behind the request's own head (which is left out of
/// the answer to a list) the kernel's words.
fn verdict(head: &Head, body: &[u8]) -> Result<(), Failure> {
    let number = body.get(..4).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_ne_bytes);
    if number == 0 {
        return Ok(());
    }
    let echoed = match libc::c_int::from(head.kind) {
        libc::NLMSG_DONE => 0,
        _ if head.flags & CAPPED != 0 => HEAD,
        _ => body
            .get(4..8)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(HEAD, |bytes| u32::from_ne_bytes(bytes) as usize),
    };
    let words = if head.flags & ACK_ATTRIBUTES == 0 { None } else { body.get(4 + echoed..) };
    let reason = words.and_then(|bytes| attribute(bytes, REASON)).map(text).unwrap_or_default();
    Err(Failure { reason, source: io::Error::from_raw_os_error(-number) })
}
