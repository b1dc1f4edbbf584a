//! Modules that are called without pause do not keep others from being called.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use policy::{Limits, Loaded, Sandbox};

use crate::support::{load, module, network, sandbox, with_section};

const CALLS: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_floods_do_not_delay_a_third_module() {
    let sandbox = sandbox(Limits::default());
    let one = load(&sandbox, module("loop-in-plan")).await.unwrap();
    let other = load(&sandbox, with_section(module("loop-in-plan"), "other", b"digest")).await.unwrap();
    let third = load(&sandbox, module("good")).await.unwrap();
    assert_ne!(one.digest(), other.digest());

    let ended = Arc::new(AtomicUsize::new(0));
    let floods: Vec<_> = (0..CALLS)
        .flat_map(|_| [one.clone(), other.clone()])
        .map(|mode| tokio::spawn(call(sandbox.clone(), mode, Arc::clone(&ended))))
        .collect();
    while ended.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert!(sandbox.plan_network(&third, &network()).await.is_ok());
    let before_the_third = ended.load(Ordering::SeqCst);
    assert!(before_the_third < CALLS, "the third module waited for {before_the_third} of {} calls", 2 * CALLS);
    for flood in floods {
        flood.await.unwrap();
    }
    assert_eq!(ended.load(Ordering::SeqCst), 2 * CALLS, "the floods are answered too, in their turn");
}

async fn call(sandbox: Sandbox, mode: Loaded, ended: Arc<AtomicUsize>) {
    assert!(sandbox.plan_network(&mode, &network()).await.is_err());
    ended.fetch_add(1, Ordering::SeqCst);
}
