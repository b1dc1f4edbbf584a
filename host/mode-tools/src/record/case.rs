//! One planning call, as a fixture that `docker-ovs mode test` passes as it is.

use plan::{Denial, HostFacts};
use policy::{Answer, HIDDEN, Planned, Question, short};

use super::host;
use crate::fixture::{Call, Case, Denied, Endpoint, Expect, Fixture, Invariant, Network, Plan, Port, Refusal};

/// What a record's file is called, behind its number: the mode, and what it was asked.
pub(super) fn name(planned: &Planned) -> String {
    format!("{}-{}", planned.mode.name(), planned.question.call())
}

/// The text of a record's file.
pub(super) fn text(planned: &Planned) -> String {
    let fixture = toml::to_string(&fixture(planned)).expect("a fixture is a table of tables, lists and texts");
    let (mode, digest) = (planned.mode.name(), short(planned.mode.digest()));
    let broke = match &planned.answer {
        Answer::Broken(fault) => format!("# The mode broke: {fault}.\n"),
        Answer::Plan(_) | Answer::Denied(_) | Answer::Refused(_) => String::new(),
    };
    let secrets = planned.secrets().collect::<Vec<_>>().join(", ");
    let left_out = match secrets.is_empty() {
        true => String::new(),
        false => format!("# What was given for {secrets} is secret, and left out: \"{HIDDEN}\" stands for it.\n"),
    };
    format!("# Recorded by docker-ovs: mode {mode} ({digest}).\n{broke}{left_out}\n{fixture}")
}

/// A planning call as a fixture with one case. Secrets are left out.
#[must_use]
pub fn fixture(planned: &Planned) -> Fixture {
    let Planned { mode, question, host, answer } = planned;
    let question = &question.without_secrets(mode);
    let network = question.network();
    let (call, endpoint, ports) = match question {
        Question::Network(_) => (Call::PlanNetwork, None, None),
        Question::Endpoint(_, endpoint) => (Call::PlanEndpoint, Some(endpoint), None),
        Question::Publish(_, endpoint, ports) => (Call::PlanPublish, Some(endpoint), Some(ports)),
    };
    let subject = endpoint.map_or_else(|| format!("network {}", network.id), |it| format!("endpoint {}", it.id));
    let case = Case {
        name: format!("{call} for {subject}"),
        call,
        grants: Some(mode.grants().clone()),
        network: Some(Network::of(network)),
        endpoint: endpoint.map(Endpoint::of),
        ports: ports.map(|ports| ports.iter().copied().map(Port).collect()),
        host: (*host != HostFacts::default()).then(|| host::of(host, network, mode.grants())),
        max_fuel: None,
        expect: Some(expected(answer)),
    };
    Fixture { cases: vec![case], ..Fixture::default() }
}

fn expected(answer: &Answer) -> Expect {
    match answer {
        Answer::Plan(plan) => Expect { plan: Some(Plan::of(plan)), ..Expect::default() },
        Answer::Refused(refusal) => {
            let plan::Refusal { class, code, at, .. } = refusal.clone();
            Expect { refusal: Some(Refusal { class, code, at }), ..Expect::default() }
        }
        Answer::Denied(Denial { rule, step, .. }) => {
            let step = step.as_ref().map(|step| step.label.clone());
            Expect { denied: Some(Denied { rule: *rule, step }), ..Expect::default() }
        }
        // A mode that breaks fails every case: this one shows it until it is mended.
        Answer::Broken(_) => Expect { invariants: vec![Invariant::Deterministic], ..Expect::default() },
    }
}
