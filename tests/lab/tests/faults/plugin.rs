//! Docker's side of the protocol, one call a connection: the walk kills the driver at moments of a call, for which Docker
//! itself is too slow and too forgiving.

use lab::Host;
use serde_json::{Value, json};
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// The network of the walk, and its one endpoint.
pub(crate) const NETWORK: &str = "a11ce0000000000000000000000000000000000000000000000000000000a11c";
pub(crate) const ENDPOINT: &str = "e11ce0000000000000000000000000000000000000000000000000000000e11c";

/// The calls that a container's life is made of, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Call {
    CreateNetwork,
    CreateEndpoint,
    Join,
    ProgramExternalConnectivity,
    RevokeExternalConnectivity,
    Leave,
    DeleteEndpoint,
    DeleteNetwork,
}

impl Call {
    pub(crate) const LIFE: [Self; 8] = [
        Self::CreateNetwork,
        Self::CreateEndpoint,
        Self::Join,
        Self::ProgramExternalConnectivity,
        Self::RevokeExternalConnectivity,
        Self::Leave,
        Self::DeleteEndpoint,
        Self::DeleteNetwork,
    ];

    fn body(self, network: &Value) -> Value {
        let options = json!({
            "com.docker.network.endpoint.exposedports": [{ "Proto": 6, "Port": 80 }],
            "com.docker.network.portmap": [{ "Proto": 6, "Port": 80, "HostPort": 8088, "HostPortEnd": 8088 }],
        });
        let mut body = json!({ "NetworkID": NETWORK, "EndpointID": ENDPOINT, "Options": options });
        match self {
            Self::CreateNetwork => {
                let generic = json!({ "com.docker.network.generic": network });
                let pool = json!({ "AddressSpace": "LocalDefault", "Gateway": "10.88.0.1/24", "Pool": "10.88.0.0/24" });
                body = json!({ "NetworkID": NETWORK, "Options": generic, "IPv4Data": [pool], "IPv6Data": [] });
            }
            Self::DeleteNetwork => body = json!({ "NetworkID": NETWORK }),
            Self::CreateEndpoint => {
                body["Interface"] = json!({ "Address": "10.88.0.2/24", "AddressIPv6": "", "MacAddress": "" });
            }
            Self::Join => body["SandboxKey"] = json!("/var/run/docker/netns/a11ce"),
            _ => {}
        }
        body
    }
}

/// The driver's socket, and what is asked of it.
#[derive(Clone, Debug)]
pub(crate) struct Plugin {
    socket: PathBuf,
    network: Value,
}

impl Plugin {
    /// The driver of a host, and the options of the network of the walk.
    pub(crate) fn of(host: &Host, network: Value) -> Self {
        Self { socket: host.file(Path::new("/run/docker/plugins/ovs.sock")), network }
    }

    /// Makes a call; false: no answer came. An answer that is an error panics.
    pub(crate) fn is_answered(&self, call: Call) -> bool {
        match self.post(call) {
            Ok(answer) if answer.is_empty() => false,
            Ok(answer) => {
                assert!(answer.starts_with("HTTP/1.1 200"), "{call:?} was answered with {answer}");
                true
            }
            Err(_) => false,
        }
    }

    fn post(&self, call: Call) -> io::Result<String> {
        let body = call.body(&self.network).to_string();
        let mut stream = UnixStream::connect(&self.socket)?;
        let length = body.len();
        let head = "Host: plugin.moby.localhost\r\nConnection: close\r\n";
        write!(stream, "POST /NetworkDriver.{call:?} HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n{body}")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
