//! Records in the words of the operators' socket.

use std::collections::BTreeMap;

use admin::report::{
    Drift, Endpoint, EndpointState as EndpointWord, Health, NetworkDetail, NetworkState as NetworkWord, NetworkSummary,
    Object, Ownership, PublishedPort, Step, StepState,
};
use plan::{Action, AdmittedStep, Attribute, Capability, InterfaceName, NetworkId};
use plumbing::{Condition, Dataplane, Finding, Work};
use policy::{Loaded, Origin};
use serde_json::Value;

use crate::Driver;
use crate::external::unheard;
use crate::notes::{Problem, Subject};
use crate::reconcile::AGAIN;
use crate::record::{EndpointRecord, EndpointState, NetworkRecord, NetworkState, Shared};

impl<D: Dataplane> Driver<D> {
    pub(super) fn summary(&self, record: &NetworkRecord) -> NetworkSummary {
        let endpoints = self.state.endpoints_of(&record.network.id);
        let joined = endpoints.iter().filter(|endpoint| endpoint.state == EndpointState::Joined).count();
        let subjects = endpoints.iter().map(|endpoint| endpoint.subject());
        let problems: Vec<_> =
            subjects.chain(own_subjects(record)).flat_map(|subject| self.problems(&subject)).collect();
        NetworkSummary {
            id: record.network.id.to_string(),
            name: None,
            mode: record.mode.clone(),
            mode_digest: record.digest.to_string(),
            state: stage(record.state),
            health: match health(record, &problems) {
                Health::Broken => Health::Broken,
                _ if !self.dataplane.health().connected => Health::Unknown,
                known => known,
            },
            internal: record.network.internal,
            subnets: record.network.subnets.iter().map(|subnet| subnet.pool.to_string()).collect(),
            bridge: bridge(record).map(ToString::to_string),
            endpoints: endpoints.len() as u64,
            joined: joined as u64,
        }
    }

    /// Everything about a network, looked at now.
    pub(super) async fn detail(&self, record: &NetworkRecord) -> NetworkDetail {
        let findings = self.findings(&self.network_works(record)).await;
        let mut detail = NetworkDetail {
            summary: self.summary(record),
            gateways: record.network.subnets.iter().filter_map(|net| net.gateway).map(|net| net.to_string()).collect(),
            options: attributes(&record.shown(&record.network.options)),
            ignored: record.ignored.clone(),
            facts: attributes(&record.network.facts),
            steps: record.plan.steps.iter().map(|planned| step(planned, findings.as_deref())).collect(),
            objects: self.objects(record).await,
            ..NetworkDetail::default()
        };
        if !is_known(findings.as_deref()) && detail.summary.health != Health::Broken {
            detail.summary.health = Health::Unknown;
        }
        let subject = (record.network.id.clone(), None);
        detail.drift.extend(own_subjects(record).flat_map(|subject| self.drifts(&subject)));
        if record.state == NetworkState::Removing {
            detail.to_be_undone.push(self.to_be_undone(&subject));
        }
        for endpoint in self.state.endpoints_of(&record.network.id) {
            detail.drift.extend(self.drifts(&endpoint.subject()));
            if endpoint.state == EndpointState::Removing {
                detail.to_be_undone.push(self.to_be_undone(&endpoint.subject()));
            }
            detail.endpoint_list.push(self.endpoint_report(record, &endpoint).await);
        }
        detail.endpoint_list.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        detail
    }

    async fn endpoint_report(&self, network: &NetworkRecord, record: &EndpointRecord) -> Endpoint {
        let mut work = self.endpoint_work(network, record);
        work.steps.extend(record.published_steps());
        let findings = if record.state == EndpointState::Joined {
            self.findings(std::slice::from_ref(&work)).await
        } else {
            Some(Vec::new())
        };
        Endpoint {
            id: record.endpoint.id.to_string(),
            container: None,
            state: word(&record.state),
            mac: record.endpoint.mac.to_string(),
            addresses: record.endpoint.addresses.iter().map(ToString::to_string).collect(),
            interface: record.plan.steps.iter().find_map(|step| step.name.as_ref()).map(ToString::to_string),
            options: attributes(&network.shown(&record.endpoint.options)),
            facts: attributes(&record.endpoint.facts),
            published: record.published.iter().flat_map(|published| &published.ports).map(published_port).collect(),
            steps: work.steps.iter().map(|planned| step(planned, findings.as_deref())).collect(),
            problem: match &record.state {
                EndpointState::Broken(why) => Some(format!("{why}; restart its container")),
                _ => {
                    let noted = self.problems(&record.subject()).into_iter().map(|problem| problem.what).next();
                    noted.or_else(|| unheard(record).map(str::to_owned))
                }
            },
        }
    }

    /// How the steps' objects are now; nothing: nobody can tell. Does not wait for an Open vSwitch that is away.
    pub(super) async fn findings(&self, works: &[Work]) -> Option<Vec<Finding>> {
        if !self.dataplane.health().connected {
            return None;
        }
        let mut findings = Vec::new();
        for work in works {
            findings.extend(self.dataplane.verify(work, self.patience()).await.ok()?);
        }
        Some(findings)
    }

    /// The named things a network stands on, and whose they are.
    async fn objects(&self, record: &NetworkRecord) -> Vec<Object> {
        let marked = match self.dataplane.health().connected {
            true => self.dataplane.marked(self.patience()).await.ok(),
            false => None,
        };
        let named = record.plan.steps.iter().filter_map(|step| Some((step, step.name.as_ref()?)));
        named.map(|(step, name)| self.object(record, step, name, marked.as_deref())).collect()
    }

    fn object(
        &self,
        record: &NetworkRecord,
        step: &AdmittedStep,
        name: &InterfaceName,
        marked: Option<&[plumbing::Marked]>,
    ) -> Object {
        let (kind, shared) = match &step.action {
            Action::Bridge(_) => ("bridge", Some(Shared::Bridge(name.to_string()))),
            Action::Uplink(_) => ("port", Some(Shared::Uplink(name.to_string()))),
            _ => ("port", None),
        };
        let mut holders = shared.map(|object| self.state.holders(&object)).unwrap_or_default();
        if let Some(key) = &step.shared {
            holders.extend(self.sharers(&NetworkId::of_shared(&record.mode, key), &step.label));
        }
        let others = holders.iter().filter(|holder| **holder != record.network.id);
        Object {
            kind: kind.to_owned(),
            name: name.to_string(),
            ownership: match marked {
                Some(marked) if marked.iter().any(|thing| *thing.name == **name) => Ownership::Made,
                Some(_) => Ownership::Used,
                None => Ownership::Unknown,
            },
            step: Some(step.label.to_string()),
            shared_with: others.map(ToString::to_string).collect(),
        }
    }

    fn drifts(&self, subject: &Subject) -> Vec<Drift> {
        let told = |problem: Problem| Drift {
            network: subject.0.to_string(),
            endpoint: subject.1.as_ref().map(ToString::to_string),
            step: problem.step,
            problem: problem.what,
            repair: problem.repairable.then(|| AGAIN.to_owned()),
        };
        self.problems(subject).into_iter().map(told).collect()
    }

    /// What is not as planned, as far as is known.
    fn problems(&self, subject: &Subject) -> Vec<Problem> {
        let busy = subject.1.iter().flat_map(|endpoint| self.ports.busy(endpoint));
        let busy = busy.map(|what| Problem { step: None, what, repairable: true });
        let network = self.state.network(&subject.0).filter(|_| subject.1.is_none());
        let unled = network.iter().flat_map(|record| self.swarm.problems(record));
        let ends_here = network.iter().filter_map(|record| self.tunnels.problem(record));
        self.notes.problems(subject).into_iter().chain(busy).chain(unled).chain(ends_here).collect()
    }
}

/// What is noted about a network itself, and about what it shares.
fn own_subjects(record: &NetworkRecord) -> impl Iterator<Item = Subject> {
    record.shared_ids().into_iter().chain([record.network.id.clone()]).map(|id| (id, None))
}

fn health(record: &NetworkRecord, problems: &[Problem]) -> Health {
    match record.state {
        NetworkState::Removing => Health::Broken,
        _ if problems.iter().any(|problem| !problem.repairable) => Health::Broken,
        _ if !problems.is_empty() => Health::Drifted,
        _ => Health::Healthy,
    }
}

fn stage(state: NetworkState) -> NetworkWord {
    match state {
        NetworkState::Creating => NetworkWord::Creating,
        NetworkState::Ready => NetworkWord::Ready,
        NetworkState::Removing => NetworkWord::Removing,
    }
}

fn bridge(record: &NetworkRecord) -> Option<&InterfaceName> {
    let bridge = record.plan.steps.iter().find(|step| matches!(step.action, Action::Bridge(_)))?;
    bridge.name.as_ref()
}

pub(crate) fn word(state: &EndpointState) -> EndpointWord {
    match state {
        EndpointState::Planned | EndpointState::Left => EndpointWord::Planned,
        EndpointState::Joining => EndpointWord::Joining,
        EndpointState::Joined => EndpointWord::Joined,
        EndpointState::Leaving | EndpointState::Removing => EndpointWord::Leaving,
        EndpointState::Broken(_) => EndpointWord::Broken,
    }
}

fn published_port(port: &plan::PublishedPort) -> PublishedPort {
    PublishedPort {
        protocol: port.protocol.to_string(),
        host_address: port.host_address.map(|address| address.to_string()),
        host_port: port.host_port,
        container_port: port.container_port,
    }
}

/// Options and facts, by their names.
pub(crate) fn attributes(attributes: &[Attribute]) -> BTreeMap<String, Value> {
    attributes.iter().map(|attribute| (attribute.key.clone(), plain(&attribute.value))).collect()
}

/// Values without the word for their type: people know a number when they see one.
fn plain(value: &plan::Value) -> Value {
    match value {
        plan::Value::Integer(number) => (*number).into(),
        plan::Value::Boolean(yes) => (*yes).into(),
        plan::Value::Texts(texts) => texts.clone().into(),
        text => text.to_string().into(),
    }
}

/// Whether a look told how everything is.
fn is_known(findings: Option<&[Finding]>) -> bool {
    findings.is_some_and(|all| all.iter().all(|finding| !matches!(finding.condition, Condition::Unknown(_))))
}

/// A step, with what a look at its object found; no findings: nobody looked, or could.
pub(crate) fn step(step: &AdmittedStep, findings: Option<&[Finding]>) -> Step {
    let names = [("interface", step.name.as_ref()), ("peer", step.peer.as_ref())];
    let named = |(what, name): (&str, Option<&InterfaceName>)| Some((what.to_owned(), name?.to_string()));
    let action = serde_json::to_value(&step.action).unwrap_or_default();
    Step {
        label: step.label.to_string(),
        kind: step.action.kind().to_owned(),
        action: action.as_object().and_then(|kinds| kinds.values().next()).cloned().unwrap_or_default(),
        why: step.why.clone(),
        names: names.into_iter().filter_map(named).collect(),
        state: match findings.map(|findings| findings.iter().find(|finding| finding.label == step.label)) {
            None => StepState::Unknown,
            Some(None) => StepState::Planned,
            Some(Some(Finding { condition: Condition::Fine, .. })) => StepState::Present,
            Some(Some(Finding { condition: Condition::Unknown(_), .. })) => StepState::Unknown,
            Some(Some(_)) => StepState::Drifted,
        },
    }
}

/// What allowed a step.
pub(super) fn grant(step: &AdmittedStep, origin: Origin, mode: Option<&Loaded>) -> String {
    if origin == Origin::BuiltIn {
        return "built-in".to_owned();
    }
    let capability = match &step.action {
        Action::Bridge(bridge) if bridge.name.is_some() => Capability::Bridge,
        Action::Uplink(_) => Capability::Uplink,
        Action::HostPort(_) => Capability::HostAddress,
        Action::Masquerade(_) | Action::Forward(_) | Action::LogicalNat(_) => Capability::Nat,
        Action::Publish(_) | Action::LoadBalancer(_) => Capability::Publish,
        Action::Tunnel(_) => Capability::Tunnel,
        Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::StaticRoute(_)
        | Action::Localnet(_)
        | Action::Acl(_) => Capability::Ovn,
        Action::Bridge(_) | Action::EndpointPort(_) | Action::Custom(_) => return "its own".to_owned(),
    };
    let grants = mode.map(|mode| mode.grants().0.as_slice()).unwrap_or_default();
    let granted: Vec<_> =
        grants.iter().filter(|grant| grant.capability == capability).map(ToString::to_string).collect();
    if granted.is_empty() { "none any more".to_owned() } else { granted.join(", ") }
}
