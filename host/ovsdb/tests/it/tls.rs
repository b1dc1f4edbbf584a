//! `ssl:` remotes: both sides show certificates, names do not matter, the signature does.

use crate::support::{Authority, SCHEMA, Server, connected, everything, failure, soon};
use ovsdb::{Client, ConnectError, Insert, Options, TlsFiles, Transaction};
use std::sync::Arc;

/// A server that only talks TLS on TCP, and shows and asks for certificates.
fn tls_server(tls: &TlsFiles, mut server: Server) -> Server {
    server.create_database(SCHEMA);
    server.run_with_tls(tls);
    server
}

fn options(server: &Server, tls: TlsFiles) -> Options {
    Options { tls: Some(tls), ..Options::new([server.tcp_remote("ssl")]) }
}

/// Why no session came about.
async fn failure_with(options: Options) -> Arc<ConnectError> {
    failure(&Client::start(options, everything()).unwrap()).await
}

#[tokio::test]
async fn both_sides_are_authenticated_by_their_signatures() {
    let server = Server::without_database();
    let folder = server.path("");
    let (ours, others) = (Authority::new(&folder, "ours"), Authority::new(&folder, "others"));
    let server = tls_server(&ours.sign(&folder, "server", &ours), server);
    let good = ours.sign(&folder, "client", &ours);
    let client = connected(options(&server, good.clone()), everything()).await;
    let big = "x".repeat(1 << 20);
    let insert = Transaction::new("Test").insert(Insert::into("Thing").set("name", big.as_str()));
    client.transact(insert, soon()).await.unwrap();
    assert!(client.snapshot().find("Thing", "name", big.as_str()).is_some());

    let distrustful = failure_with(options(&server, ours.sign(&folder, "distrustful", &others))).await;
    assert!(distrustful.to_string().contains("certificate"), "{distrustful}");
    assert!(distrustful.is_about_certificates());
    let stranger = failure_with(options(&server, others.sign(&folder, "stranger", &ours))).await;
    assert!(!matches!(*stranger, ConnectError::Tls { .. }), "refused by the server: {stranger}");
    assert!(stranger.is_about_certificates(), "{stranger}");

    let absent = TlsFiles { private_key: "/nowhere/key.pem".into(), ..good.clone() };
    assert!(failure_with(options(&server, absent)).await.to_string().contains("/nowhere/key.pem"));
    let mixed_up = TlsFiles { ca_certificate: good.private_key.clone(), ..good };
    let mixed_up = failure_with(options(&server, mixed_up)).await;
    assert!(mixed_up.to_string().contains("no certificate in the file"), "{mixed_up}");
    assert!(mixed_up.is_about_certificates());
}

#[tokio::test]
async fn renewed_certificates_are_used_for_the_next_connection() {
    let server = Server::without_database();
    let folder = server.path("");
    let (ours, others) = (Authority::new(&folder, "ours"), Authority::new(&folder, "others"));
    let server = tls_server(&ours.sign(&folder, "server", &ours), server);
    let files = others.sign(&folder, "client", &ours);
    let client = Client::start(options(&server, files.clone()), everything()).unwrap();
    failure(&client).await;
    assert_eq!(ours.sign(&folder, "client", &ours), files);
    client.wait_connected(soon()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_talk_tls_is_not_waited_for() {
    let mut server = Server::without_database();
    let folder = server.path("");
    let ours = Authority::new(&folder, "ours");
    server.create_database(SCHEMA);
    server.run(&["--remote=ptcp:0:127.0.0.1"]);
    let cause = failure_with(options(&server, ours.sign(&folder, "client", &ours))).await;
    assert!(matches!(*cause, ConnectError::Io { .. }), "{cause}");
}
