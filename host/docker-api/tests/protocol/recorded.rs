//! What daemons really sent (see `requests/README.md`), and what the driver hears of it.

use std::path::{Path, PathBuf};

use docker_api::Limits;

use crate::lab::Lab;

/// The recordings of one folder, in the order in which they came.
fn recordings(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requests").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// `07-CreateEndpoint.json` is of `NetworkDriver.CreateEndpoint`, `01-IpamDriver.RequestPool.json` as it says.
fn method(path: &Path) -> String {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let name = stem.trim_start_matches(|character: char| !character.is_alphabetic());
    if name.contains('.') { name.to_owned() } else { format!("NetworkDriver.{name}") }
}

/// Sends every recording and compares what the driver heard with what is written beside it.
async fn replay(folder: &str, expected_count: usize) {
    let recordings = recordings(folder);
    assert_eq!(recordings.len(), expected_count);
    for path in recordings {
        let lab = Lab::start(Limits::default());
        let answer = lab.call(&method(&path), std::fs::read(&path).unwrap()).await;
        assert_eq!((answer.status, answer.body.get("Err")), (200, None), "{}: {answer:?}", path.display());
        let heard = lab.calls().join("\n") + "\n";
        let golden = path.with_extension("heard");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&golden, &heard).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(heard, expected, "{} differs; if that is right, run with BLESS=1", golden.display());
    }
}

#[tokio::test]
async fn the_ovn_document() {
    replay("ovn-document", 9).await;
}

#[tokio::test]
async fn docker_20_10() {
    replay("docker-20.10.24", 21).await;
}

#[tokio::test]
async fn docker_28() {
    replay("docker-28.5.2", 29).await;
}

#[tokio::test]
async fn addresses_of_docker_20_10() {
    replay("docker-20.10.24-ipam", 13).await;
}

#[tokio::test]
async fn addresses_of_docker_28() {
    replay("docker-28.5.2-ipam", 13).await;
}
