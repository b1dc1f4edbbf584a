//! How much of the contract the fixtures exercised: the same for a mode in any language.
//!
//! What there is to exercise is known from the contract and the manifest: the functions, the actions that the mode's
//! capabilities allow, the refusals that it lists, its options (each value of those that have few), the capabilities that
//! it asks for, and both families of addresses.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use plan::{Attributes, Capability, Value};
use policy::{Manifest, OptionKind, OptionSpec};
use serde::Serialize;

use super::ask::Prepared;
use super::invariant::needs;
use super::judge::word;
use super::run::{Answer, Asked};
use crate::fixture::Call;

/// One sort of thing to exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// What: `actions`.
    pub what: &'static str,
    /// What was exercised.
    pub met: Vec<String>,
    /// What never was.
    pub never: Vec<String>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// One sort each.
    pub sorts: Vec<Covered>,
    /// Codes of refusals that were met and that the manifest does not list, where it lists any.
    pub unlisted: Vec<String>,
    /// Whether the manifest lists none.
    pub refusals_unknown: bool,
    /// The rules by which the guard denied something.
    pub denied: Vec<String>,
    /// Of everything together.
    pub percent: u8,
}

/// What was met so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    words: BTreeSet<(&'static str, String)>,
    denied: BTreeSet<String>,
}

const CALLS: &str = "calls";
const ACTIONS: &str = "actions";
const REFUSALS: &str = "refusals";
const OPTIONS: &str = "options";
const GRANTS: &str = "grants";
const FAMILIES: &str = "families";

impl Met {
    /// Takes down what a question exercised.
    pub(super) fn add(&mut self, call: Call, prepared: &Prepared, asked: &Asked, manifest: &Manifest) {
        if let Answer::NoNetwork(_) = &asked.answer {
            return; // The question was never asked.
        }
        self.word(CALLS, &call);
        self.options(prepared, manifest);
        let subnets = prepared.network().subnets.iter().map(|subnet| subnet.pool.addr());
        let addresses = prepared.endpoint().map(|endpoint| endpoint.addresses.iter().map(ipnet::IpNet::addr));
        for address in subnets.chain(addresses.into_iter().flatten()) {
            self.word(FAMILIES, &family(address));
        }
        match &asked.answer {
            Answer::Planned { plan, .. } => {
                for step in &plan.steps {
                    self.word(ACTIONS, &step.action.kind());
                    needs(&step.action).iter().for_each(|capability| self.word(GRANTS, capability));
                }
            }
            Answer::Refused(refusal) => self.word(REFUSALS, &refusal.code),
            Answer::Denied { denial, .. } => drop(self.denied.insert(word(denial.rule))),
            Answer::NoNetwork(_) | Answer::Broken(_) => {}
        }
    }

    fn options(&mut self, prepared: &Prepared, manifest: &Manifest) {
        for spec in &manifest.options {
            let is_it = |key: &String| *key == spec.key || spec.aliases.contains_key(key);
            if values(spec).is_empty() {
                if prepared.given.iter().any(is_it) {
                    self.word(OPTIONS, &spec.key);
                }
                continue;
            }
            let lists = [Some(&prepared.network().options), prepared.endpoint().map(|endpoint| &endpoint.options)];
            for value in lists.into_iter().flatten().filter_map(|list| list.value(&spec.key)) {
                self.word(OPTIONS, &named(spec, value));
            }
        }
    }

    fn word(&mut self, sort: &'static str, word: &impl fmt::Display) {
        self.words.insert((sort, word.to_string()));
    }

    /// What of everything that is.
    pub(super) fn of(&self, manifest: &Manifest) -> Coverage {
        let all = [
            (CALLS, Call::ALL.map(|call| call.to_string()).to_vec()),
            (ACTIONS, actions(&manifest.capabilities)),
            (REFUSALS, manifest.refusals.clone()),
            (OPTIONS, manifest.options.iter().flat_map(exercises).collect()),
            (GRANTS, manifest.capabilities.iter().map(ToString::to_string).collect()),
            (FAMILIES, vec!["IPv4".to_owned(), "IPv6".to_owned()]),
        ];
        let sorts = all.map(|(what, all)| {
            let (met, never) = all.into_iter().partition(|word| self.words.contains(&(what, word.clone())));
            Covered { what, met, never }
        });
        let (met, never) =
            sorts.iter().fold((0, 0), |(met, never), sort| (met + sort.met.len(), never + sort.never.len()));
        let refusals = self.words.iter().filter(|(sort, _)| *sort == REFUSALS).map(|(_, code)| code);
        Coverage {
            unlisted: refusals.filter(|code| !manifest.refusals.contains(code)).cloned().collect(),
            refusals_unknown: manifest.refusals.is_empty(),
            denied: self.denied.iter().cloned().collect(),
            percent: u8::try_from(met * 100 / (met + never).max(1)).unwrap_or(100),
            sorts: sorts.to_vec(),
        }
    }
}

fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "IPv4" } else { "IPv6" }
}

/// The actions that a mode's plans can have.
fn actions(capabilities: &[Capability]) -> Vec<String> {
    let has = |capability| capabilities.contains(&capability);
    let ovn = has(Capability::Ovn);
    let on_wire = has(Capability::Bridge) || has(Capability::Uplink) || has(Capability::Tunnel);
    let all = [
        // What is on logical switches has no bridge of its own.
        ("bridge", on_wire || !ovn),
        ("uplink", has(Capability::Uplink)),
        ("host-port", has(Capability::HostAddress)),
        ("endpoint-port", true),
        ("masquerade", has(Capability::Nat)),
        ("forward", has(Capability::Nat)),
        ("publish", has(Capability::Publish)),
        ("tunnel", has(Capability::Tunnel)),
        ("logical-switch", ovn),
        ("logical-router", ovn),
        ("router-port", ovn),
        ("static-route", ovn),
        ("localnet", ovn),
        ("acl", ovn),
        ("load-balancer", ovn && has(Capability::Publish)),
        ("logical-nat", ovn && has(Capability::Nat)),
    ];
    all.into_iter().filter(|(_, has)| *has).map(|(kind, _)| kind.to_owned()).collect()
}

/// The values of an option that has few.
fn values(spec: &OptionSpec) -> Vec<Value> {
    match &spec.kind {
        OptionKind::Text { choices } => choices.iter().cloned().map(Value::Text).collect(),
        OptionKind::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        _ => Vec::new(),
    }
}

/// What there is to exercise of an option: each of few values, or that it is given.
fn exercises(spec: &OptionSpec) -> Vec<String> {
    let values = values(spec);
    if values.is_empty() { vec![spec.key.clone()] } else { values.iter().map(|value| named(spec, value)).collect() }
}

fn named(spec: &OptionSpec, value: &Value) -> String {
    format!("{}={value}", spec.key)
}

impl Coverage {
    /// For people: a line for each sort, `actions 5/6, never: publish`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |Covered { what, met, never }: &Covered| match (&met[..], &never[..]) {
            ([], []) if *what == REFUSALS => "refusals  the manifest lists none".to_owned(),
            ([], []) => format!("{what:8}  none"),
            (_, []) => format!("{what:8}  {0}/{0}", met.len()),
            _ => format!("{what:8}  {}/{}, never: {}", met.len(), met.len() + never.len(), never.join(", ")),
        };
        let unlisted = (!self.unlisted.is_empty() && !self.refusals_unknown)
            .then(|| format!("refusals  that the manifest does not list: {}", self.unlisted.join(", ")));
        let denied = (!self.denied.is_empty()).then(|| format!("denials   by the rules {}", self.denied.join(", ")));
        self.sorts.iter().map(line).chain(unlisted).chain(denied).collect()
    }
}
