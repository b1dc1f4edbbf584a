//! Docker's side of the remote driver protocol: one call, one connection.

use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use serde_json::{Value, json};

/// The driver's socket, spoken to as Docker does.
#[derive(Clone, Debug)]
pub(crate) struct Plugin(pub(crate) PathBuf);

/// A network, to Docker.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    id: String,
    second: u8,
}

/// An endpoint, to Docker.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    network: String,
    id: String,
    address: Ipv4Addr,
}

impl Network {
    /// The network 10.`number`.0.0/16.
    pub(crate) fn new(number: u8) -> Self {
        Self { id: id(number.into(), 'a'), second: number }
    }

    /// An endpoint with the address of this number; the first one after the gateway has number 2.
    pub(crate) fn endpoint(&self, number: u16) -> Endpoint {
        let [third, fourth] = number.to_be_bytes();
        let id = id(number.into(), 'e');
        Endpoint { network: self.id.clone(), id, address: Ipv4Addr::new(10, self.second, third, fourth) }
    }
}

/// As long as Docker's, and different from the first digit on.
fn id(number: u32, filling: char) -> String {
    format!("{number:08x}{}", filling.to_string().repeat(56))
}

impl Plugin {
    /// What Docker asks before anything else.
    pub(crate) fn activate(&self) {
        let (status, answer) = self.post("Plugin.Activate", "");
        assert_eq!(status, 200, "bench: Plugin.Activate was answered with {answer}");
    }

    /// `docker network create --opt mode=nat`.
    pub(crate) fn create_network(&self, network: &Network) {
        self.create_network_of(network, "nat");
    }

    /// The same of another mode.
    pub(crate) fn create_network_of(&self, network: &Network, mode: &str) {
        let Network { id, second } = network;
        let pool = format!("10.{second}.0.0/16");
        let gateway = format!("10.{second}.0.1/16");
        let options = json!({
            "com.docker.network.enable_ipv4": true,
            "com.docker.network.enable_ipv6": false,
            "com.docker.network.generic": { "mode": mode },
        });
        let ipv4 = json!([{ "AddressSpace": "LocalDefault", "Gateway": gateway, "Pool": pool }]);
        self.call("CreateNetwork", &json!({ "NetworkID": id, "Options": options, "IPv4Data": ipv4, "IPv6Data": [] }));
    }

    /// `docker network rm`.
    pub(crate) fn delete_network(&self, network: &Network) {
        self.call("DeleteNetwork", &json!({ "NetworkID": network.id }));
    }

    /// What Docker asks first when a container starts.
    pub(crate) fn create_endpoint(&self, endpoint: &Endpoint) {
        let mut body = named(endpoint);
        body["Interface"] =
            json!({ "Address": format!("{}/16", endpoint.address), "AddressIPv6": "", "MacAddress": "" });
        body["Options"] = options();
        self.call("CreateEndpoint", &body);
    }

    /// What it asks next; gives the name of the link that Docker would move into the container.
    pub(crate) fn join(&self, endpoint: &Endpoint) -> String {
        let mut body = named(endpoint);
        body["SandboxKey"] = json!(format!("/var/run/docker/netns/{}", &endpoint.id[..12]));
        body["Options"] = options();
        let answer = self.call("Join", &body);
        answer["InterfaceName"]["SrcName"].as_str().expect("a joined endpoint has a link").to_owned()
    }

    /// What it asks when a container has stopped.
    pub(crate) fn leave(&self, endpoint: &Endpoint) {
        self.call("Leave", &named(endpoint));
    }

    /// What it asks last.
    pub(crate) fn delete_endpoint(&self, endpoint: &Endpoint) {
        self.call("DeleteEndpoint", &named(endpoint));
    }

    fn call(&self, method: &str, body: &Value) -> Value {
        let (status, answer) = self.post(&format!("NetworkDriver.{method}"), &body.to_string());
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let good = status == 200 && answer["Err"].as_str().unwrap_or_default().is_empty();
        assert!(good, "bench: {method} of {body} was answered with {status} {answer}");
        answer
    }

    fn post(&self, method: &str, body: &str) -> (u16, String) {
        let mut stream = UnixStream::connect(&self.0).expect("the driver listens");
        let length = body.len();
        let request = format!(
            "POST /{method} HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n\
             Content-Length: {length}\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("the driver reads");
        let mut answer = Vec::new();
        let mut piece = [0; 4096];
        loop {
            if let Some(complete) = parse(&answer) {
                return complete;
            }
            let read = stream.read(&mut piece).expect("the driver answers");
            assert!(read > 0, "bench: {method} was answered with {:?}", String::from_utf8_lossy(&answer));
            answer.extend(&piece[..read]);
        }
    }
}

/// Status and body, if all of it is there.
fn parse(answer: &[u8]) -> Option<(u16, String)> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length.unwrap_or(0usize)).then(|| (status, body.to_owned()))
}

fn named(endpoint: &Endpoint) -> Value {
    json!({ "NetworkID": endpoint.network, "EndpointID": endpoint.id })
}

/// What Docker says of a container that publishes nothing.
fn options() -> Value {
    json!({ "com.docker.network.endpoint.exposedports": [], "com.docker.network.portmap": [] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_its_last_byte() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n{\"\"}";
        assert_eq!(parse(answer), Some((200, "{\"\"}".to_owned())));
        for cut in 0..answer.len() {
            assert_eq!(parse(&answer[..cut]), None);
        }
    }

    #[test]
    fn ids_differ_early() {
        let network = Network::new(64);
        let (one, two) = (network.endpoint(2), network.endpoint(258));
        assert_ne!(one.id[..8], two.id[..8]);
        assert_eq!((one.id.len(), two.address.to_string().as_str()), (64, "10.64.1.2"));
    }
}
