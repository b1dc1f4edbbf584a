//! One plan of a dry run: its steps, and the commands that would do the same.

use std::fmt;

use admin::report::{Step, StepState};
use mode_tools::question::Names;
use plan::{Admitted, AdmittedStep, Endpoint, InstanceId, NetworkId};
use plumbing::{FirewallConfig, Mark, Work};
use serde::Serialize;
use serde_json::Value;

use crate::show;

/// Stands in the commands where the driver would put its own instance.
const INSTANCE: &str = "00000000";
/// Stands for the driver's own table of the firewall.
const TABLE: &str = "docker-ovs";

/// One plan.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    steps: Vec<Planned>,
    #[serde(skip_serializing_if = "Value::is_null")]
    reply: Value,
}

/// One step.
#[derive(Debug, Serialize)]
struct Planned {
    #[serde(flatten)]
    step: Step,
    shell: Vec<String>,
}

impl Part {
    /// The plan of a network itself, or of an endpoint in it; `of` is the network's own.
    pub(super) fn new(network: &NetworkId, of: &Admitted, endpoint: Option<&Endpoint>, plan: &Admitted) -> Self {
        let instance = InstanceId::new(INSTANCE).expect("eight digits are an instance id");
        let mark = Mark {
            instance: instance.clone(),
            network: network.clone(),
            endpoint: endpoint.map(|endpoint| endpoint.id.clone()),
        };
        let work = Work { mark, steps: plan.steps.clone(), scope: of.steps.clone() };
        let firewall = FirewallConfig { table: TABLE.to_owned(), prefix: Names::PREFIX.to_owned(), instance };
        let commands = plumbing::explain(&work, &firewall).into_iter().map(|(_, lines)| lines);
        let steps = plan.steps.iter().zip(commands).map(|(planned, shell)| Planned { step: step(planned), shell });
        Self { steps: steps.collect(), reply: Value::Null }
    }

    /// With what Docker is told.
    pub(super) fn with_reply(self, plan: &Admitted) -> Self {
        Self { reply: serde_json::to_value(&plan.reply).unwrap_or_default(), ..self }
    }
}

fn step(step: &AdmittedStep) -> Step {
    let names = [("interface", &step.name), ("peer", &step.peer)];
    Step {
        label: step.label.to_string(),
        kind: step.action.kind().to_owned(),
        action: serde_json::to_value(&step.action).unwrap_or_default(),
        why: step.why.clone(),
        names: names.into_iter().filter_map(|(key, name)| Some((key.to_owned(), name.as_ref()?.to_string()))).collect(),
        state: StepState::Planned,
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            writeln!(f, "nothing is done")?;
        }
        for (index, Planned { step, shell }) in self.steps.iter().enumerate() {
            f.write_str(&show::step(index, step))?;
            writeln!(f, "   does   {}", inner(&step.action))?;
            f.write_str(&show::commands(shell))?;
        }
        if self.reply.is_null() { Ok(()) } else { f.write_str(&show::reply(&self.reply)) }
    }
}

/// An action without the word for its kind, which stands in the title.
fn inner(action: &Value) -> &Value {
    action.as_object().and_then(|object| object.values().next()).unwrap_or(action)
}
