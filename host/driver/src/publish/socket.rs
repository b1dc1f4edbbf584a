//! Binding the sockets that hold a published port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use plan::{Protocol, PublishedPort};
use socket2::{Domain, Socket, Type};

use super::WantedPort;

/// IANA's number; `libc` knows it, `socket2` does not name it.
const SCTP: i32 = 132;
/// How often another port is tried where any port would do and one family has it taken.
const ANY_PORT_ATTEMPTS: usize = 16;

/// Why a port cannot be published.
#[derive(Debug, thiserror::Error)]
#[error("port {wanted} cannot be published: {source}{hint}")]
pub(crate) struct BusyPort {
    wanted: String,
    source: io::Error,
    hint: &'static str,
}

/// The sockets of one published port: one, or one for each family.
#[derive(Debug)]
pub(crate) enum Held {
    /// Listening: TCP, or SCTP in its one-to-one style, which reads and writes like TCP.
    Streams(Vec<std::net::TcpListener>, Protocol),
    /// UDP.
    Datagrams(Vec<std::net::UdpSocket>),
}

/// Binds the first free port of what is wanted.
pub(super) fn bind(want: &WantedPort) -> Result<(PublishedPort, Held), BusyPort> {
    let attempts: Vec<u16> = match want.last {
        0 => vec![0; ANY_PORT_ATTEMPTS],
        last => (want.first..=last).collect(),
    };
    let mut failure = io::Error::from(io::ErrorKind::InvalidInput);
    for port in attempts {
        match bind_at(want, port) {
            Ok((host_port, held)) => {
                let WantedPort { protocol, host_address, container_port, .. } = *want;
                return Ok((PublishedPort { protocol, host_address, host_port, container_port }, held));
            }
            Err(error) => failure = error,
        }
    }
    Err(busy(want, failure))
}

fn busy(want: &WantedPort, source: io::Error) -> BusyPort {
    let address = want.host_address.map(|address| format!("{address} ")).unwrap_or_default();
    let ports = match (want.first, want.last) {
        (_, 0) => "any".to_owned(),
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}-{last}"),
    };
    let hint = match source.kind() {
        io::ErrorKind::AddrInUse => "; another program or container has it: choose another host port, or stop that one",
        io::ErrorKind::AddrNotAvailable => "; this host does not have that address",
        _ => "",
    };
    BusyPort { wanted: format!("{address}{ports}/{}", want.protocol), source, hint }
}

/// Binds one port on every address wanted; 0 lets the first family choose for both.
fn bind_at(want: &WantedPort, port: u16) -> io::Result<(u16, Held)> {
    let mut sockets = Vec::new();
    let mut chosen = port;
    for address in addresses(want.host_address) {
        let socket = match open(want.protocol, SocketAddr::new(address, chosen)) {
            Ok(socket) => socket,
            Err(error) if want.host_address.is_none() && no_such_family(&error) => continue,
            // Rules alone carry it then: there is nothing on this host that could have the port.
            Err(error) if want.protocol == Protocol::Sctp && no_such_protocol(&error) => continue,
            Err(error) => return Err(error),
        };
        chosen = socket.local_addr()?.as_socket().map_or(chosen, |local| local.port());
        sockets.push(socket);
    }
    if chosen == 0 {
        return Err(io::Error::other("this kernel has no sockets that could choose one: name a host port"));
    }
    let held = match want.protocol {
        Protocol::Udp => Held::Datagrams(sockets.into_iter().map(Into::into).collect()),
        protocol => Held::Streams(sockets.into_iter().map(Into::into).collect(), protocol),
    };
    Ok((chosen, held))
}

fn addresses(wanted: Option<IpAddr>) -> Vec<IpAddr> {
    match wanted {
        Some(address) => vec![address],
        None => vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()],
    }
}

/// A kernel without IPv6 (or IPv4) has no such sockets, or no such addresses.
fn no_such_family(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAFNOSUPPORT)) || error.kind() == io::ErrorKind::AddrNotAvailable
}

fn no_such_protocol(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EPROTONOSUPPORT | libc::ESOCKTNOSUPPORT))
}

/// A socket that no other program can share. `SO_REUSEADDR` lets a restarted driver have its port back while old
/// connections linger; two listeners still exclude each other, so TCP listens at once.
fn open(protocol: Protocol, address: SocketAddr) -> io::Result<Socket> {
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
pub(super) fn unbound(protocol: Protocol, domain: Domain) -> io::Result<Socket> {
    let (kind, number) = match protocol {
        Protocol::Tcp => (Type::STREAM, socket2::Protocol::TCP),
        Protocol::Udp => (Type::DGRAM, socket2::Protocol::UDP),
        Protocol::Sctp => (Type::STREAM, socket2::Protocol::from(SCTP)),
    };
    Socket::new(domain, kind.nonblocking(), Some(number))
}
