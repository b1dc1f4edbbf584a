//! A mode that tells what it was given in confidence: neither the log nor any command shows it.

use std::fs;

use crate::build::{MANIFEST, built, contract, file};
use crate::place::{LONG_CALL, Place, client};

const SECRET: &str = "open sesame";

#[test]
fn a_secret_is_in_no_log_and_in_nothing_that_a_command_prints() {
    let option = "\n[[options]]\nkey = \"token\"\ntype = \"text\"\nsecret = true\nhelp = \"opens\"\n";
    let place = Place::new();
    place.configure(&format!("{LONG_CALL}log.filter = \"trace\"\n"));
    fs::create_dir(place.path("modes.d")).unwrap();
    let tells = built(file("tells"), &contract(), &format!("{MANIFEST}{option}"));
    fs::write(place.path("modes.d/tells.wasm"), tells).unwrap();
    let server = place.start();
    let options = format!(r#"{{"mode":"tells","token":"{SECRET}"}}"#);
    let body = format!(r#"{{"NetworkID":"n1","Options":{{"com.docker.network.generic":{options}}},"IPv4Data":[]}}"#);
    let refused = place.call("NetworkDriver.CreateNetwork", &body);
    assert!(refused.contains("(secret)") && !refused.contains(SECRET), "{refused}");
    assert!(place.said("(secret)"), "what the mode says is logged");
    assert!(!place.said(SECRET) && !place.said("sesame"));

    let asked = ["plan", "--mode", "tells", "--subnet", "10.1.0.0/24", "-o", &format!("token={SECRET}")];
    let planned = client(&place, &asked);
    assert!(planned.code == 65 && planned.err.contains("(secret)"), "{planned:?}");
    let listed = client(&place, &["network", "ls", "--json"]);
    let inspected = client(&place, &["mode", "inspect", "tells"]);
    assert!(inspected.out.contains("secret text, never shown"), "{inspected:?}");
    assert!(![planned, listed, inspected].iter().any(|it| it.out.contains("sesame") || it.err.contains("sesame")));
    assert_eq!(server.end(), Some(0));
}
