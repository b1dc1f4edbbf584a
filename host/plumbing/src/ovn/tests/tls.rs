//! A northbound database behind TLS.

use std::time::Duration;

use ovsdb::{Found, TlsFiles};
use plan::InstanceId;
use tokio::time::Instant;

use super::northbound::{Northbound, Station, routed, soon};
use crate::ovn::session::Session;

const SUBNET: &str = "10.1.0.0/16";

#[tokio::test]
async fn rows_are_made_and_removed_with_certificates() {
    let (server, ours, remote) = Northbound::with_tls();
    let before = server.contents();
    let tls = Some(server.sign(&ours, "h1", &ours));
    let station = Station::at(Found { remotes: vec![remote], tls }, 1);
    let rows = routed(SUBNET, "10.1.0.1/16");
    station.make(&rows).await.unwrap();
    assert!(server.nbctl("ls-list").contains("docker-ovs-default-10.1.0.0/16"));
    station.remove(&rows).await.unwrap();
    assert_eq!(server.contents(), before);
}

/// Docker's user reads the error, and is not the one who can look into a log.
#[tokio::test]
async fn which_certificate_is_wrong_is_told() {
    let (server, ours, remote) = Northbound::with_tls();
    let others = server.others();
    let good = server.sign(&ours, "h1", &ours);
    let distrustful = server.sign(&ours, "h2", &others);
    let lost = TlsFiles { private_key: "/nowhere/key.pem".into(), ..good };
    for (tls, words) in [(distrustful, "certificate"), (lost, "/nowhere/key.pem")] {
        let station = Station::at(Found { remotes: vec![remote.clone()], tls: Some(tls) }, 2);
        let patience = soon();
        loop {
            let deadline = Instant::now() + Duration::from_millis(200);
            let said = station.session.view(deadline).await.err().unwrap().to_string();
            assert!(said.contains(&format!("does not answer at {remote}")), "{said}");
            if said.contains(words) {
                break;
            }
            assert!(Instant::now() < patience, "{words} is not in: {said}");
        }
    }
    let none = Session::start(&InstanceId::new("00000003").unwrap(), Found { remotes: vec![remote], tls: None });
    let said = none.err().unwrap().to_string();
    assert!(said.contains("needs a private key, a certificate and a CA certificate"), "{said}");
}
