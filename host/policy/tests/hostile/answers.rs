//! Answers that are none: what the guest hands over is malformed, or it gives up.

use policy::Limits;

use crate::support::{ask, class, load, module, network, sandbox, shown};

#[tokio::test]
async fn malformed_answers_are_faults_that_say_what_is_malformed() {
    let answers = [
        ("list-out-of-range", "out of bounds"),
        ("list-without-end", ""),
        ("bad-utf8", "utf-8"),
        ("bad-discriminant", "discriminant"),
        ("bad-class", "discriminant"),
        ("misaligned-pointer", "aligned"),
        ("realloc-out-of-range", "beyond end of memory"),
    ];
    for (name, words) in answers {
        let outcome = ask(name).await;
        assert_eq!(class(&outcome), "abi", "{name}: {}", shown(&outcome));
        assert!(shown(&outcome).contains(words), "{name}: {}", shown(&outcome));
    }
}

#[tokio::test]
async fn a_panic_comes_with_its_last_log_line() {
    let outcome = ask("panic").await;
    assert_eq!(class(&outcome), "panic");
    assert!(
        shown(&outcome).ends_with("plan-network panicked; its last log line: panicked at lib.rs:7: no subnet"),
        "{}",
        shown(&outcome)
    );
}

#[tokio::test]
async fn another_trap_is_named() {
    let outcome = ask("divide-by-zero").await;
    assert_eq!(class(&outcome), "trap");
    assert!(shown(&outcome).contains("divide by zero"), "{}", shown(&outcome));
}

#[tokio::test]
async fn nothing_is_kept_between_calls() {
    let sandbox = sandbox(Limits::default());
    let loaded = load(&sandbox, module("remembers")).await.unwrap();
    for _ in 0..5 {
        let policy::Verdict::Refused(refusal) = sandbox.plan_network(&loaded, &network()).await.unwrap_err() else {
            panic!()
        };
        assert_eq!(refusal.code, "1", "each call is the first");
    }
}

#[tokio::test]
async fn a_module_that_broke_once_answers_again() {
    let sandbox = sandbox(Limits::default());
    let broken = load(&sandbox, module("panic")).await.unwrap();
    let good = load(&sandbox, module("good")).await.unwrap();
    for _ in 0..3 {
        assert!(sandbox.plan_network(&broken, &network()).await.is_err());
        assert!(sandbox.plan_network(&good, &network()).await.is_ok());
    }
}
