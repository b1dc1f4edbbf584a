//! What it takes to ask a mode: the built-in `nat`, a fresh instance for each call, as in the driver.

use std::collections::BTreeMap;
use std::time::Instant;

use builtin_modes::builtin;
use plan::{Endpoint, EndpointId, MacAddress, Network, NetworkId, Subnet};
use policy::{BuiltIn, Catalog, Compiler, Limits, Loaded, Question, Sandbox, Scope};

use crate::report::Row;
use crate::samples::Samples;

/// How many calls; the first ones, which find the caches cold, are not counted.
const ROUNDS: usize = 2000;
const WARM_UP: usize = 200;

/// Asks for an endpoint's plan again and again.
pub(crate) fn measure() -> [Row; 2] {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads start");
    let sandbox = Sandbox::new(Limits::default(), Compiler::default()).expect("the sandbox starts");
    let (mut inside, mut whole) = (Samples::default(), Samples::default());
    runtime.block_on(async {
        let mode = nat(&sandbox).await;
        let question = question(&mode);
        for round in 0..WARM_UP + ROUNDS {
            let question = question.clone();
            let started = Instant::now();
            let outcome = sandbox.ask(&mode, question).await;
            let taken = started.elapsed();
            outcome.answer.expect("the mode has a plan for an endpoint");
            if round >= WARM_UP {
                inside.push(outcome.usage.time);
                whole.push(taken);
            }
        }
    });
    [
        Row::time("policy call: a fresh instance, asked and answered", &inside),
        Row::time("policy call: as the driver waits for it", &whole),
    ]
}

async fn nat(sandbox: &Sandbox) -> Loaded {
    let built_in: Vec<BuiltIn> = builtin().into_iter().map(|(name, wasm)| BuiltIn { name, wasm }).collect();
    let (catalog, _) = Catalog::open(sandbox.clone(), &built_in, None, &BTreeMap::new());
    catalog.by_name("nat").await.expect("the built-in mode loads")
}

/// An endpoint of a network without options.
fn question(mode: &Loaded) -> Question {
    let nobody = |_: &str, _| None;
    let options =
        |scope| mode.manifest().options(scope, &BTreeMap::new(), &nobody).expect("no options are needed").attributes;
    let net = |text: &str| text.parse().expect("an address with its prefix");
    let network = Network {
        id: NetworkId::new("bench").expect("an id"),
        internal: false,
        subnets: vec![Subnet { pool: net("10.64.0.0/16"), gateway: Some(net("10.64.0.1/16")), auxiliary: Vec::new() }],
        options: options(Scope::Network),
        facts: Vec::new(),
    };
    let endpoint = Endpoint {
        id: EndpointId::new("bench").expect("an id"),
        mac: MacAddress([2, 66, 10, 64, 0, 2]),
        addresses: vec![net("10.64.0.2/16")],
        options: options(Scope::Endpoint),
        facts: Vec::new(),
    };
    Question::Endpoint(network, endpoint)
}
