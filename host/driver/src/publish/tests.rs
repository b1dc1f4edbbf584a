use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use super::*;

fn endpoint(id: &str) -> EndpointId {
    EndpointId::new(id).unwrap()
}

fn want(protocol: Protocol, first: u16, last: u16) -> WantedPort {
    let host_address = Some("127.0.0.1".parse().unwrap());
    WantedPort { protocol, host_address, first, last, container_port: 80 }
}

#[tokio::test]
async fn port_zero_is_chosen_and_a_busy_port_is_said() {
    let ports = Ports::default();
    let settled = ports.settle(&endpoint("a"), &[want(Protocol::Tcp, 0, 0)]).unwrap();
    let port = settled.ports()[0];
    assert_ne!(port.host_port, 0);
    let again = ports.settle(&endpoint("b"), &[WantedPort::from(&port)]).unwrap_err().to_string();
    assert!(
        again.contains(&format!("127.0.0.1 {}/tcp", port.host_port)) && again.contains("choose another"),
        "{again}"
    );
    drop(settled);
    ports.settle(&endpoint("b"), &[WantedPort::from(&port)]).unwrap();
}

#[tokio::test]
async fn a_range_takes_the_next_free_port() {
    let ports = Ports::default();
    let first = ports.settle(&endpoint("a"), &[want(Protocol::Udp, 0, 0)]).unwrap().ports()[0].host_port;
    let last = first.saturating_add(4);
    let taken = UdpSocket::bind(("127.0.0.1", first)).unwrap();
    let settled = ports.settle(&endpoint("a"), &[want(Protocol::Udp, first, last)]).unwrap();
    assert!((first + 1..=last).contains(&settled.ports()[0].host_port));
    drop(taken);
}

#[tokio::test]
async fn what_is_still_wanted_is_kept_and_the_rest_released() {
    let ports = Ports::default();
    let both = [want(Protocol::Tcp, 0, 0), want(Protocol::Udp, 0, 0)];
    let settled = ports.settle(&endpoint("a"), &both).unwrap();
    let tcp = settled.ports().into_iter().find(|port| port.protocol == Protocol::Tcp).unwrap();
    ports.hold(&endpoint("a"), settled, &[]);
    let settled = ports.settle(&endpoint("a"), &both[..1]).unwrap();
    assert_eq!(settled.ports(), [tcp]);
    ports.hold(&endpoint("a"), settled, &[]);
    assert_eq!(ports.held(&endpoint("a")), [tcp]);
    ports.release(&endpoint("a"));
    assert!(ports.held(&endpoint("a")).is_empty());
}

/// The container stands on 127.0.0.2 here: the relay does not care where its target is.
#[tokio::test(flavor = "multi_thread")]
async fn streams_are_relayed() {
    let container = TcpListener::bind("127.0.0.2:0").unwrap();
    let wanted = WantedPort { container_port: container.local_addr().unwrap().port(), ..want(Protocol::Tcp, 0, 0) };
    let ports = Ports::default();
    let settled = ports.settle(&endpoint("a"), &[wanted]).unwrap();
    let host_port = settled.ports()[0].host_port;
    ports.hold(&endpoint("a"), settled, &["127.0.0.2".parse().unwrap()]);
    let answer = tokio::task::spawn_blocking(move || {
        let mut client = TcpStream::connect(("127.0.0.1", host_port)).unwrap();
        let (mut inside, _) = container.accept().unwrap();
        client.write_all(b"ping").unwrap();
        client.shutdown(std::net::Shutdown::Write).unwrap();
        let mut heard = String::new();
        inside.read_to_string(&mut heard).unwrap();
        inside.write_all(b"pong").unwrap();
        drop(inside);
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        heard + &answer
    });
    assert_eq!(answer.await.unwrap(), "pingpong");
}

#[tokio::test(flavor = "multi_thread")]
async fn datagrams_are_relayed_both_ways() {
    let container = UdpSocket::bind("127.0.0.2:0").unwrap();
    container.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let wanted = WantedPort { container_port: container.local_addr().unwrap().port(), ..want(Protocol::Udp, 0, 0) };
    let ports = Ports::default();
    let settled = ports.settle(&endpoint("a"), &[wanted]).unwrap();
    let host_port = settled.ports()[0].host_port;
    ports.hold(&endpoint("a"), settled, &["127.0.0.2".parse().unwrap()]);
    let answer = tokio::task::spawn_blocking(move || {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        client.send_to(b"ping", ("127.0.0.1", host_port)).unwrap();
        let mut buffer = [0; 16];
        let (length, from) = container.recv_from(&mut buffer).unwrap();
        container.send_to(&buffer[..length], from).unwrap();
        let (length, from) = client.recv_from(&mut buffer).unwrap();
        assert_eq!(from.port(), host_port);
        buffer[..length].to_vec()
    });
    assert_eq!(answer.await.unwrap(), b"ping");
}
