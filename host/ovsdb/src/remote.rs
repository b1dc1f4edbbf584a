//! Where a server listens, in Open vSwitch's notation.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The port of OVSDB servers that is registered with IANA.
const DEFAULT_PORT: u16 = 6640;

/// A server's address: `unix:PATH`, `tcp:HOST[:PORT]` or `ssl:HOST[:PORT]`; an IPv6 address stands in brackets, the port
/// is 6640 if it is left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Remote {
    /// A unix socket.
    Unix(PathBuf),
    /// TCP.
    Tcp {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// TLS over TCP.
    Ssl {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
}

/// Text that is no remote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a remote: {problem}; use unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT")]
pub struct RemoteError {
    text: String,
    problem: &'static str,
}

impl Remote {
    /// Reads remotes separated by commas, as Open vSwitch's own tools take them.
    ///
    /// # Errors
    /// If one of them is no remote.
    pub fn parse_list(text: &str) -> Result<Vec<Remote>, RemoteError> {
        text.split(',').map(str::trim).map(str::parse).collect()
    }

    /// Whether a silent peer can go unnoticed: a unix socket is closed with its server, so that it needs no probes.
    pub(crate) fn needs_probes(&self) -> bool {
        !matches!(self, Remote::Unix(_))
    }
}

impl FromStr for Remote {
    type Err = RemoteError;

    fn from_str(text: &str) -> Result<Self, RemoteError> {
        let wrong = |problem| RemoteError { text: text.to_owned(), problem };
        let (scheme, rest) = text.split_once(':').ok_or_else(|| wrong("no scheme"))?;
        match scheme {
            "unix" if rest.is_empty() => Err(wrong("no path")),
            "unix" => Ok(Remote::Unix(rest.into())),
            "tcp" => host_and_port(rest).map(|(host, port)| Remote::Tcp { host, port }).map_err(wrong),
            "ssl" => host_and_port(rest).map(|(host, port)| Remote::Ssl { host, port }).map_err(wrong),
            _ => Err(wrong("unknown scheme")),
        }
    }
}

fn host_and_port(text: &str) -> Result<(String, u16), &'static str> {
    let (host, port) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let (host, rest) = bracketed.split_once(']').ok_or("no closing bracket")?;
            host.parse::<std::net::Ipv6Addr>().map_err(|_| "no IPv6 address in the brackets")?;
            (
                host,
                if rest.is_empty() { None } else { Some(rest.strip_prefix(':').ok_or("no colon after the bracket")?) },
            )
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err("no host");
    }
    match port.map(str::parse) {
        None => Ok((host.to_owned(), DEFAULT_PORT)),
        Some(Ok(0)) | Some(Err(_)) => Err("the port is not a number between 1 and 65535"),
        Some(Ok(port)) => Ok((host.to_owned(), port)),
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut address = |scheme: &str, host: &str, port: u16| match host.contains(':') {
            true => write!(f, "{scheme}:[{host}]:{port}"),
            false => write!(f, "{scheme}:{host}:{port}"),
        };
        match self {
            Remote::Tcp { host, port } => address("tcp", host, *port),
            Remote::Ssl { host, port } => address("ssl", host, *port),
            Remote::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_are_read_and_written_as_open_vswitch_does() {
        for text in ["unix:/run/db.sock", "tcp:127.0.0.1:6641", "ssl:[fd00::1]:6642", "ssl:nb.example.org:6641"] {
            assert_eq!(text.parse::<Remote>().unwrap().to_string(), text);
        }
        assert_eq!("tcp:host".parse::<Remote>().unwrap().to_string(), "tcp:host:6640");
        assert_eq!("ssl:[::1]".parse::<Remote>().unwrap().to_string(), "ssl:[::1]:6640");
        assert_eq!(Remote::parse_list("tcp:a:1, unix:/b").unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_remote_is_refused_with_the_reason() {
        let cases = [
            ("/run/db.sock", "no scheme"),
            ("unix:", "no path"),
            ("ptcp:6640", "unknown scheme"),
            ("tcp::6640", "no host"),
            ("tcp:host:0", "the port"),
            ("tcp:host:http", "the port"),
            ("tcp:[::1:6640", "no closing bracket"),
            ("tcp:[host]:6640", "no IPv6 address"),
            ("ssl:[::1]6640", "no colon"),
        ];
        for (text, problem) in cases {
            let error = text.parse::<Remote>().unwrap_err().to_string();
            assert!(error.contains(problem) && error.contains(text), "{text}: {error}");
        }
    }
}
