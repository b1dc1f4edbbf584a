use std::collections::BTreeSet;

use super::*;
use crate::record::Shared;

fn claim(holders: &[&str]) -> Claim {
    let holders = holders.iter().map(|id| plan::NetworkId::new(*id).unwrap()).collect::<BTreeSet<_>>();
    Claim { object: Shared::Bridge("br-lan".to_owned()), holders }
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let (store, empty) = Store::open(directory.path()).unwrap();
    assert!(empty.claims.is_empty());
    let digest = ModeDigest::new("ab".repeat(32)).unwrap();
    store.write(Batch::default().claim(&claim(&["a", "b"])).module(&digest, b"wasm")).await.unwrap();
    let instance = store.instance().clone();
    drop(store);
    let (store, remembered) = Store::open(directory.path()).unwrap();
    assert_eq!(remembered.claims, [claim(&["a", "b"])]);
    assert_eq!(store.module(&digest).unwrap().as_deref(), Some(&b"wasm"[..]));
    assert_eq!(*store.instance(), instance);
}

#[tokio::test]
async fn a_claim_that_nobody_holds_is_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(directory.path()).unwrap();
    store.write(Batch::default().claim(&claim(&["a"]))).await.unwrap();
    store.write(Batch::default().claim(&claim(&[]))).await.unwrap();
    drop(store);
    assert!(Store::open(directory.path()).unwrap().1.claims.is_empty());
}

#[tokio::test]
async fn a_second_driver_on_the_same_directory_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let (_store, _) = Store::open(directory.path()).unwrap();
    let error = Store::open(directory.path()).unwrap_err().to_string();
    assert!(error.contains("is another docker-ovs running"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writes_all_arrive() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(directory.path()).unwrap();
    let store = std::sync::Arc::new(store);
    let writes: Vec<_> = (0..100)
        .map(|number| {
            let store = std::sync::Arc::clone(&store);
            tokio::spawn(async move {
                let object = Shared::Uplink(format!("eth{number}"));
                let claim = Claim { object, ..claim(&["a"]) };
                store.write(Batch::default().claim(&claim)).await
            })
        })
        .collect();
    for write in writes {
        write.await.unwrap().unwrap();
    }
    drop(store);
    assert_eq!(Store::open(directory.path()).unwrap().1.claims.len(), 100);
}

fn fail(store: &Store) {
    let failed = store.writer.file().with(|_| Err::<(), _>(redb::Error::Io(std::io::ErrorKind::StorageFull.into())));
    assert!(failed.is_err());
}

#[tokio::test]
async fn after_its_file_failed_the_store_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(directory.path()).unwrap();
    fail(&store);
    store.write(Batch::default().claim(&claim(&["a"]))).await.unwrap();
    fail(&store);
    assert_eq!(store.module(&ModeDigest::new("ab".repeat(32)).unwrap()).unwrap(), None);
    drop(store);
    assert_eq!(Store::open(directory.path()).unwrap().1.claims, [claim(&["a"])]);
}

#[tokio::test]
async fn what_has_to_be_written_is_written_when_the_file_is_back() {
    let directory = tempfile::tempdir().unwrap();
    let (path, away) = (directory.path().join("docker-ovs.redb"), directory.path().join("away"));
    let (store, _) = Store::open(directory.path()).unwrap();
    fail(&store);
    std::fs::rename(&path, &away).unwrap();
    std::fs::create_dir(&path).unwrap();
    let kept = |holders| store.write_in_the_end(Batch::default().claim(&claim(holders)));
    kept(&["old"]).await.unwrap_err();
    kept(&["new"]).await.unwrap_err();
    let given_up = ModeDigest::new("ab".repeat(32)).unwrap();
    store.write(Batch::default().module(&given_up, b"wasm")).await.unwrap_err();
    store.catch_up().await.unwrap_err();
    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(&away, &path).unwrap();
    store.catch_up().await.unwrap();
    assert_eq!(store.module(&given_up).unwrap(), None);
    drop(store);
    assert_eq!(Store::open(directory.path()).unwrap().1.claims, [claim(&["new"])]);
}
