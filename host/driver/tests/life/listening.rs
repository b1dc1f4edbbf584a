//! Who listens on this host. It is looked up: who binds to find out is in others' way for a moment, and for a longer one
//! while a child is forked that compiles.

use std::fs;
use std::net::TcpListener;

use crate::house::until;

/// The state of a socket that listens, as `/proc/net/tcp` has it.
const LISTENS: &str = "0A";

/// Whether nobody listens on a port of IPv4.
pub(crate) fn is_free(port: u16) -> bool {
    is_free_in("tcp", port)
}

/// The same of IPv6.
pub(crate) fn is_free_of_ipv6(port: u16) -> bool {
    is_free_in("tcp6", port)
}

fn is_free_in(table: &str, port: u16) -> bool {
    let (table, own) = (fs::read_to_string(format!("/proc/net/{table}")).unwrap(), format!(":{port:04X}"));
    // Its number, its own address and the other one, its state.
    let listens = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        words.next().is_some_and(|address| address.ends_with(&own)) && words.nth(1) == Some(LISTENS)
    };
    !table.lines().any(listens)
}

/// Another program that has a port.
pub(crate) struct Stranger(TcpListener);

impl Stranger {
    /// Takes a port of 127.0.0.1, or any where that is 0.
    pub(crate) fn on(port: u16) -> Self {
        Self(TcpListener::bind(("127.0.0.1", port)).unwrap())
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// It ends, and the port is free.
    pub(crate) async fn ends(self) {
        let port = self.port();
        drop(self);
        until(async || is_free(port)).await;
    }
}
