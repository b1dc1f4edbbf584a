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
