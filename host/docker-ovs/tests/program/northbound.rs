//! `check` and a northbound database behind TLS: whether certificates are right is seen before a network needs them.

use std::os::unix::fs::symlink;
use std::time::Instant;

use ovsdb::TlsFiles;
use serde_json::Value;

use crate::certs::Authority;
use crate::place::{PATIENCE, Place, client};
use crate::server::{Server, shared_file};

fn schema(name: &str) -> String {
    std::fs::read_to_string(shared_file(name)).unwrap()
}

/// A host's Open vSwitch, and a northbound database that is reached over TLS only.
struct Databases {
    place: Place,
    _switch: Server,
    northbound: Server,
    ours: Authority,
}

impl Databases {
    fn new() -> Self {
        let (place, switch) = (Place::new(), Server::with_schema(&schema("vswitch.ovsschema")));
        symlink(switch.path("sock"), place.path("db.sock")).unwrap();
        let mut northbound = Server::without_database();
        northbound.create_database(&schema("ovn-nb.ovsschema"));
        let ours = Authority::new(&northbound.path(""), "ours");
        northbound.run_with_tls(&ours.sign(&northbound.path(""), "server", &ours));
        Self { place, _switch: switch, northbound, ours }
    }

    fn sign(&self, by: &Authority, name: &str, trusted: &Authority) -> TlsFiles {
        by.sign(&self.northbound.path(""), name, trusted)
    }

    /// What `check` says of the database with these certificates in the configuration.
    fn said(&self, tls: Option<&TlsFiles>) -> Value {
        let tls = tls.map(|TlsFiles { private_key, certificate, ca_certificate }| {
            let [key, certificate, ca] = [private_key, certificate, ca_certificate].map(|file| file.display());
            format!("[tls]\nkey = \"{key}\"\ncertificate = \"{certificate}\"\nca = \"{ca}\"\n")
        });
        let remote = self.northbound.tcp_remote("ssl");
        self.place.configure(&format!("ovn_nb = \"{remote}\"\n{}", tls.unwrap_or_default()));
        let findings: Value = serde_json::from_str(&client(&self.place, &["check", "--json"]).out).unwrap();
        let is_meant = |finding: &&Value| {
            finding["subject"] == "ovn" && finding["what"].as_str().unwrap().starts_with("the northbound database")
        };
        findings.as_array().unwrap().iter().find(is_meant).cloned().unwrap_or_default()
    }

    /// Checks that it says so, once it has tried long enough.
    #[track_caller]
    fn says(&self, tls: Option<&TlsFiles>, state: &str, words: &str) -> String {
        let started = Instant::now();
        loop {
            let said = self.said(tls);
            if said["state"] == state && said["what"].as_str().unwrap_or_default().contains(words) {
                return said["advice"].as_str().unwrap_or_default().to_owned();
            }
            assert!(started.elapsed() < PATIENCE, "{words} is not in {said}");
        }
    }
}

#[test]
fn certificates_that_are_not_taken_are_told_with_where_they_are_named() {
    let databases = Databases::new();
    let ours = &databases.ours;
    let good = databases.sign(ours, "h1", ours);
    databases.says(Some(&good), "good", "answers at ssl:127.0.0.1:");

    let others = Authority::new(&databases.northbound.path(""), "others");
    let lost = TlsFiles { private_key: "/nowhere/key.pem".into(), ..good };
    let distrustful = databases.sign(ours, "h2", &others);
    let stranger = databases.sign(&others, "h3", ours);
    for (tls, words) in [
        (Some(&lost), "/nowhere/key.pem"),
        (Some(&distrustful), "certificate"),
        (Some(&stranger), "does not answer at ssl:127.0.0.1:"),
        (None, "needs a private key, a certificate and a CA certificate"),
    ] {
        let advice = databases.says(tls, "bad", words);
        assert!(advice.contains("[tls] in the configuration") && advice.contains("set-ssl"), "{words}: {advice}");
    }
}
