//! Messages the kernel sends unasked.

use std::io;

use netlink_sys::{AsyncSocket, AsyncSocketExt, SocketAddr, TokioSocket};

use super::channel::{LARGEST, Message, RECEIVE_BUFFER, split};

/// A membership in one multicast group.
pub(crate) struct Subscription(TokioSocket);

impl Subscription {
    /// Joins a group: what happens from now on is received. Wants a tokio runtime.
    pub(crate) fn open(protocol: isize, group: u32) -> io::Result<Self> {
        let mut socket = TokioSocket::new(protocol)?;
        socket.socket_mut().bind(&SocketAddr::new(0, 0))?;
        socket.socket_ref().set_rx_buf_sz(RECEIVE_BUFFER)?;
        socket.socket_mut().add_membership(group)?;
        Ok(Self(socket))
    }

    /// The next messages; none: some were lost, because they were not read fast enough.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Vec<Message>>> {
        let mut buffer = Vec::with_capacity(LARGEST);
        match self.0.recv(&mut buffer).await {
            Ok(()) => Ok(Some(
                split(&buffer)
                    .map(|(head, body)| Message { kind: head.kind, port: head.port, body: body.to_vec() })
                    .collect(),
            )),
            Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}
