//! Sizes, labels, references and kinds.

use plan::{Action, Asked, Attachment, Attribute, Custom, Label, Plan, Rule, Step, Value, admit};

use crate::fixture::{
    Case, endpoint_plan, endpoint_port, forward, label, network_plan, own_bridge, publish, publish_plan, refused, step,
    text,
};

fn changed(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = network_plan();
    change(&mut plan);
    plan
}

#[test]
fn what_is_right_is_admitted() {
    let case = Case::default();
    assert_eq!(case.network(&network_plan()).unwrap().steps.len(), 4);
    assert_eq!(case.endpoint(&endpoint_plan()).unwrap().reply.interface_prefix.as_deref(), Some("eth"));
    assert_eq!(case.publish(&publish_plan()).unwrap().steps[0].action, Action::Publish(publish()));
    assert_eq!(case.network(&Plan::default()).unwrap().steps, []);
    assert_eq!(case.publish(&Plan::default()).unwrap().steps, []);
}

#[test]
fn a_plan_has_a_largest_size() {
    let custom = |arguments| Action::Custom(Custom { kind: "x@1".to_owned(), arguments });
    let many = |plan: &mut Plan| plan.steps.resize_with(257, || step("one", own_bridge()));
    let table: [(Plan, usize, &str); 8] = [
        (changed(many), 0, "257 steps"),
        (changed(|plan| plan.reply = vec![text("k", "v"); 65]), 0, "65 attributes"),
        (changed(|plan| plan.reply = vec![text("k", &"v".repeat(1025))]), 0, "a value of 1025 bytes"),
        (changed(|plan| plan.reply = vec![text(&"k".repeat(1025), "v")]), 0, "a key of 1025 bytes"),
        (changed(|plan| plan.steps[2].label = "l".repeat(1025)), 3, "a label of 1025 bytes"),
        (changed(|plan| plan.steps[1].why = Some("w".repeat(1025))), 2, "a reason of 1025 bytes"),
        (changed(|plan| plan.steps[0].action = custom(vec![text("k", "v"); 65])), 1, "65 attributes"),
        (
            changed(|plan| plan.reply = vec![Attribute::new("routes", Value::Texts(vec![String::new(); 65]))]),
            0,
            "65 texts",
        ),
    ];
    for (plan, number, words) in table {
        refused(Case::default().network(&plan), Rule::Size, number, &[words, "at most"]);
    }
}

#[test]
fn labels_are_well_formed_and_unique() {
    let table: [(&str, &str); 5] = [
        ("", "letters, digits"),
        ("../etc", "\"../etc\""),
        ("a\u{1b}[31mb", "\\u{1b}"),
        ("123456789012345678901234567890123", "1 to 32"),
        ("bridge", "an earlier step has it already"),
    ];
    for (bad, words) in table {
        let plan = changed(|plan| plan.steps[1].label = bad.to_owned());
        refused(Case::default().network(&plan), Rule::Label, 2, &[words]);
    }
    let plan = Plan { steps: vec![step("bridge", Action::EndpointPort(endpoint_port()))], reply: Vec::new() };
    refused(Case::default().endpoint(&plan), Rule::Label, 1, &["the network's plan has it already"]);
}

#[test]
fn a_step_builds_on_an_earlier_step_of_the_right_kind() {
    let case = Case::default();
    refused(
        case.network(&changed(|plan| plan.steps[3].action = forward("nowhere"))),
        Rule::Reference,
        4,
        &["\"nowhere\" is no host-port here", "such as \"gateway\""],
    );
    refused(
        case.network(&changed(|plan| plan.steps[3].action = forward("bridge"))),
        Rule::Reference,
        4,
        &["\"bridge\""],
    );
    refused(case.network(&changed(|plan| plan.steps.swap(0, 1))), Rule::Reference, 1, &["put a bridge before it"]);
    let mut port = endpoint_port();
    port.on = Attachment::Bridge(label("gateway"));
    let plan = Plan { steps: vec![step("link", Action::EndpointPort(port))], reply: Vec::new() };
    refused(case.endpoint(&plan), Rule::Reference, 1, &["\"gateway\" is no bridge here", "such as \"bridge\""]);
}

#[test]
fn each_call_has_its_kinds() {
    let case = Case::default();
    let one = |action: Action| Plan {
        steps: vec![Step { label: "one".to_owned(), action, why: None, shared: None }],
        reply: Vec::new(),
    };
    let port = || Action::EndpointPort(endpoint_port());
    refused(case.network(&one(port())), Rule::Kind, 1, &["endpoint-port", "plan-network"]);
    refused(case.network(&one(Action::Publish(publish()))), Rule::Kind, 1, &["publish"]);
    refused(case.endpoint(&one(own_bridge())), Rule::Kind, 1, &["bridge", "plan-endpoint"]);
    refused(case.publish(&one(forward("gateway"))), Rule::Kind, 1, &["forward", "plan-publish"]);
    let custom = || Action::Custom(Custom { kind: "mirror@1".to_owned(), arguments: Vec::new() });
    refused(case.network(&one(custom())), Rule::Kind, 1, &["\"mirror@1\"", "no custom actions"]);
    refused(case.endpoint(&one(custom())), Rule::Kind, 1, &["\"mirror@1\""]);
}

#[test]
fn an_internal_network_has_no_way_out() {
    let mut case = Case::default();
    case.network.internal = true;
    refused(case.network(&network_plan()), Rule::Internal, 3, &["masquerade"]);
    refused(case.network(&changed(|plan| drop(plan.steps.remove(2)))), Rule::Internal, 3, &["forward"]);
    refused(case.publish(&publish_plan()), Rule::Internal, 1, &["publish"]);
    assert!(case.network(&changed(|plan| plan.steps.truncate(2))).is_ok());
    assert!(case.endpoint(&Plan { reply: Vec::new(), ..endpoint_plan() }).is_ok());
}

#[test]
fn what_a_mode_says_is_fit_for_a_terminal() {
    let plan = changed(|plan| plan.steps[0].why = Some("red \u{1b}[31m\u{202e}".to_owned()));
    let admitted = Case::default().network(&plan).unwrap();
    assert_eq!(admitted.steps[0].why.as_deref(), Some("red \\u{1b}[31m\\u{202e}"));
    let kind = "\u{7}".repeat(1024);
    let action = Action::Custom(Custom { kind, arguments: Vec::new() });
    let denial = Case::default().network(&changed(|plan| plan.steps[0].action = action)).unwrap_err().to_string();
    assert!(denial.len() < 2000 && !denial.contains('\u{7}') && denial.contains("..."), "{denial}");
}

#[test]
fn the_label_of_a_denial_is_that_of_the_step() {
    let case = Case::default();
    let plan = changed(|plan| plan.steps[3].action = forward("nowhere"));
    let denial = admit(&plan, &case.request(Asked::Network)).unwrap_err();
    assert_eq!(denial.step.unwrap().label, &*Label::new("out").unwrap());
}
