//! Passes on what reaches a published port's own sockets. See [`super`] for what that is; the world's traffic is carried
//! by rules and never comes here.

mod datagrams;
mod room;
mod streams;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub(super) use room::Room;
use tokio::task::JoinSet;

use super::socket::Socket;

/// Where a client's traffic goes: the container's address of the client's family, else the other one. And what room there
/// is for clients.
#[derive(Clone, Debug)]
struct Target {
    addresses: Arc<[IpAddr]>,
    port: u16,
    room: Room,
}

impl Target {
    fn of(&self, client: SocketAddr) -> Option<SocketAddr> {
        let same = self.addresses.iter().find(|address| address.is_ipv4() == client.is_ipv4());
        same.or(self.addresses.first()).map(|address| SocketAddr::new(*address, self.port))
    }
}

/// Starts relaying; it ends when the set is dropped, and the socket closes with its last clone.
pub(super) fn start(socket: Socket, targets: &[IpAddr], port: u16, room: Room) -> JoinSet<()> {
    let target = Target { addresses: targets.into(), port, room };
    let mut tasks = JoinSet::new();
    match socket {
        Socket::Stream(listener, protocol) => drop(tasks.spawn(streams::relay(listener, protocol, target))),
        Socket::Datagram(socket) => drop(tasks.spawn(datagrams::relay(socket, target))),
        Socket::Rules => {}
    }
    tasks
}
