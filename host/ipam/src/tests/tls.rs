//! A northbound database behind TLS: with certificates of the configuration, or of Open vSwitch's own.

use std::sync::Arc;

use ovsdb::{Client, Insert, MonitorSpec, NorthboundAt, Options, Remote, TlsFiles, Transaction};
use tokio::time::Instant;

use super::certs::Authority;
use super::server::{Server, shared_file};
use super::support::{driver_at, endpoint, schema, shortly, soon, subnet};
use crate::Ipam;

/// A database that is reached over TLS only, what signs its certificate, and its remote.
fn database() -> (Server, Authority, Remote) {
    let mut server = Server::without_database();
    let authority = Authority::new(&server.path(""), "ours");
    let files = authority.sign(&server.path(""), "server", &authority);
    server.create_database(&schema());
    server.run_with_tls(&files);
    let remote = server.tcp_remote("ssl");
    (server, authority, remote)
}

/// A driver whose configuration names the database and certificates.
fn configured(host: &str, remote: &Remote, tls: TlsFiles) -> Ipam {
    let at = NorthboundAt::Remotes(vec![remote.clone()]);
    let northbound = ovsdb::Northbound::start(at, Options::new([]), Some(tls)).unwrap();
    driver_at(host, &Arc::default(), Some(northbound))
}

/// A pool is not given, and these words are in the reason once the driver has tried to connect.
async fn is_refused(driver: &Ipam, words: &str) {
    let patience = soon();
    loop {
        let said = driver.request_pool(&subnet("10.2.0.0/24"), shortly()).await.unwrap_err().to_string();
        assert!(said.starts_with("OVN's northbound database (ssl:"), "{said}");
        if said.contains("OVN_Northbound: ssl:") && said.contains(words) {
            return;
        }
        assert!(Instant::now() < patience, "{words} is not in: {said}");
    }
}

#[tokio::test]
async fn the_certificates_of_the_configuration_are_shown_and_theirs_looked_at() {
    let (server, ours, remote) = database();
    let folder = server.path("");
    let driver = configured("h1", &remote, ours.sign(&folder, "h1", &ours));
    let pool = driver.pool(&subnet("10.1.0.0/24")).await;
    assert_eq!(driver.gets(&pool, &endpoint(Some("10.1.0.9"), "m1")).await, "10.1.0.9/24");

    let others = Authority::new(&folder, "others");
    let distrustful = ours.sign(&folder, "h2", &others);
    is_refused(&configured("h2", &remote, distrustful), "certificate").await;
    let lost = TlsFiles { certificate: "/nowhere/cert.pem".into(), ..ours.sign(&folder, "h3", &ours) };
    is_refused(&configured("h3", &remote, lost), "/nowhere/cert.pem").await;
    let stranger = others.sign(&folder, "h4", &ours);
    is_refused(&configured("h4", &remote, stranger), &remote.to_string()).await;
    assert_eq!(driver.all().await.len(), 1);
}

/// What `ovs-vsctl set-ssl` and `external_ids:ovn-nb` say is enough.
#[tokio::test]
async fn without_them_those_of_open_vswitch_are_used() {
    let (server, ours, remote) = database();
    let switch = Server::with_schema(&std::fs::read_to_string(shared_file("vswitch.ovsschema")).unwrap());
    let files = ours.sign(&server.path(""), "h1", &ours);
    let path = |file: &std::path::Path| file.to_str().unwrap().to_owned();
    let ssl = Insert::into("SSL")
        .uuid_name("ssl")
        .set("private_key", path(&files.private_key))
        .set("certificate", path(&files.certificate))
        .set("ca_cert", path(&files.ca_certificate));
    let root = Insert::into("Open_vSwitch")
        .set("external_ids", ovsdb::Value::map([("ovn-nb", remote.to_string())]))
        .set("ssl", ovsdb::Atom::named("ssl"));
    let client = Client::start(switch.remote(), MonitorSpec::database("Open_vSwitch")).unwrap();
    client.transact(Transaction::new("Open_vSwitch").insert(ssl).insert(root), soon()).await.unwrap();

    let northbound = ovsdb::Northbound::start(NorthboundAt::Auto, switch.options(), None).unwrap();
    let driver = driver_at("h1", &Arc::default(), Some(northbound));
    driver.pool(&subnet("10.1.0.0/24")).await;
    let listed = driver.all().await;
    assert_eq!(listed.iter().map(|pool| pool.place).collect::<Vec<_>>(), [crate::Place::Northbound]);
}
