//! A property that does not hold, as a fixture that shows it.

use std::fmt;
use std::path::PathBuf;

use plan::Attribute;
use policy::Manifest;
use serde::Serialize;

use super::generate::Input;
use super::property::{Broken, Property};
use super::run::Shrunk;
use super::seed::Seed;
use crate::fixture::{Call, Case, Endpoint, Expect, Fixture, Invariant, Network, Port};

/// A property that does not hold, and the smallest input that was found to show it.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Which property.
    pub property: Property,
    /// The function of the contract that was called.
    pub call: &'static str,
    /// The number of the input, in its run, that showed it first.
    pub input: u64,
    /// What happened.
    pub what: String,
    /// The input, as a fixture.
    #[serde(skip)]
    pub fixture: Fixture,
    /// What the fixture's file is to be called.
    #[serde(skip)]
    pub file: PathBuf,
}

impl Failure {
    pub(super) fn new(manifest: &Manifest, seed: Seed, shrunk: Shrunk) -> Self {
        let Shrunk { number, broken, input } = shrunk;
        let fixture = fixture(manifest, &broken, &input);
        let Broken { property, call, what, .. } = broken;
        Self { property, call, input: number, what, fixture, file: format!("fuzz-{seed}-{number}.toml").into() }
    }

    /// The fixture as a file's text, with a word on where it comes from.
    #[must_use]
    pub fn text(&self) -> String {
        let fixture = toml::to_string(&self.fixture).expect("a fixture is a table of tables, lists and texts");
        format!("# Found by `docker-ovs mode fuzz`: {}.\n# {}\n\n{fixture}", self.property, self.what)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "BROKEN    {}", self.property)?;
        writeln!(f, "          {}: {}", self.call, self.what)
    }
}

/// A case that fails as long as the property does not hold.
fn fixture(manifest: &Manifest, broken: &Broken, input: &Input) -> Fixture {
    let call = match broken.call {
        "plan-network" => Call::PlanNetwork,
        "plan-endpoint" => Call::PlanEndpoint,
        _ => Call::PlanPublish,
    };
    let invariant = match broken.property {
        // A mode that breaks fails every case.
        Property::Answers | Property::Deterministic => Invariant::Deterministic,
        Property::Admitted => Invariant::NeverDenied,
        Property::UndoIsClean => Invariant::UndoIsClean,
        Property::RefusalIsClear => Invariant::RefusalIsClear,
    };
    let network = plan::Network { options: given(manifest, &input.network.options), ..input.network.clone() };
    let endpoint = plan::Endpoint { options: given(manifest, &input.endpoint.options), ..input.endpoint.clone() };
    let endpoint = (call != Call::PlanNetwork).then(|| Endpoint::of(&endpoint));
    let ports = (call == Call::PlanPublish).then(|| input.ports.iter().copied().map(Port).collect());
    let case = Case {
        name: broken.property.sentence().to_owned(),
        call,
        grants: None,
        network: Some(Network::of(&network)),
        endpoint,
        ports,
        host: None,
        max_fuel: None,
        expect: Some(Expect { invariants: vec![invariant], ..Expect::default() }),
    };
    Fixture { cases: vec![case], ..Fixture::default() }
}

/// The options that are not what the manifest fills in by itself.
fn given(manifest: &Manifest, options: &[Attribute]) -> Vec<Attribute> {
    let default = |option: &Attribute| manifest.spec(&option.key).and_then(|spec| spec.default.as_ref());
    options.iter().filter(|option| default(option) != Some(&option.value)).cloned().collect()
}
