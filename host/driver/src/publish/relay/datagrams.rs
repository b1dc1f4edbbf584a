//! UDP: one socket towards the container for each client, forgotten when it has been quiet.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Target;
use super::room::DATAGRAM;

/// Clients of one port at a time; another one's datagrams are dropped, as a full network would, and so they are while
/// there is no room for it.
const MOST_CLIENTS: usize = 1024;
/// As long as the kernel remembers a UDP stream.
const QUIET: Duration = Duration::from_secs(120);
const LARGEST: usize = 65_535;

pub(super) async fn relay(socket: Arc<UdpSocket>, target: Target) {
    let mut clients: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    let mut answers: JoinSet<SocketAddr> = JoinSet::new();
    let mut buffer = vec![0; LARGEST];
    loop {
        tokio::select! {
            received = socket.recv_from(&mut buffer) => {
                // An error is a client's "port unreachable" to an earlier answer: not ours to act on.
                let Ok((length, from)) = received else { continue };
                let Some(towards) = towards(&socket, from, &target, &mut clients, &mut answers).await else { continue };
                let _ = towards.send(&buffer[..length]).await;
            }
            Some(Ok(quiet)) = answers.join_next() => {
                clients.remove(&quiet);
            }
        }
    }
}

/// The client's socket towards the container, made with its first datagram.
async fn towards(
    socket: &Arc<UdpSocket>,
    from: SocketAddr,
    target: &Target,
    clients: &mut HashMap<SocketAddr, Arc<UdpSocket>>,
    answers: &mut JoinSet<SocketAddr>,
) -> Option<Arc<UdpSocket>> {
    if let Some(known) = clients.get(&from) {
        return Some(Arc::clone(known));
    }
    if clients.len() >= MOST_CLIENTS {
        return None;
    }
    let room = target.room.take(DATAGRAM)?;
    let fresh = Arc::new(connect(target.of(from)?).await.ok()?);
    clients.insert(from, Arc::clone(&fresh));
    answers.spawn(answer(Arc::downgrade(socket), Arc::clone(&fresh), from, room));
    Some(fresh)
}

async fn connect(to: SocketAddr) -> io::Result<UdpSocket> {
    let any: SocketAddr =
        if to.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(to).await?;
    Ok(socket)
}

/// Passes the container's answers back until there are none for a while, or nobody holds the port any more.
async fn answer(
    socket: Weak<UdpSocket>,
    container: Arc<UdpSocket>,
    client: SocketAddr,
    _room: OwnedSemaphorePermit,
) -> SocketAddr {
    let mut buffer = vec![0; LARGEST];
    while let Ok(Ok(length)) = timeout(QUIET, container.recv(&mut buffer)).await {
        let Some(socket) = socket.upgrade() else { break };
        let _ = socket.send_to(&buffer[..length], client).await;
    }
    client
}
