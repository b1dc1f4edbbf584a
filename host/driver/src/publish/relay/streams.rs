//! TCP, and SCTP in its one-to-one style: a connection in, a connection out, bytes both ways.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use plan::Protocol;
use socket2::Domain;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Target;
use super::room::STREAM;
use crate::publish::socket::{self, Listener};

/// Connections of one listener at a time; more wait in its queue, as they do while there is no room for another one.
const MOST_CONNECTIONS: usize = 1024;
/// How long a container may take to accept.
const CONNECT: Duration = Duration::from_secs(10);
/// Out of file descriptors: trying again at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn relay(listener: Arc<Listener>, protocol: Protocol, target: Target) {
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MOST_CONNECTIONS || connections.try_join_next().is_some() {
            if connections.len() >= MOST_CONNECTIONS {
                connections.join_next().await;
            }
        }
        match listener.accept().await {
            Ok((client, from)) => {
                let room = target.room.wait(STREAM).await;
                connections.spawn(pass(client, from, protocol, target.clone(), room));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Errors end the connection, which is all that a client of a port needs to see.
async fn pass(
    mut client: TcpStream,
    from: SocketAddr,
    protocol: Protocol,
    target: Target,
    _room: OwnedSemaphorePermit,
) {
    let Some(to) = target.of(from) else { return };
    if let Ok(Ok(mut container)) = timeout(CONNECT, connect(protocol, to)).await {
        let _ = tokio::io::copy_bidirectional(&mut client, &mut container).await;
    }
}

async fn connect(protocol: Protocol, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = socket::unbound(protocol, Domain::for_address(to))?;
    TcpSocket::from_std_stream(socket.into()).connect(to).await
}
