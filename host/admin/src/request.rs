//! The questions, and how they look in HTTP: here for both sides, so that they cannot differ.

use hyper::Method;
use serde::{Deserialize, Serialize};

use crate::{Failure, FailureKind, Selector};

/// A question to the driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    Status,
    Networks,
    Network(Selector),
    Reconcile(Option<Selector>),
    Explain { network: Selector, endpoint: Option<Selector> },
    ToBeUndone,
    Remove { network: Selector, endpoint: Option<Selector> },
    Modes,
    ReloadModes,
    Holdings,
    Pools,
    Release(Releasing),
    Reclaim(Reclaiming),
    Upgrade { network: Selector, upgrading: Upgrading },
    SetLogFilter(String),
}

/// Which module a network is to be moved to, and whether that is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Upgrading {
    /// A mode's name or a module's digest; none: what the name of the network's mode means now.
    pub to: Option<String>,
    /// The confirmation that a look at the difference gave ([`crate::report::Upgrade`]); none: this is the look.
    pub confirmation: Option<String>,
}

/// What of an address pool is to be given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releasing {
    /// The VRF.
    pub vrf: String,
    /// The subnet.
    pub subnet: String,
    /// Addresses of endpoints; none: all that the driver has of the pool.
    #[serde(default)]
    pub addresses: Vec<String>,
}

/// Whose things in OVN's northbound database are to be let go of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reclaiming {
    /// A host's name or system-id, or a driver's instance.
    pub host: String,
    /// Only say what that is.
    #[serde(default)]
    pub only_look: bool,
}

/// The body of [`Request::SetLogFilter`].
#[derive(Serialize, Deserialize)]
struct Filter {
    filter: String,
}

impl Request {
    pub(crate) fn method(&self) -> Method {
        match self {
            Self::Reconcile(_) | Self::ReloadModes | Self::Release(_) | Self::Reclaim(_) | Self::Upgrade { .. } => {
                Method::POST
            }
            Self::Remove { .. } => Method::DELETE,
            Self::SetLogFilter(_) => Method::PUT,
            _ => Method::GET,
        }
    }

    pub(crate) fn path(&self) -> String {
        match self {
            Self::Status => "/v1/status".into(),
            Self::Networks => "/v1/networks".into(),
            Self::Network(network) | Self::Remove { network, endpoint: None } => format!("/v1/networks/{network}"),
            Self::Remove { network, endpoint: Some(endpoint) } => {
                format!("/v1/networks/{network}/endpoints/{endpoint}")
            }
            Self::Reconcile(None) => "/v1/reconcile".into(),
            Self::Reconcile(Some(network)) => format!("/v1/networks/{network}/reconcile"),
            Self::Explain { network, endpoint: None } => format!("/v1/networks/{network}/explain"),
            Self::Explain { network, endpoint: Some(endpoint) } => {
                format!("/v1/networks/{network}/endpoints/{endpoint}/explain")
            }
            Self::Upgrade { network, .. } => format!("/v1/networks/{network}/upgrade"),
            Self::ToBeUndone => "/v1/to-be-undone".into(),
            Self::Holdings => "/v1/ovn".into(),
            Self::Pools => "/v1/pools".into(),
            Self::Release(_) => "/v1/pools/release".into(),
            Self::Reclaim(_) => "/v1/ovn/reclaim".into(),
            Self::Modes => "/v1/modes".into(),
            Self::ReloadModes => "/v1/modes/reload".into(),
            Self::SetLogFilter(_) => "/v1/log-filter".into(),
        }
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        match self {
            Self::SetLogFilter(filter) => serde_json::json!(Filter { filter: filter.clone() }).to_string().into_bytes(),
            Self::Release(releasing) => serde_json::json!(releasing).to_string().into_bytes(),
            Self::Reclaim(reclaiming) => serde_json::json!(reclaiming).to_string().into_bytes(),
            Self::Upgrade { upgrading, .. } => serde_json::json!(upgrading).to_string().into_bytes(),
            _ => Vec::new(),
        }
    }

    /// Reads a question.
    pub(crate) fn parse(method: &Method, path: &str, body: &[u8]) -> Result<Self, Failure> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let request = match segments[..] {
            ["v1", "status"] => Self::Status,
            ["v1", "networks"] => Self::Networks,
            ["v1", "networks", network] if method == Method::DELETE => {
                Self::Remove { network: selector(network)?, endpoint: None }
            }
            ["v1", "networks", network] => Self::Network(selector(network)?),
            ["v1", "networks", network, "reconcile"] => Self::Reconcile(Some(selector(network)?)),
            ["v1", "networks", network, "upgrade"] => {
                let upgrading = if method == Method::POST { upgrading(body)? } else { Upgrading::default() };
                Self::Upgrade { network: selector(network)?, upgrading }
            }
            ["v1", "networks", network, "explain"] => Self::Explain { network: selector(network)?, endpoint: None },
            ["v1", "networks", network, "endpoints", endpoint, "explain"] => {
                Self::Explain { network: selector(network)?, endpoint: Some(selector(endpoint)?) }
            }
            ["v1", "networks", network, "endpoints", endpoint] => {
                Self::Remove { network: selector(network)?, endpoint: Some(selector(endpoint)?) }
            }
            ["v1", "reconcile"] => Self::Reconcile(None),
            ["v1", "to-be-undone"] => Self::ToBeUndone,
            ["v1", "ovn"] => Self::Holdings,
            ["v1", "pools"] => Self::Pools,
            ["v1", "pools", "release"] if method == Method::POST => Self::Release(releasing(body)?),
            ["v1", "pools", "release"] => Self::Release(Releasing::default()),
            ["v1", "ovn", "reclaim"] if method == Method::POST => Self::Reclaim(reclaiming(body)?),
            ["v1", "ovn", "reclaim"] => Self::Reclaim(Reclaiming::default()),
            ["v1", "modes"] => Self::Modes,
            ["v1", "modes", "reload"] => Self::ReloadModes,
            ["v1", "log-filter"] if method == Method::PUT => Self::SetLogFilter(filter(body)?),
            ["v1", "log-filter"] => Self::SetLogFilter(String::new()),
            _ => return Err(Failure::new(FailureKind::NotFound, format!("no such question: {path}"))),
        };
        let expected = request.method();
        if *method == expected {
            return Ok(request);
        }
        Err(Failure::new(FailureKind::Invalid, format!("{path} is asked with {expected}, not with {method}")))
    }
}

fn selector(text: &str) -> Result<Selector, Failure> {
    text.parse().map_err(|error: crate::BadSelector| Failure::new(FailureKind::Invalid, error.to_string()))
}

fn filter(body: &[u8]) -> Result<String, Failure> {
    match serde_json::from_slice::<Filter>(body) {
        Ok(Filter { filter }) => Ok(filter),
        Err(error) => {
            Err(Failure::new(FailureKind::Invalid, format!("the body is not {{\"filter\": \"...\"}}: {error}")))
        }
    }
}

fn releasing(body: &[u8]) -> Result<Releasing, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body is not {{\"vrf\": \"...\", \"subnet\": \"...\", \"addresses\": []}}: {error}");
        Failure::new(FailureKind::Invalid, message)
    })
}

fn reclaiming(body: &[u8]) -> Result<Reclaiming, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body is not {{\"host\": \"...\", \"only_look\": false}}: {error}");
        Failure::new(FailureKind::Invalid, message)
    })
}

fn upgrading(body: &[u8]) -> Result<Upgrading, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body is not {{\"to\": \"...\", \"confirmation\": \"...\"}}: {error}");
        Failure::new(FailureKind::Invalid, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Request> {
        let network: Selector = "b5082d".parse().unwrap();
        let endpoint: Selector = "2f2497".parse().unwrap();
        vec![
            Request::Status,
            Request::Networks,
            Request::Network(network.clone()),
            Request::Reconcile(None),
            Request::Reconcile(Some(network.clone())),
            Request::Explain { network: network.clone(), endpoint: None },
            Request::Explain { network: network.clone(), endpoint: Some(endpoint.clone()) },
            Request::ToBeUndone,
            Request::Remove { network: network.clone(), endpoint: None },
            Request::Remove { network: network.clone(), endpoint: Some(endpoint) },
            Request::Upgrade {
                network,
                upgrading: Upgrading { to: Some("lab".into()), confirmation: Some("9f2c".into()) },
            },
            Request::Holdings,
            Request::Pools,
            Request::Release(Releasing {
                vrf: "blue".into(),
                subnet: "10.1.0.0/24".into(),
                addresses: vec!["10.1.0.9".into()],
            }),
            Request::Reclaim(Reclaiming { host: "node7".into(), only_look: true }),
            Request::Modes,
            Request::ReloadModes,
            Request::SetLogFilter("info,\"x\"".into()),
        ]
    }

    #[test]
    fn every_question_arrives_as_it_was_asked() {
        for request in all() {
            let parsed = Request::parse(&request.method(), &request.path(), &request.body());
            assert_eq!(parsed, Ok(request));
        }
    }

    #[test]
    fn a_question_is_asked_with_its_own_method() {
        for request in all() {
            let failure = Request::parse(&Method::PATCH, &request.path(), &request.body()).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Invalid);
            assert!(failure.message.ends_with("not with PATCH"), "{failure}");
        }
    }

    #[test]
    fn what_is_no_question_is_named() {
        let unknown = Request::parse(&Method::GET, "/v1/nonsense", &[]).unwrap_err();
        assert_eq!(unknown, Failure::new(FailureKind::NotFound, "no such question: /v1/nonsense"));
        let bad = Request::parse(&Method::GET, "/v1/networks/%2e%2e", &[]).unwrap_err();
        assert_eq!(bad.kind, FailureKind::Invalid);
        let no_body = Request::parse(&Method::PUT, "/v1/log-filter", b"").unwrap_err();
        assert_eq!(no_body.kind, FailureKind::Invalid);
    }
}
