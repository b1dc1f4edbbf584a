//! The compile bomb: a small file that takes long and much to compile.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use policy::{Cache, Checked, Compiler, Limits, LoadError, Origin, Sandbox};

use crate::support::{MANIFEST, built, check, contract, file, module, sandbox};

/// A module that works, with very many tiny functions behind it.
fn bomb(functions: u32) -> Vec<u8> {
    let good = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/good.wat")).unwrap();
    let mut text = good.trim_end().strip_suffix(')').unwrap().to_owned();
    for _ in 0..functions {
        text.write_str("(func(param i32)(result i32)(i32.mul(local.get 0)(i32.add(local.get 0)(i32.const 7))))")
            .unwrap();
    }
    text.push(')');
    built(wat::parse_str(text).unwrap(), &contract(), MANIFEST)
}

#[tokio::test]
async fn a_compile_bomb_is_refused_before_it_is_compiled() {
    let limits = Limits::default();
    let LoadError::Functions { functions, limit } =
        Checked::new("bomb", Origin::Site, bomb(200_000).into(), &limits).unwrap_err()
    else {
        panic!()
    };
    assert_eq!((functions, limit), (200_004, 50_000));
    let said = LoadError::Functions { functions, limit }.to_string();
    assert!(said.starts_with("it has 200004 functions: at most 50000 are taken; build it optimised"), "{said}");
    let large = vec![0; limits.module_size + 1];
    let error = Checked::new("bomb", Origin::Site, large.into(), &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it is 33554433 bytes long, or longer: at most 33554432 are taken (module_size in [limits])"
    );
}

#[tokio::test]
async fn with_that_check_lifted_the_childs_limits_end_it() {
    let lifted = Limits { module_size: 64 << 20, functions: u32::MAX, ..Limits::default() };
    let checked = Checked::new("bomb", Origin::Site, bomb(200_000).into(), &lifted).unwrap();

    let seconds = sandbox(Limits { compile_seconds: 1, compile_memory: 8 << 30, ..Limits::default() });
    let error = seconds.load(checked.clone()).await.unwrap_err();
    assert!(matches!(error, LoadError::CompileTime { seconds: 1 }), "{error}");
    assert!(error.to_string().ends_with("(compile_time in [limits])"), "{error}");

    let memory = sandbox(Limits { compile_memory: 200 << 20, compile_seconds: 600, ..Limits::default() });
    let error = memory.load(checked).await.unwrap_err();
    assert!(matches!(error, LoadError::CompileMemory { bytes: 209_715_200 }), "{error}");
    assert!(error.to_string().ends_with("(limit compile-memory)"), "{error}");
}

#[tokio::test]
async fn a_driver_whose_child_does_not_run_says_so() {
    let compiler = Compiler { program: "/nonexistent/driver".into(), arguments: Vec::new() };
    let sandbox = Sandbox::new(Limits::default(), compiler).unwrap();
    let good = built(file("good"), &contract(), MANIFEST);
    let checked = Checked::new("good", Origin::Site, good.into(), sandbox.limits()).unwrap();
    let error = sandbox.load(checked).await.unwrap_err();
    assert!(matches!(error, LoadError::Child(_)) && error.can_retry(), "{error}");
}

#[tokio::test]
async fn a_module_that_is_kept_is_tried_in_its_turn_too() {
    let place = tempfile::tempdir().unwrap();
    let limits = Limits { compile_seconds: 1, compile_memory: 8 << 30, ..Limits::default() };
    let cache = Cache { worth: Duration::ZERO, ..Cache::new(place.path().join("cache")) };
    let compiler = Compiler { program: env!("CARGO_BIN_EXE_policy-compiler").into(), arguments: Vec::new() };
    let sandbox = Sandbox::with_cache(limits, compiler, cache).unwrap();
    let good = check(&sandbox, module("good")).unwrap();
    sandbox.load(good.clone()).await.unwrap();

    let bomb = check(&sandbox, bomb(45_000)).unwrap();
    let ended = AtomicBool::new(false);
    tokio::join!(
        biased;
        async {
            assert!(matches!(sandbox.load(bomb).await, Err(LoadError::CompileTime { .. })));
            ended.store(true, Ordering::SeqCst);
        },
        async {
            sandbox.load(good).await.unwrap();
            assert!(ended.load(Ordering::SeqCst), "one of a site's is tried at a time");
        }
    );
}
