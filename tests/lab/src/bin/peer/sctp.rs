//! SCTP where the kernel has no sockets for it: its packets over a raw socket. A question is the first packet of an
//! association (INIT), the answer refuses that (ABORT), and gives its reason in words; both are translated as real ones
//! are, checksum included.

use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::process;
use std::time::{Duration, Instant};

/// The protocol's number.
pub(crate) const SCTP: i32 = 132;
/// Kinds of chunks.
const INIT: u8 = 1;
const ABORT: u8 = 6;
/// The cause of an abort that is given in words.
const USER_INITIATED: [u8; 2] = [0, 12];
/// What every packet back has to carry.
const TAG: [u8; 4] = *b"lab!";

/// A packet with one chunk.
struct Packet {
    from: u16,
    to: u16,
    tag: [u8; 4],
    kind: u8,
    value: Vec<u8>,
}

/// A raw socket of a family. The standard library's type for datagrams is the one that tells who sent them.
pub(crate) fn open(ipv4: bool) -> io::Result<UdpSocket> {
    let domain = if ipv4 { Domain::IPV4 } else { Domain::IPV6 };
    Ok(Socket::new(domain, Type::RAW, Some(Protocol::from(SCTP)))?.into())
}

/// Answers questions that are for one of these ports.
pub(crate) fn serve(name: &str, ports: &[u16], socket: &UdpSocket) -> io::Result<()> {
    loop {
        let (asked, from) = receive(socket)?;
        if asked.kind != INIT || !ports.contains(&asked.to) {
            continue;
        }
        let words = format!("{name} {}", from.to_canonical());
        let length = u16::try_from(4 + words.len()).map_err(io::Error::other)?;
        let value = [&USER_INITIATED[..], &length.to_be_bytes(), words.as_bytes()].concat();
        let tag = asked.value.first_chunk().copied().unwrap_or_default();
        let answer = Packet { from: asked.to, to: asked.from, tag, kind: ABORT, value };
        // One that cannot be sent is a lost one.
        let _ = socket.send_to(&answer.bytes(), SocketAddr::new(from, 0));
    }
}

/// Asks once; the answer's words.
pub(crate) fn ask(target: SocketAddr, deadline: Duration) -> io::Result<String> {
    let socket = open(target.is_ipv4())?;
    let until = Instant::now() + deadline;
    let from = 0x8000 | u16::try_from(process::id() & 0x7fff).unwrap_or_default();
    // Its tag, how much may come, how many streams there and back, and the first number.
    let value = [&TAG[..], &[0, 0, 0xff, 0xff, 0, 1, 0, 1, 0, 0, 0, 1]].concat();
    let question = Packet { from, to: target.port(), tag: [0; 4], kind: INIT, value };
    socket.send_to(&question.bytes(), SocketAddr::new(target.ip(), 0))?;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        socket.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        let (answer, _) = receive(&socket)?;
        if (answer.from, answer.to, answer.tag, answer.kind) == (target.port(), from, TAG, ABORT) {
            return Ok(String::from_utf8_lossy(answer.value.get(4..).unwrap_or_default()).into_owned());
        }
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
    }
}

/// The next packet, and where it comes from.
fn receive(socket: &UdpSocket) -> io::Result<(Packet, IpAddr)> {
    let mut buffer = [0; 2048];
    loop {
        let (length, from) = socket.recv_from(&mut buffer)?;
        let bytes = &buffer[..length];
        // Only those of IPv4 come with their head, whose length is in it.
        let head = if from.is_ipv4() { usize::from(bytes.first().unwrap_or(&0) & 0xf) * 4 } else { 0 };
        if let Some(packet) = bytes.get(head..).and_then(Packet::read) {
            return Ok((packet, from.ip()));
        }
    }
}

impl Packet {
    fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
        let mut whole = bytes.to_vec();
        whole.get_mut(8..12)?.fill(0);
        let intact = bytes.get(8..12)? == checksum(&whole).to_le_bytes();
        let end = 12 + usize::from(number(14)?);
        intact.then_some(Self {
            from: number(0)?,
            to: number(2)?,
            tag: *bytes.get(4..)?.first_chunk()?,
            kind: *bytes.get(12)?,
            value: bytes.get(16..end)?.to_vec(),
        })
    }

    fn bytes(&self) -> Vec<u8> {
        let length = u16::try_from(4 + self.value.len()).unwrap_or(u16::MAX);
        let mut bytes = [&self.from.to_be_bytes()[..], &self.to.to_be_bytes(), &self.tag, &[0; 4]].concat();
        bytes.extend([self.kind, 0]);
        bytes.extend(length.to_be_bytes());
        bytes.extend(&self.value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        let sum = checksum(&bytes);
        bytes[8..12].copy_from_slice(&sum.to_le_bytes());
        bytes
    }
}

/// CRC32c (RFC 9260, appendix A).
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0x82f6_3b78 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(checksum(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn what_is_written_is_read_and_what_is_damaged_is_not() {
        let packet = Packet { from: 1, to: 2, tag: TAG, kind: ABORT, value: b"abc".to_vec() };
        let mut bytes = packet.bytes();
        let read = Packet::read(&bytes).expect("is whole");
        assert_eq!((read.from, read.to, read.tag, read.kind, read.value), (1, 2, TAG, ABORT, b"abc".to_vec()));
        bytes[17] ^= 1;
        assert!(Packet::read(&bytes).is_none());
    }
}
