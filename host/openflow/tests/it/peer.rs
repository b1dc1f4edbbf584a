//! A bridge that does what ovs-vswitchd does seldom or never.

use std::time::Duration;

use openflow::{Connection, Error};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::{Instant, timeout};

use crate::switch::soon;

const HELLO: [u8; 8] = [4, 0, 0, 8, 0, 0, 0, 0];
const ECHO_REQUEST: [u8; 10] = [4, 2, 0, 10, 0, 0, 0, 99, 7, 7];
const ECHO_REPLY: [u8; 10] = [4, 3, 0, 10, 0, 0, 0, 99, 7, 7];

/// A bridge that has said hello, and a connection to it.
async fn pair(dir: &TempDir) -> (UnixStream, Result<Connection, Error>) {
    let path = dir.path().join("br.mgmt");
    let listener = UnixListener::bind(&path).unwrap();
    let bridge = async {
        let (mut bridge, _) = listener.accept().await.unwrap();
        bridge.write_all(&HELLO).await.unwrap();
        let mut hello = [0; 8];
        bridge.read_exact(&mut hello).await.unwrap();
        assert_eq!(hello, HELLO);
        bridge
    };
    tokio::join!(bridge, Connection::open(&path, soon()))
}

#[tokio::test]
async fn an_echo_is_answered_while_nothing_is_asked() {
    let dir = TempDir::new().unwrap();
    let (mut bridge, connection) = pair(&dir).await;
    let _connection = connection.unwrap();
    bridge.write_all(&ECHO_REQUEST).await.unwrap();
    let mut reply = [0; 10];
    timeout(Duration::from_secs(10), bridge.read_exact(&mut reply)).await.unwrap().unwrap();
    assert_eq!(reply, ECHO_REPLY);
}

#[tokio::test]
async fn a_bridge_that_says_nothing_is_waited_for_until_the_deadline() {
    let dir = TempDir::new().unwrap();
    let (_bridge, connection) = pair(&dir).await;
    let asked = connection.unwrap().ports(Instant::now() + Duration::from_millis(50)).await;
    assert!(matches!(asked, Err(Error::Timeout { .. })));
}

#[tokio::test]
async fn a_list_that_ends_too_early_is_refused() {
    let dir = TempDir::new().unwrap();
    let (mut bridge, connection) = pair(&dir).await;
    let connection = connection.unwrap();
    let list = [4, 19, 0, 20, 0, 0, 0, 1, 0, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5];
    let barrier = [4, 21, 0, 8, 0, 0, 0, 2];
    let answer = async {
        bridge.read_exact(&mut [0; 24]).await.unwrap();
        bridge.write_all(&[&list[..], &barrier].concat()).await.unwrap();
    };
    let (asked, ()) = tokio::join!(connection.ports(soon()), answer);
    assert!(matches!(asked, Err(Error::Malformed { what: "a list of ports", .. })), "{asked:?}");
}

#[tokio::test]
async fn the_last_clone_ends_the_connection() {
    let dir = TempDir::new().unwrap();
    let (mut bridge, connection) = pair(&dir).await;
    drop(connection);
    let end = timeout(Duration::from_secs(10), bridge.read(&mut [0; 8])).await.unwrap().unwrap();
    assert_eq!(end, 0);
}
