//! Recorded requests with one value after the other exchanged for something else, left out, or cut off: each is either
//! understood or refused, and the server lives.

use std::path::Path;

use docker_api::Limits;
use serde_json::{Value, json};

use crate::lab::Lab;

/// Every value that a request has, as paths.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                pointers(value, &format!("{here}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                pointers(value, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn mangled(request: &Value) -> Vec<String> {
    let replacements = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}/../\u{1b}[0m"),
        json!([[]]),
        json!({"": {}}),
    ];
    let mut paths = Vec::new();
    pointers(request, "", &mut paths);
    let mut all = Vec::new();
    for path in paths {
        for replacement in &replacements {
            let mut request = request.clone();
            *request.pointer_mut(&path).unwrap() = replacement.clone();
            all.push(request.to_string());
        }
    }
    all
}

async fn mangle(recording: &str, method: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requests").join(recording);
    let text = std::fs::read_to_string(path).unwrap();
    let mut bodies = mangled(&serde_json::from_str(&text).unwrap());
    bodies.extend((0..text.trim_end().len()).map(|end| text[..end].to_owned()));
    let lab = Lab::start(Limits::default());
    let (mut understood, mut refused) = (0, 0);
    for body in bodies {
        let answer = lab.call(method, &body).await;
        match answer.status {
            200 => understood += 1,
            400 => refused += 1,
            _ => panic!("{answer:?} to {body}"),
        }
    }
    assert!(understood > 0 && refused > 0);
    assert_eq!(lab.calls().len(), understood);
    assert_eq!(lab.call("Plugin.Activate", "").await.status, 200);
}

#[tokio::test]
async fn networks() {
    mangle("docker-28.5.2/02-CreateNetwork.json", "NetworkDriver.CreateNetwork").await;
}

#[tokio::test]
async fn endpoints() {
    mangle("docker-28.5.2/11-CreateEndpoint.json", "NetworkDriver.CreateEndpoint").await;
}

#[tokio::test]
async fn ports() {
    mangle("docker-28.5.2/13-ProgramExternalConnectivity.json", "NetworkDriver.ProgramExternalConnectivity").await;
}

#[tokio::test]
async fn pools() {
    mangle("docker-28.5.2-ipam/01-IpamDriver.RequestPool.json", "IpamDriver.RequestPool").await;
}

#[tokio::test]
async fn addresses() {
    mangle("docker-28.5.2-ipam/09-IpamDriver.RequestAddress.json", "IpamDriver.RequestAddress").await;
}
