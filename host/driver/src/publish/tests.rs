use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use super::*;

/// Long enough for anything that is going to come.
const LONG: Duration = Duration::from_secs(120);
/// For what must not come.
const A_MOMENT: Duration = Duration::from_millis(200);

fn endpoint(id: &str) -> EndpointId {
    EndpointId::new(id).unwrap()
}

/// An endpoint, its address and the other endpoints of its container, held together.
struct Claims {
    endpoint: EndpointId,
    addresses: Vec<IpAddr>,
    mates: Vec<EndpointId>,
}

impl Claims {
    fn of(id: &str, addresses: &[&str], mates: &[&str]) -> Self {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        Self { endpoint: endpoint(id), addresses, mates: mates.iter().map(|mate| endpoint(mate)).collect() }
    }

    fn alone(id: &str) -> Self {
        Self::of(id, &[], &[])
    }

    fn claimant(&self) -> Claimant<'_> {
        Claimant { endpoint: &self.endpoint, addresses: &self.addresses, mates: &self.mates }
    }
}

/// What an endpoint listens on.
fn places(ports: &Ports, id: &str) -> Vec<String> {
    let table = ports.lock();
    let sockets = table.get(&endpoint(id)).map(|mine| &mine.sockets);
    let mut places: Vec<_> = sockets.into_iter().flatten().map(|(place, _)| place.address.to_string()).collect();
    places.sort();
    places
}

fn want(protocol: Protocol, first: u16, last: u16) -> WantedPort {
    let host_address = Some("127.0.0.1".parse().unwrap());
    WantedPort { protocol, host_address, first, last, container_port: 80 }
}

#[tokio::test]
async fn port_zero_is_chosen_and_a_busy_port_is_said() {
    let ports = Ports::default();
    let settled = ports.settle(Claims::alone("a").claimant(), &[want(Protocol::Tcp, 0, 0)], &[]).unwrap();
    let port = settled.ports()[0];
    assert_ne!(port.host_port, 0);
    let again = ports.settle(Claims::alone("b").claimant(), &[WantedPort::from(&port)], &[]).unwrap_err().to_string();
    assert!(
        again.contains(&format!("127.0.0.1 {}/tcp", port.host_port)) && again.contains("choose another"),
        "{again}"
    );
    drop(settled);
    ports.settle(Claims::alone("b").claimant(), &[WantedPort::from(&port)], &[]).unwrap();
}

#[tokio::test]
async fn a_range_takes_the_next_free_port() {
    let ports = Ports::default();
    let first =
        ports.settle(Claims::alone("a").claimant(), &[want(Protocol::Udp, 0, 0)], &[]).unwrap().ports()[0].host_port;
    let last = first.saturating_add(4);
    let taken = UdpSocket::bind(("127.0.0.1", first)).unwrap();
    let settled = ports.settle(Claims::alone("a").claimant(), &[want(Protocol::Udp, first, last)], &[]).unwrap();
    assert!((first + 1..=last).contains(&settled.ports()[0].host_port));
    drop(taken);
}

#[tokio::test]
async fn what_is_still_wanted_is_kept_and_the_rest_released() {
    let ports = Ports::default();
    let both = [want(Protocol::Tcp, 0, 0), want(Protocol::Udp, 0, 0)];
    let settled = ports.settle(Claims::alone("a").claimant(), &both, &[]).unwrap();
    let tcp = settled.ports().into_iter().find(|port| port.protocol == Protocol::Tcp).unwrap();
    ports.hold(Claims::alone("a").claimant(), settled).closed().await;
    let settled = ports.settle(Claims::alone("a").claimant(), &both[..1], &[]).unwrap();
    assert_eq!(settled.ports(), [tcp]);
    ports.hold(Claims::alone("a").claimant(), settled).closed().await;
    assert!(ports.settle(Claims::alone("a").claimant(), &both[..1], &[]).unwrap().is_held());
    assert_eq!(places(&ports, "a"), ["127.0.0.1"]);
    ports.release(&endpoint("a")).closed().await;
    assert!(places(&ports, "a").is_empty());
    TcpListener::bind(("127.0.0.1", tcp.host_port)).unwrap();
}

#[tokio::test]
async fn what_is_released_is_free_though_a_child_has_a_copy_of_its_socket() {
    let (ports, a) = (Ports::default(), Claims::alone("a"));
    let mut wanted = want(Protocol::Tcp, 0, 0);
    // The kernel keeps a port that was asked for by its number more closely than one that it chose.
    for _ in 0..2 {
        let settled = ports.settle(a.claimant(), &[wanted], &[]).unwrap();
        wanted = WantedPort::from(&settled.ports()[0]);
        ports.hold(a.claimant(), settled).closed().await;
        let copies: Vec<_> = ports.lock()[&a.endpoint].sockets.values().map(|held| copy(&held.socket)).collect();
        ports.release(&a.endpoint).closed().await;
        ports.settle(Claims::alone("b").claimant(), &[wanted], &[]).unwrap();
        assert_eq!(copies.len(), 1, "they were there all the time");
    }
}

/// What a child has from when it is forked until it runs its own program.
fn copy(socket: &Socket) -> OwnedFd {
    let Socket::Stream(listener, _) = socket else { panic!("{socket:?} does not listen") };
    listener.as_fd().try_clone_to_owned().unwrap()
}

fn everywhere(host_address: Option<&str>, port: u16) -> WantedPort {
    let host_address = host_address.map(|address| address.parse().unwrap());
    WantedPort { host_address, ..want(Protocol::Tcp, port, port) }
}

/// A port that was free a moment ago.
fn free() -> u16 {
    TcpListener::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn narrowing_to_one_family_keeps_its_socket_and_widening_adds_the_other() {
    let (ports, port, a) = (Ports::default(), free(), Claims::of("a", &["10.9.0.2"], &[]));
    for (wanted, expected) in
        [(None, ["0.0.0.0", "::"].as_slice()), (Some("0.0.0.0"), &["0.0.0.0"]), (None, &["0.0.0.0", "::"])]
    {
        let settled = ports.settle(a.claimant(), &[everywhere(wanted, port)], &[]).unwrap();
        assert_eq!(settled.ports()[0].host_port, port);
        ports.hold(a.claimant(), settled).closed().await;
        assert_eq!(places(&ports, "a"), expected);
    }
}

#[tokio::test]
async fn each_endpoint_of_a_container_has_the_family_that_it_alone_has() {
    let four = Claims::of("four", &["10.9.0.2"], &["six"]);
    let six = Claims::of("six", &["fd09::2"], &["four"]);
    for [first, second] in [[&four, &six], [&six, &four]] {
        let (ports, wanted) = (Ports::default(), [everywhere(None, free())]);
        ports.hold(first.claimant(), ports.settle(first.claimant(), &wanted, &[]).unwrap()).closed().await;
        assert_eq!(places(&ports, &first.endpoint).len(), 2, "alone it helps out with the other family");
        drop(ports.settle(second.claimant(), &wanted, &[]).unwrap());
        assert_eq!(places(&ports, &first.endpoint).len(), 2, "asking takes nothing away");
        ports.hold(second.claimant(), ports.settle(second.claimant(), &wanted, &[]).unwrap()).closed().await;
        assert_eq!((places(&ports, "four"), places(&ports, "six")), (vec!["0.0.0.0".into()], vec!["::".into()]));
        ports.release(&second.endpoint).closed().await;
        ports.hold(first.claimant(), ports.settle(first.claimant(), &wanted, &[]).unwrap()).closed().await;
        assert_eq!(places(&ports, &first.endpoint).len(), 2, "alone again it helps out again");
    }
}

/// The container stands on 127.0.0.2 here: the relay does not care where its target is.
#[tokio::test(flavor = "multi_thread")]
async fn streams_are_relayed() {
    let container = TcpListener::bind("127.0.0.2:0").unwrap();
    let wanted = WantedPort { container_port: container.local_addr().unwrap().port(), ..want(Protocol::Tcp, 0, 0) };
    let ports = Ports::default();
    let settled = ports.settle(Claims::alone("a").claimant(), &[wanted], &[]).unwrap();
    let host_port = settled.ports()[0].host_port;
    ports.hold(Claims::of("a", &["127.0.0.2"], &[]).claimant(), settled).closed().await;
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

/// Two ports of a container, with room for the clients of one of them.
async fn crowded(protocol: Protocol, room: usize, container_port: u16) -> (Ports, [u16; 2]) {
    let ports = Ports { room: Room::of(room), ..Ports::default() };
    let wanted = [WantedPort { container_port, ..want(protocol, 0, 0) }; 2];
    let claims = Claims::of("a", &["127.0.0.2"], &[]);
    let settled = ports.settle(claims.claimant(), &wanted, &[]).unwrap();
    let both = settled.ports().iter().map(|port| port.host_port).collect::<Vec<_>>().try_into().unwrap();
    ports.hold(claims.claimant(), settled).closed().await;
    (ports, both)
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_wait_for_room_whatever_port_they_come_by() {
    let container = TcpListener::bind("127.0.0.2:0").unwrap();
    let (_ports, [one, other]) = crowded(Protocol::Tcp, 2, container.local_addr().unwrap().port()).await;
    let clients = tokio::task::spawn_blocking(move || {
        let first = TcpStream::connect(("127.0.0.1", one)).unwrap();
        let (inside, _) = container.accept().unwrap();
        let mut second = TcpStream::connect(("127.0.0.1", other)).unwrap();
        container.set_nonblocking(true).unwrap();
        std::thread::sleep(A_MOMENT);
        assert!(container.accept().is_err(), "there is room for one");
        container.set_nonblocking(false).unwrap();
        drop((first, inside));
        let (mut inside, _) = container.accept().unwrap();
        inside.write_all(b"now").unwrap();
        drop(inside);
        let mut heard = String::new();
        second.read_to_string(&mut heard).unwrap();
        heard
    });
    assert_eq!(clients.await.unwrap(), "now");
}

#[tokio::test(flavor = "multi_thread")]
async fn datagrams_without_room_are_dropped() {
    let container = UdpSocket::bind("127.0.0.2:0").unwrap();
    let (_ports, [one, other]) = crowded(Protocol::Udp, 1, container.local_addr().unwrap().port()).await;
    let clients = tokio::task::spawn_blocking(move || {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        let says = |word: u8, to: u16| assert_eq!(client.send_to(&[word], ("127.0.0.1", to)).unwrap(), 1);
        let hears = |patience: Duration| {
            container.set_read_timeout(Some(patience)).unwrap();
            let mut word = [0];
            container.recv_from(&mut word).ok().map(|_| word[0])
        };
        says(1, one);
        let first = hears(LONG);
        says(2, other);
        says(3, one);
        [first, hears(LONG), hears(A_MOMENT)]
    });
    assert_eq!(clients.await.unwrap(), [Some(1), Some(3), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn datagrams_are_relayed_both_ways() {
    let container = UdpSocket::bind("127.0.0.2:0").unwrap();
    container.set_read_timeout(Some(LONG)).unwrap();
    let wanted = WantedPort { container_port: container.local_addr().unwrap().port(), ..want(Protocol::Udp, 0, 0) };
    let ports = Ports::default();
    let settled = ports.settle(Claims::alone("a").claimant(), &[wanted], &[]).unwrap();
    let host_port = settled.ports()[0].host_port;
    ports.hold(Claims::of("a", &["127.0.0.2"], &[]).claimant(), settled).closed().await;
    let answer = tokio::task::spawn_blocking(move || {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.set_read_timeout(Some(LONG)).unwrap();
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
