//! Modules from text, a sandbox to run them in, and something to ask them about.

use std::sync::Arc;

use plan::{Endpoint, Network, Subnet};
use policy::{Checked, Compiler, Limits, LoadError, Loaded, Origin, Outcome, Question, Sandbox};

pub(crate) use crate::build::{MANIFEST, built, contract, file, with_section};

/// A core module of `tests/hostile` as `cargo build` would leave it: built for the contract, with a manifest.
pub(crate) fn module(name: &str) -> Vec<u8> {
    built(file(name), &contract(), MANIFEST)
}

/// A sandbox whose modules are compiled by this crate's own child.
pub(crate) fn sandbox(limits: Limits) -> Sandbox {
    let compiler = Compiler { program: env!("CARGO_BIN_EXE_policy-compiler").into(), arguments: Vec::new() };
    Sandbox::new(limits, compiler).unwrap()
}

/// Checks a module under the limits of a sandbox.
pub(crate) fn check(sandbox: &Sandbox, bytes: Vec<u8>) -> Result<Checked, LoadError> {
    Checked::new("hostile", Origin::Site, bytes.into(), sandbox.limits())
}

/// Checks and loads a module.
pub(crate) async fn load(sandbox: &Sandbox, bytes: Vec<u8>) -> Result<Loaded, LoadError> {
    sandbox.load(check(sandbox, bytes)?).await
}

/// Loads a module of `tests/hostile` and asks it about [`network`], under the usual limits.
pub(crate) async fn ask(name: &str) -> Outcome {
    ask_within(name, Limits::default()).await
}

/// The same, under other limits.
pub(crate) async fn ask_within(name: &str, limits: Limits) -> Outcome {
    let sandbox = sandbox(limits);
    let loaded = load(&sandbox, module(name)).await.unwrap();
    sandbox.ask(&loaded, Question::Network(network())).await
}

/// 10.0.0.0/24.
pub(crate) fn network() -> Network {
    let subnet = Subnet {
        pool: "10.0.0.0/24".parse().unwrap(),
        gateway: Some("10.0.0.1/24".parse().unwrap()),
        auxiliary: Vec::new(),
    };
    Network {
        id: "net1".to_owned().try_into().unwrap(),
        internal: false,
        subnets: vec![subnet],
        options: Vec::new(),
        facts: Vec::new(),
    }
}

/// 10.0.0.2 in it.
pub(crate) fn endpoint() -> Endpoint {
    Endpoint {
        id: "ep1".to_owned().try_into().unwrap(),
        mac: "02:42:0a:00:00:02".parse().unwrap(),
        addresses: vec!["10.0.0.2/24".parse().unwrap()],
        options: Vec::new(),
        facts: Vec::new(),
    }
}

/// The class of the fault a call ended with.
pub(crate) fn class(outcome: &Outcome) -> &'static str {
    match &outcome.answer {
        Err(policy::Verdict::Broken(fault)) => fault.kind.class(),
        other => panic!("no fault: {other:?}"),
    }
}

/// What a person is shown of a call's end.
pub(crate) fn shown(outcome: &Outcome) -> String {
    outcome.answer.as_ref().unwrap_err().to_string()
}

/// Bytes, shared.
pub(crate) fn shared(bytes: Vec<u8>) -> Arc<[u8]> {
    bytes.into()
}
