//! Docker's API, as far as names and the swarm go: a few questions over its socket, each a connection of its own.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Where Docker listens where nobody says otherwise.
const SOCKET: &str = "/var/run/docker.sock";
/// How long an answer may take: names are a convenience, and nothing to wait for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Docker behind a socket.
#[derive(Clone, Debug)]
pub(super) struct Docker {
    socket: PathBuf,
}

/// A network of Docker's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct DockerNetwork {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) driver: String,
    /// `local`, or `swarm`.
    pub(super) scope: String,
    /// Others are made of it; it is none itself.
    pub(super) config_only: bool,
    #[serde(rename = "IPAM")]
    pub(super) ipam: Ipam,
    /// The hosts that have it, of a network of a swarm.
    pub(super) peers: Option<Vec<Peer>>,
    /// By the container's id.
    pub(super) containers: BTreeMap<String, Attached>,
}

/// A host that has a network of a swarm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Peer {
    /// Its address; another word where Docker does not know it any more.
    #[serde(rename = "IP")]
    pub(super) address: String,
}

/// What Docker says of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Info {
    pub(super) swarm: SwarmInfo,
}

/// This host's part in a swarm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SwarmInfo {
    /// Empty: it has none.
    pub(super) node_addr: String,
    /// `active`, `inactive`, or in between.
    pub(super) local_node_state: String,
}

/// Where a network's addresses are from. Docker writes what there is none of as `null`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Ipam {
    pub(super) driver: String,
    pub(super) options: Option<BTreeMap<String, String>>,
    pub(super) config: Option<Vec<IpamConfig>>,
}

/// One subnet of a network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct IpamConfig {
    pub(super) subnet: String,
}

/// A container in a network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attached {
    #[serde(rename = "Name")]
    pub(super) name: String,
    #[serde(rename = "EndpointID")]
    pub(super) endpoint: String,
    /// With the prefix length of the subnet; empty: none.
    #[serde(rename = "IPv4Address")]
    pub(super) ipv4: String,
    #[serde(rename = "IPv6Address")]
    pub(super) ipv6: String,
}

/// A container.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Container {
    /// With a slash in front.
    pub(super) name: String,
    pub(super) id: String,
    pub(super) network_settings: Settings,
}

/// What a container is connected to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Settings {
    /// By the network's name.
    pub(super) networks: BTreeMap<String, Connection>,
}

/// A container's connection to a network; the identifiers are empty while it does not run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Connection {
    #[serde(rename = "NetworkID")]
    pub(super) network: String,
    #[serde(rename = "EndpointID")]
    pub(super) endpoint: String,
}

/// Why Docker was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoDocker {
    #[error("DOCKER_HOST is {0}, and Docker is asked over a unix: socket only: say unix:///PATH")]
    Remote(String),
    #[error("Docker does not answer on {}: {source}", socket.display())]
    Away { socket: PathBuf, source: io::Error },
    #[error("Docker does not answer on {} within {} s", socket.display(), PATIENCE.as_secs())]
    Slow { socket: PathBuf },
    #[error("Docker said {0}")]
    Refused(String),
    #[error("Docker's answer makes no sense: {0}")]
    Broken(String),
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

impl Docker {
    /// The one that `docker` would talk to, as `DOCKER_HOST` has it.
    pub(super) fn of(host: Option<&str>) -> Result<Self, NoDocker> {
        match host.filter(|host| !host.is_empty()) {
            None => Ok(Self { socket: SOCKET.into() }),
            Some(host) => match host.strip_prefix("unix:") {
                Some(path) => Ok(Self { socket: path.strip_prefix("//").unwrap_or(path).into() }),
                None => Err(NoDocker::Remote(host.to_owned())),
            },
        }
    }

    /// All networks; who is in them is not said.
    pub(super) async fn networks(&self) -> Result<Vec<DockerNetwork>, NoDocker> {
        Ok(self.ask("/networks").await?.unwrap_or_default())
    }

    /// The network of an identifier, a name or a beginning of an identifier, in this order; none: there is none.
    pub(super) async fn network(&self, text: &str) -> Result<Option<DockerNetwork>, NoDocker> {
        self.ask(&format!("/networks/{}", escaped(text))).await
    }

    /// The container, the same way.
    pub(super) async fn container(&self, text: &str) -> Result<Option<Container>, NoDocker> {
        self.ask(&format!("/containers/{}/json", escaped(text))).await
    }

    /// What it says of itself.
    pub(super) async fn info(&self) -> Result<Info, NoDocker> {
        Ok(self.ask("/info").await?.unwrap_or_default())
    }

    async fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, NoDocker> {
        match timeout(PATIENCE, self.exchange(path)).await {
            Ok(answer) => answer,
            Err(_) => Err(NoDocker::Slow { socket: self.socket.clone() }),
        }
    }

    async fn exchange<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, NoDocker> {
        let away = |source| NoDocker::Away { socket: self.socket.clone(), source };
        let stream = UnixStream::connect(&self.socket).await.map_err(away)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // Ends with this set, also when the deadline drops it.
        let mut driving = JoinSet::new();
        driving.spawn(connection);
        let question = Request::get(path).header(HOST, "docker").body(Empty::<Bytes>::new()).map_err(broken)?;
        let response = sender.send_request(question).await.map_err(broken)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(broken)?.to_bytes();
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map(Some).map_err(broken);
        }
        let Refusal { message } = serde_json::from_slice(&body).map_err(broken)?;
        Err(NoDocker::Refused(message))
    }
}

fn broken(error: impl std::fmt::Display) -> NoDocker {
    NoDocker::Broken(error.to_string())
}

/// A name as a part of a path.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let part = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_docker_is() {
        let socket = |host| Docker::of(host).map(|docker| docker.socket.display().to_string());
        assert_eq!(socket(None).unwrap(), SOCKET);
        assert_eq!(socket(Some("")).unwrap(), SOCKET);
        assert_eq!(socket(Some("unix:///run/user/1/docker.sock")).unwrap(), "/run/user/1/docker.sock");
        assert_eq!(socket(Some("unix:/x.sock")).unwrap(), "/x.sock");
        assert!(socket(Some("tcp://10.0.0.1:2375")).unwrap_err().to_string().contains("tcp://10.0.0.1:2375"));
    }

    #[test]
    fn a_name_stays_in_its_place() {
        assert_eq!(escaped("web_1.a-b"), "web_1.a-b");
        assert_eq!(escaped("../a b?"), "..%2Fa%20b%3F");
    }
}
