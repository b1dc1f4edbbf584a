//! Binding the sockets that hold a published port.

use std::io;
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use plan::Protocol;
use socket2::{Domain, SockRef, Type};
use tokio::net::{TcpListener, UdpSocket};

/// IANA's number; `libc` knows it, `socket2` does not name it.
const SCTP: i32 = 132;

/// What a socket is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) protocol: Protocol,
    pub(super) address: IpAddr,
    pub(super) port: u16,
}

impl Place {
    /// Whether two sockets could not be bound to both.
    pub(super) fn collides(&self, other: &Self) -> bool {
        let everywhere = self.address.is_unspecified() || other.address.is_unspecified();
        (self.protocol, self.port, self.address.is_ipv4()) == (other.protocol, other.port, other.address.is_ipv4())
            && (everywhere || self.address == other.address)
    }
}

/// One socket of a published port. It closes with its last clone.
#[derive(Clone, Debug)]
pub(super) enum Socket {
    /// Listening: TCP, or SCTP in its one-to-one style, which reads and writes like TCP.
    Stream(Arc<Listener>, Protocol),
    /// UDP.
    Datagram(Arc<UdpSocket>),
    /// None: this kernel has no sockets of the protocol, so no program can have the port; rules alone carry it.
    Rules,
}

/// A listening socket that stops listening when it goes, whoever else has a copy: a child that was just forked, to compile or
/// for `nft`, has one until it runs its own program. Who sets `SO_REUSEADDR`, as we do, can have its port then. SCTP's cannot
/// be stopped so.
#[derive(Debug)]
pub(super) struct Listener(TcpListener);

impl Deref for Listener {
    type Target = TcpListener;

    fn deref(&self) -> &TcpListener {
        &self.0
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(error) = SockRef::from(&self.0).shutdown(Shutdown::Both) {
            tracing::debug!(%error, "a port may be held for a moment longer");
        }
    }
}

/// Binds a socket; port 0 is one that the kernel chooses.
pub(super) fn bind(place: Place) -> io::Result<(Place, Socket)> {
    let socket = open(place.protocol, SocketAddr::new(place.address, place.port))?;
    let port = socket.local_addr()?.as_socket().map_or(place.port, |local| local.port());
    let socket = match place.protocol {
        Protocol::Udp => Socket::Datagram(Arc::new(UdpSocket::from_std(socket.into())?)),
        protocol => Socket::Stream(Arc::new(Listener(TcpListener::from_std(socket.into())?)), protocol),
    };
    Ok((Place { port, ..place }, socket))
}

/// A kernel without IPv6 (or IPv4) has no such sockets, or no such addresses.
pub(super) fn no_such_family(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAFNOSUPPORT)) || error.kind() == io::ErrorKind::AddrNotAvailable
}

/// A kernel without SCTP.
pub(super) fn no_such_protocol(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EPROTONOSUPPORT | libc::ESOCKTNOSUPPORT))
}

/// A socket that no other program can share. `SO_REUSEADDR` lets a restarted driver have its port back while old
/// connections linger; two listeners still exclude each other, so TCP listens at once.
fn open(protocol: Protocol, address: SocketAddr) -> io::Result<socket2::Socket> {
    let domain = Domain::for_address(address);
    let socket = unbound(protocol, domain)?;
    if domain == Domain::IPV6 {
        socket.set_only_v6(true)?;
    }
    if protocol != Protocol::Udp {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    if protocol != Protocol::Udp {
        socket.listen(1024)?;
    }
    Ok(socket)
}

/// A non-blocking socket of a protocol.
pub(super) fn unbound(protocol: Protocol, domain: Domain) -> io::Result<socket2::Socket> {
    let (kind, number) = match protocol {
        Protocol::Tcp => (Type::STREAM, socket2::Protocol::TCP),
        Protocol::Udp => (Type::DGRAM, socket2::Protocol::UDP),
        Protocol::Sctp => (Type::STREAM, socket2::Protocol::from(SCTP)),
    };
    socket2::Socket::new(domain, kind.nonblocking(), Some(number))
}
