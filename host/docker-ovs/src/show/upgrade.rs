//! What another module changes of a network.

use admin::report::{EndpointChange, FieldChange, Module, StepChange, StepFate, Upgrade, UpgradeStage};
use serde_json::Value;

use super::{Style, short};

/// `mode upgrade`: what changes, what comes and goes, of whom.
pub(crate) fn upgrade(report: &Upgrade) -> String {
    let network = report.name.as_deref().unwrap_or_else(|| short(&report.network));
    let title = Style::Strong.paint(&format!("network {network}"));
    if report.stage == UpgradeStage::Current {
        return format!("{title}  has {} already\n", module(&report.to));
    }
    let mut text = format!("{title}  {} -> {}\n", module(&report.from), module(&report.to));
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {key:<10}{value}\n"));
        }
    };
    line("may now", &report.granted.iter().map(|grant| Style::Doubtful.paint(grant)).collect::<Vec<_>>().join(", "));
    line("no longer", &report.lost.join(", "));
    line("options", &fields(&report.options));
    if !report.steps.is_empty() {
        text.push_str("of the network\n");
        steps(&mut text, &report.steps);
    }
    report.endpoints.iter().for_each(|change| endpoint(&mut text, change));
    if report.steps.is_empty() && report.endpoints.is_empty() {
        text.push_str("nothing that was planned changes\n");
    }
    match report.unchanged_endpoints {
        0 => {}
        1 => text.push_str("1 endpoint stays as it is\n"),
        count => text.push_str(&format!("{count} endpoints stay as they are\n")),
    }
    text
}

fn module(module: &Module) -> String {
    let version = module.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    format!("{}{version} {}", module.mode, Style::Faint.paint(&format!("sha256:{}", short(&module.digest))))
}

fn endpoint(text: &mut String, change: &EndpointChange) {
    let state = format!("{:?}", change.state).to_lowercase();
    let container = change.container.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
    text.push_str(&format!("of {container}endpoint {}, {state}\n", short(&change.id)));
    steps(text, &change.steps);
    if !change.reply.is_empty() {
        let told = fields(&change.reply);
        text.push_str(&format!("  Docker is told {told}, once its container is started again\n"));
    }
}

fn steps(text: &mut String, changes: &[StepChange]) {
    let width = |length: fn(&StepChange) -> usize| changes.iter().map(length).max().unwrap_or_default();
    let (labels, kinds) = (width(|change| change.step.label.len()), width(|change| change.step.kind.len()));
    for change in changes {
        let (sign, style) = match change.change {
            StepFate::Added => ("+", Style::Good),
            StepFate::Removed => ("-", Style::Bad),
            StepFate::Changed | StepFate::Unknown => ("~", Style::Doubtful),
            StepFate::Replaced => ("!", Style::Doubtful),
        };
        let (label, kind) = (&change.step.label, &change.step.kind);
        let line = format!("  {} {label:<labels$}  {kind:<kinds$}  {}", style.paint(sign), what(change));
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Of a step that comes or goes all that it says; of another one what differs.
fn what(change: &StepChange) -> String {
    match change.change {
        StepFate::Added | StepFate::Removed => {
            let said = change.step.action.as_object().into_iter().flatten().filter(|(_, value)| !is_nothing(value));
            said.map(|(key, value)| format!("{}={}", key.replace('_', "-"), shown(value))).collect::<Vec<_>>().join(" ")
        }
        StepFate::Replaced => format!("made anew: {}", fields(&change.fields)).trim_end_matches(": ").to_owned(),
        StepFate::Changed | StepFate::Unknown if change.fields.is_empty() => "follows what it builds on".to_owned(),
        StepFate::Changed | StepFate::Unknown => fields(&change.fields),
    }
}

fn fields(changes: &[FieldChange]) -> String {
    let field = |change: &FieldChange| {
        format!("{} {} -> {}", change.field.replace('_', "-"), shown(&change.before), shown(&change.after))
    };
    changes.iter().map(field).collect::<Vec<_>>().join(", ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use admin::report::{EndpointState, Step};
    use serde_json::json;

    use super::*;

    fn step(change: StepFate, label: &str, kind: &str, action: Value, fields: &[(&str, Value, Value)]) -> StepChange {
        let field = |(field, before, after): &(&str, Value, Value)| FieldChange {
            field: (*field).to_owned(),
            before: before.clone(),
            after: after.clone(),
        };
        let step = Step { label: label.into(), kind: kind.into(), action, ..Step::default() };
        StepChange { change, step, fields: fields.iter().map(field).collect() }
    }

    fn lab(version: &str, digest: &str) -> Module {
        Module { mode: "lab".into(), version: Some(version.into()), digest: digest.repeat(16) }
    }

    #[test]
    fn what_changes_is_told_step_by_step() {
        let isolated = [("isolated", json!(false), json!(true))];
        let gateway = FieldChange { field: "gateway".into(), before: json!("10.9.0.1"), after: json!("10.9.0.254") };
        let report = Upgrade {
            network: "b5082ded43d3b362".into(),
            name: Some("web".into()),
            from: lab("0.1.0", "aaaa"),
            to: lab("0.2.0", "bbbb"),
            granted: vec!["nat".into(), "uplink=eth1".into()],
            options: vec![FieldChange { field: "mtu".into(), before: json!(1500), after: json!(1400) }],
            steps: vec![
                step(StepFate::Changed, "host", "host-port", Value::Null, &[("mtu", json!(1500), json!(1400))]),
                step(StepFate::Changed, "out", "forward", Value::Null, &[]),
                step(StepFate::Added, "hide", "masquerade", json!({"port": "host", "sources": ["10.9.0.0/24"]}), &[]),
                step(StepFate::Removed, "wire", "uplink", json!({"name": "eth1", "vlan": null, "trunks": []}), &[]),
            ],
            endpoints: vec![EndpointChange {
                id: "2f2497db76a577c0".into(),
                container: Some("left".into()),
                state: EndpointState::Joined,
                steps: vec![step(StepFate::Changed, "port", "endpoint-port", Value::Null, &isolated)],
                reply: vec![gateway],
            }],
            unchanged_endpoints: 2,
            ..Upgrade::default()
        };
        assert_eq!(
            upgrade(&report),
            "network web  lab 0.1.0 sha256:aaaaaaaaaaaa -> lab 0.2.0 sha256:bbbbbbbbbbbb\n  \
             may now   nat, uplink=eth1\n  \
             options   mtu 1500 -> 1400\n\
             of the network\n  \
             ~ host  host-port   mtu 1500 -> 1400\n  \
             ~ out   forward     follows what it builds on\n  \
             + hide  masquerade  port=host sources=[\"10.9.0.0/24\"]\n  \
             - wire  uplink      name=eth1\n\
             of left, endpoint 2f2497db76a5, joined\n  \
             ~ port  endpoint-port  isolated false -> true\n  \
             Docker is told gateway 10.9.0.1 -> 10.9.0.254, once its container is started again\n\
             2 endpoints stay as they are\n"
        );
    }

    #[test]
    fn that_nothing_changes_is_told_too() {
        let report = Upgrade { network: "b508".into(), from: lab("1", "a"), to: lab("2", "b"), ..Upgrade::default() };
        assert!(upgrade(&report).ends_with("nothing that was planned changes\n"), "{}", upgrade(&report));
        let current = Upgrade { stage: UpgradeStage::Current, ..report };
        assert_eq!(upgrade(&current), "network b508  has lab 2 sha256:bbbbbbbbbbbb already\n");
    }
}
