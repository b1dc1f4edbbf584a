//! `lab-peer`: the other end of the lab's traffic, in containers and on nodes.
//!
//! ```text
//! lab-peer serve NAME PORT...            answer on TCP, UDP and SCTP
//! lab-peer ask PROTOCOL ADDRESS PORT [S] who answers there within S seconds, and which address it sees: "NAME ADDRESS"
//! lab-peer exchange ADDRESS PORT MB      send MB megabytes of noise over TCP, and check that they come back
//! lab-peer watch ADDRESS PORT SECONDS    ask over UDP every 10 ms; "sent N lost N longest MS" at the end, or at /tmp/enough
//! lab-peer flow ADDRESS PORT NAME        ask from one and the same port until NAME answers; prints each new name
//! ```

mod sctp;

use sctp::SCTP;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io::{self, BufRead as _, BufReader, Error, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

/// How long one question may take, unless it is told otherwise.
const DEADLINE: Duration = Duration::from_secs(2);
/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(20);
/// How much is sent at once.
const CHUNK: usize = 64 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["serve", name, ports @ ..] if !ports.is_empty() => serve(name, ports),
        ["ask", protocol, address, port] => ask(protocol, address, port, DEADLINE),
        ["ask", protocol, address, port, seconds] => {
            number(seconds).and_then(|seconds| insist(protocol, address, port, Duration::from_secs(seconds.into())))
        }
        ["exchange", address, port, megabytes] => exchange(address, port, megabytes),
        ["watch", address, port, seconds] => watch(address, port, seconds),
        ["flow", address, port, name] => flow(address, port, name),
        _ => Err(Error::new(ErrorKind::InvalidInput, "usage: lab-peer serve|ask|exchange|watch|flow ...")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lab-peer {}: {error}", words.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn serve(name: &str, ports: &[&str]) -> io::Result<()> {
    let ports = ports.iter().map(|port| number(port)).collect::<io::Result<Vec<_>>>()?;
    let mut threads = Vec::new();
    for port in ports.iter().copied() {
        threads.push(accepting(name, listen(Protocol::TCP, port)?));
        if has_sctp() {
            threads.push(accepting(name, listen(Protocol::from(SCTP), port)?));
        }
        let (name, udp) = (name.to_owned(), UdpSocket::bind((Ipv6Addr::UNSPECIFIED, port))?);
        threads.push(thread::spawn(move || answer_datagrams(&name, &udp)));
    }
    for ipv4 in [true, false].into_iter().filter(|_| !has_sctp()) {
        let (name, ports, socket) = (name.to_owned(), ports.clone(), sctp::open(ipv4)?);
        threads.push(thread::spawn(move || sctp::serve(&name, &ports, &socket)));
    }
    threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(Error::other("a thread panicked"))))
}

/// Whether the kernel has sockets for SCTP, in the style of TCP's.
fn has_sctp() -> bool {
    Socket::new(Domain::IPV6, Type::STREAM, Some(Protocol::from(SCTP))).is_ok()
}

fn listen(protocol: Protocol, port: u16) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, Some(protocol))?;
    socket.set_only_v6(false)?;
    socket.set_reuse_address(true)?;
    socket.bind(&SockAddr::from(SocketAddr::from((Ipv6Addr::UNSPECIFIED, port))))?;
    socket.listen(64)?;
    Ok(socket)
}

fn accepting(name: &str, socket: Socket) -> thread::JoinHandle<io::Result<()>> {
    let name = name.to_owned();
    thread::spawn(move || {
        loop {
            let (stream, _) = socket.accept()?;
            let name = name.clone();
            // Whoever asked goes away as it likes: that is its business, and no reason to stop answering.
            thread::spawn(move || answer(&name, &TcpStream::from(stream)));
        }
    })
}

/// One line says what is wanted: `ask` gives name and address, anything else is sent back as it comes.
fn answer(name: &str, mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut wanted = String::new();
    reader.read_line(&mut wanted)?;
    if wanted == "ask\n" {
        return writeln!(stream, "{name} {}", stream.peer_addr()?.ip().to_canonical());
    }
    io::copy(&mut reader, &mut stream).map(drop)
}

fn answer_datagrams(name: &str, socket: &UdpSocket) -> io::Result<()> {
    let mut datagram = [0; 64];
    loop {
        let (_, from) = socket.recv_from(&mut datagram)?;
        // A reply that cannot be sent is a lost one.
        let _ = socket.send_to(format!("{name} {}", from.ip().to_canonical()).as_bytes(), from);
    }
}

fn ask(protocol: &str, address: &str, port: &str, deadline: Duration) -> io::Result<()> {
    let target = resolve(address, port)?;
    let said = match protocol {
        "tcp" => ask_stream(Protocol::TCP, target, deadline)?,
        "sctp" if !has_sctp() => sctp::ask(target, deadline)?,
        "sctp" => ask_stream(Protocol::from(SCTP), target, deadline)?,
        "udp" => ask_datagram(&udp_to(target)?, deadline)?,
        other => return Err(Error::new(ErrorKind::InvalidInput, format!("no protocol {other}"))),
    };
    println!("{}", said.trim_end());
    Ok(())
}

/// Asks until somebody answers: a container that was just started may not listen yet, and a relay in front of it then
/// hangs up.
fn insist(protocol: &str, address: &str, port: &str, patience: Duration) -> io::Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        let left = deadline.saturating_duration_since(Instant::now()).max(PAUSE);
        match ask(protocol, address, port, left) {
            Err(error) if left > PAUSE && is_too_early(&error) => thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

fn is_too_early(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof)
}

fn ask_stream(protocol: Protocol, target: SocketAddr, deadline: Duration) -> io::Result<String> {
    let socket = Socket::new(Domain::for_address(target), Type::STREAM, Some(protocol))?;
    socket.connect_timeout(&SockAddr::from(target), deadline)?;
    socket.set_read_timeout(Some(deadline))?;
    let mut stream = TcpStream::from(socket);
    stream.write_all(b"ask\n")?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    if said.is_empty() { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(said) }
}

fn ask_datagram(socket: &UdpSocket, deadline: Duration) -> io::Result<String> {
    let mut reply = [0; 256];
    socket.set_read_timeout(Some(deadline))?;
    socket.send(b"ask")?;
    let length = socket.recv(&mut reply)?;
    Ok(String::from_utf8_lossy(&reply[..length]).into_owned())
}

fn exchange(address: &str, port: &str, megabytes: &str) -> io::Result<()> {
    let chunks = usize::from(number(megabytes)?) * 1024 * 1024 / CHUNK;
    let mut sending = TcpStream::connect_timeout(&resolve(address, port)?, DEADLINE)?;
    sending.set_read_timeout(Some(DEADLINE * 10))?;
    let mut receiving = sending.try_clone()?;
    let sender = thread::spawn(move || {
        let mut noise = Noise(1);
        sending.write_all(b"exchange\n")?;
        (0..chunks).try_for_each(|_| sending.write_all(&noise.chunk()))?;
        sending.shutdown(std::net::Shutdown::Write)
    });
    let (mut noise, mut chunk) = (Noise(1), vec![0; CHUNK]);
    for at in 0..chunks {
        receiving.read_exact(&mut chunk)?;
        if chunk != noise.chunk() {
            return Err(Error::other(format!("not what was sent, within chunk {at} of {chunks}")));
        }
    }
    sender.join().unwrap_or_else(|_| Err(Error::other("the sender panicked")))
}

/// Bytes that look random and are the same on both ends (xorshift).
struct Noise(u64);

impl Noise {
    fn chunk(&mut self) -> Vec<u8> {
        let mut next = || {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0.to_ne_bytes()
        };
        (0..CHUNK / 8).flat_map(|_| next()).collect()
    }
}

fn watch(address: &str, port: &str, seconds: &str) -> io::Result<()> {
    let socket = udp_to(resolve(address, port)?)?;
    let end = Instant::now() + Duration::from_secs(number(seconds)?.into());
    let (mut sent, mut lost, mut last, mut longest) = (0_u32, 0_u32, Instant::now(), Duration::ZERO);
    while Instant::now() < end && !Path::new("/tmp/enough").exists() {
        sent += 1;
        match ask_datagram(&socket, Duration::from_millis(100)) {
            Ok(_) => {
                longest = longest.max(last.elapsed());
                last = Instant::now();
            }
            Err(_) => lost += 1,
        }
        thread::sleep(Duration::from_millis(10));
    }
    println!("sent {sent} lost {lost} longest {}", longest.max(last.elapsed()).as_millis());
    Ok(())
}

fn flow(address: &str, port: &str, awaited: &str) -> io::Result<()> {
    let socket = udp_to(resolve(address, port)?)?;
    let mut known = String::new();
    while known != awaited {
        let said = ask_datagram(&socket, Duration::from_millis(100)).unwrap_or_default();
        let name = said.split(' ').next().unwrap_or_default();
        if !name.is_empty() && name != known {
            println!("{name}");
            name.clone_into(&mut known);
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn udp_to(target: SocketAddr) -> io::Result<UdpSocket> {
    let any: IpAddr = if target.is_ipv4() { [0, 0, 0, 0].into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(target)?;
    Ok(socket)
}

fn resolve(address: &str, port: &str) -> io::Result<SocketAddr> {
    let found = (address, number(port)?).to_socket_addrs()?.next();
    found.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("{address} has no address")))
}

fn number(text: &str) -> io::Result<u16> {
    text.parse().map_err(|error| Error::new(ErrorKind::InvalidInput, format!("{text}: {error}")))
}
