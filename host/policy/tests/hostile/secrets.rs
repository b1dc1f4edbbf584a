//! A mode that tells what it was given in confidence: nobody is shown it.

use plan::{Attribute, Network, Value};
use policy::{Limits, Outcome, Question, Verdict};

use crate::support::{built, contract, file, load, network, sandbox};

const SECRET: &str = "open sesame";

/// The module `tells`, whose option `token` is a secret, asked with it and some others.
async fn told(others: usize) -> Outcome {
    let manifest = format!(
        "{}\n[[options]]\nkey = \"token\"\ntype = \"text\"\nsecret = true\nhelp = \"what opens the door\"",
        crate::support::MANIFEST
    );
    let sandbox = sandbox(Limits::default());
    let mode = load(&sandbox, built(file("tells"), &contract(), &manifest)).await.unwrap();
    let option = |key: String, text: &str| Attribute::new(&key, Value::Text(text.to_owned()));
    let others = (0..others).map(|number| option(format!("other{number}"), "public"));
    let options = [option("token".to_owned(), SECRET)].into_iter().chain(others).collect();
    sandbox.ask(&mode, Question::Network(Network { options, ..network() })).await
}

#[tokio::test]
async fn what_a_mode_logs_has_no_secret_in_it_cut_or_whole() {
    let lines: Vec<_> = told(0).await.log.into_iter().map(|line| line.text).collect();
    assert!(lines[0].starts_with("aaaa") && lines[0].ends_with("aaaa(secret)"), "{}", lines[0]);
    assert_eq!(lines[1], "(secret)");
}

#[tokio::test]
async fn a_refusal_has_no_secret_in_it() {
    let Err(Verdict::Refused(refusal)) = told(0).await.answer else { panic!() };
    assert_eq!((&*refusal.code, &*refusal.message, refusal.at.as_deref()), ("(secret)", "(secret)", Some("(secret)")));
}

#[tokio::test]
async fn a_plan_with_a_secret_in_it_is_not_taken() {
    let Err(Verdict::Refused(refusal)) = told(1).await.answer else { panic!() };
    assert_eq!((&*refusal.code, refusal.at.as_deref()), ("secret-in-plan", Some("token")));
    assert!(!refusal.message.contains(SECRET));
}

#[tokio::test]
async fn a_fault_comes_with_its_last_log_line_without_the_secret() {
    let fault = told(2).await.answer.unwrap_err().to_string();
    assert!(fault.ends_with("plan-network panicked; its last log line: (secret)"), "{fault}");
}
