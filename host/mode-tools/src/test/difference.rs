//! How two plans differ, by label and field: not how their texts do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use toml::{Table, Value};

use crate::fixture::{self, Step};

/// A field that is not as it is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `endpoint-port.mtu`.
    pub field: String,
    /// What was expected; absent: nothing.
    pub want: Option<String>,
    /// What there is; absent: nothing.
    pub got: Option<String>,
}

/// Something in which two plans differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// A step that is expected and not there.
    Missing {
        /// Its label.
        label: String,
        /// What it would do.
        action: String,
    },
    /// A step that is there and not expected.
    Unexpected {
        /// Its label.
        label: String,
        /// What it does.
        action: String,
    },
    /// A step that is not as it is expected.
    Step {
        /// Its label.
        label: String,
        /// In what.
        changes: Vec<Change>,
    },
    /// The same steps in another order.
    Order {
        /// The labels as they are expected.
        want: Vec<String>,
        /// The labels as they are.
        got: Vec<String>,
    },
    /// What Docker is told.
    Reply {
        /// In what.
        changes: Vec<Change>,
    },
}

/// How a plan differs from what is expected.
pub(super) fn between(want: &fixture::Plan, got: &fixture::Plan) -> Vec<Difference> {
    let step = |steps: &[Step], label: &str| steps.iter().find(|step| step.label == label).cloned();
    let mut differences = Vec::new();
    for wanted in &want.steps {
        differences.extend(match step(&got.steps, &wanted.label) {
            None => Some(Difference::Missing { label: wanted.label.clone(), action: action(wanted) }),
            Some(there) => {
                let changes = changes(&fields(wanted), &fields(&as_far_as_said(there, wanted)));
                (!changes.is_empty()).then(|| Difference::Step { label: wanted.label.clone(), changes })
            }
        });
    }
    for there in got.steps.iter().filter(|there| step(&want.steps, &there.label).is_none()) {
        differences.push(Difference::Unexpected { label: there.label.clone(), action: action(there) });
    }
    let labels = |steps: &[Step]| steps.iter().map(|step| step.label.clone()).collect::<Vec<_>>();
    let (wanted, there) = (labels(&want.steps), labels(&got.steps));
    let same = differences.iter().all(|difference| matches!(difference, Difference::Step { .. }));
    if same && wanted != there {
        differences.push(Difference::Order { want: wanted, got: there });
    }
    let changes = changes(&fields(&want.reply), &fields(&got.reply));
    if !changes.is_empty() {
        differences.push(Difference::Reply { changes });
    }
    differences
}

/// A step without what the expected one leaves open: its reason, and an Ethernet address that can only be the endpoint's.
fn as_far_as_said(mut there: Step, wanted: &Step) -> Step {
    if wanted.why.is_none() {
        there.why = None;
    }
    let leaves_open = wanted.endpoint_port.as_ref().is_some_and(|port| port.mac.is_none());
    if let Some(port) = there.endpoint_port.as_mut().filter(|_| leaves_open) {
        port.mac = None;
    }
    there
}

/// All fields of a value by their way from its top.
fn fields(value: &impl Serialize) -> BTreeMap<String, Value> {
    let table = Table::try_from(value).expect("a step is tables, lists, texts and numbers");
    let mut fields = BTreeMap::new();
    flatten("", &table, &mut fields);
    fields.remove("label");
    fields
}

fn flatten(way: &str, table: &Table, fields: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let way = if way.is_empty() { key.clone() } else { format!("{way}.{key}") };
        match value {
            Value::Table(below) if !below.is_empty() => flatten(&way, below, fields),
            other => drop(fields.insert(way, other.clone())),
        }
    }
}

fn changes(want: &BTreeMap<String, Value>, got: &BTreeMap<String, Value>) -> Vec<Change> {
    let keys: BTreeSet<&String> = want.keys().chain(got.keys()).collect();
    let changed = keys.into_iter().filter(|key| want.get(*key) != got.get(*key));
    // What is left out of a step is false where the other one is true.
    let shown = |value: Option<&Value>, other: Option<&Value>| match (value, other) {
        (None, Some(Value::Boolean(_))) => Some(false.to_string()),
        (value, _) => value.map(ToString::to_string),
    };
    let change = |key: &String| {
        let (want, got) = (want.get(key), got.get(key));
        Change { field: key.clone(), want: shown(want, got), got: shown(got, want) }
    };
    changed.map(change).collect()
}

/// What a step does, in a line.
pub(super) fn action(step: &Step) -> String {
    let fields = fields(step);
    let kind = fields.keys().next().and_then(|field| field.split('.').next()).unwrap_or_default().to_owned();
    let inner = |key: &str| key.strip_prefix(&kind).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned);
    let shown = fields.iter().filter_map(|(key, value)| Some(format!("{}={value}", inner(key)?)));
    std::iter::once(kind.clone()).chain(shown).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(f, "{}: want {}, got {}", self.field, said(&self.want), said(&self.got))
    }
}

impl Difference {
    /// For people, one line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Missing { label, action } => vec![format!("- {label}  {action}")],
            Self::Unexpected { label, action } => vec![format!("+ {label}  {action}")],
            Self::Step { label, changes } => changes.iter().map(|change| format!("~ {label}  {change}")).collect(),
            Self::Order { want, got } => {
                vec![format!("~ order of the steps: want {}, got {}", want.join(", "), got.join(", "))]
            }
            Self::Reply { changes } => changes.iter().map(|change| format!("~ reply  {change}")).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> fixture::Plan {
        toml::from_str(text).unwrap()
    }

    fn lines(want: &str, got: &str) -> Vec<String> {
        between(&plan(want), &plan(got)).iter().flat_map(Difference::lines).collect()
    }

    const PLAN: &str = r#"
        steps = [
            { label = "bridge", bridge = {} },
            { label = "host", host-port = { bridge = "bridge", addresses = ["10.1.0.1/24"], mtu = 1500 }, why = "the gateway" },
        ]
        reply = { gateway = "10.1.0.1" }
    "#;

    #[test]
    fn plans_are_the_same_where_only_reasons_differ_that_nobody_wrote_down() {
        assert_eq!(lines(PLAN, PLAN), [""; 0]);
        assert_eq!(lines(&PLAN.replace(", why = \"the gateway\"", ""), PLAN), [""; 0]);
        let other = PLAN.replace("the gateway", "no reason");
        assert_eq!(lines(PLAN, &other), ["~ host  why: want \"the gateway\", got \"no reason\""]);
    }

    #[test]
    fn what_differs_is_named_by_label_and_field() {
        let got = PLAN.replace("mtu = 1500", "vlan = 7").replace("10.1.0.1\" }", "10.1.0.2\" }");
        let expected = [
            "~ host  host-port.mtu: want 1500, got nothing",
            "~ host  host-port.vlan: want nothing, got 7",
            "~ reply  gateway: want \"10.1.0.1\", got \"10.1.0.2\"",
        ];
        assert_eq!(lines(PLAN, &got), expected);
        let expected = [
            "- host  host-port addresses=[\"10.1.0.1/24\"] bridge=\"bridge\" mtu=1500",
            "+ way-out  forward hairpin=true port=\"bridge\"",
        ];
        let got = PLAN.replacen("{ label = \"host\"", "#", 1).replace(
            "        ]",
            "            { label = \"way-out\", forward = { port = \"bridge\", hairpin = true } },\n        ]",
        );
        assert_eq!(lines(PLAN, &got), expected);
    }

    #[test]
    fn a_step_of_another_kind_and_another_order_are_differences() {
        let got = PLAN.replace("bridge = {} ", "forward = { port = \"x\" } ");
        assert_eq!(lines(PLAN, &got)[0], "~ bridge  bridge: want {}, got nothing");
        let (one, other) = ("steps = [{ label = \"a\", bridge = {} }, ", "{ label = \"b\", bridge = {} }]");
        let swapped = "steps = [{ label = \"b\", bridge = {} }, { label = \"a\", bridge = {} }]";
        assert_eq!(lines(&format!("{one}{other}"), swapped), ["~ order of the steps: want a, b, got b, a"]);
    }
}
