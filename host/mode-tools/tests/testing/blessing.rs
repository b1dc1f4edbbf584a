//! What is written down, and what is not.

use std::fs;

use mode_tools::test::{Status, Suite};

use crate::house::{Test, flat, nat};

pub(crate) const ALL: &[Test] = &[
    ("every kind of answer is written down, and passes then", every_answer),
    ("what cannot be expected is not written down", unblessable),
    ("an inline case is told to be written as a table", inline),
];

fn every_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.toml");
    let text = "# kept\n[defaults]\nnetwork.subnets = [\"10.1.0.0/24\"]   # kept, too\n\n\
                [[case]]\nname = \"planned\"\ncall = \"plan-endpoint\"\nendpoint = { addresses = [\"10.1.0.5\"] }\n\n\
                [[case]]\nname = \"refused\"\ncall = \"plan-network\"\n[case.network]\nsubnets = []\n\n\
                [[case]]\nname = \"denied\"\ncall = \"plan-network\"\ngrants = []\n\n\
                [[case]]\nname = \"expected already\"\ncall = \"plan-network\"\nexpect.invariants = [\"accepted\"]\n\n\
                [[matrix]]\nname = \"some\"\ncall = \"plan-network\"\nvary = { \"network.subnets\" = [[], [\"10.1.0.0/24\"]] }\n";
    fs::write(&file, text).unwrap();
    let files = [file.clone()];
    let blessed = Suite::load(&files).unwrap().bless(nat()).unwrap();
    assert!(
        blessed[0].to_string().ends_with("wrote down what to expect of \"planned\", \"refused\", \"denied\", \"some\"")
    );
    let written = fs::read_to_string(&file).unwrap();
    for line in [
        "network.subnets = [\"10.1.0.0/24\"]   # kept, too",
        "    { label = \"port\", endpoint-port = { bridge = \"bridge\", addresses = [\"10.1.0.5/24\"], mtu = 1500 } },",
        "expect.plan.reply = { gateway = \"10.1.0.1\" }",
        "expect.refusal = { class = \"invalid\", code = \"no-pool\" }",
        "expect.denied = { rule = \"grant\", step = \"host\" }",
    ] {
        assert!(written.lines().any(|there| there == line), "{line}\nis not in\n{written}");
    }
    let of_matrix = written.lines().last().unwrap();
    assert!(of_matrix.starts_with("expect.invariants = [") && !of_matrix.contains("accepted"), "{of_matrix}");
    let suite = Suite::load(&files).unwrap();
    assert_eq!(suite.run(nat()).unwrap().status, Status::Passed);
    assert_eq!(suite.bless(nat()).unwrap(), []);
}

fn unblessable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    let text = "[[case]]\nname = \"it\"\ncall = \"plan-endpoint\"\nendpoint = {}\n";
    fs::write(&file, text).unwrap();
    let error = Suite::load(std::slice::from_ref(&file)).unwrap().bless(nat()).unwrap_err().to_string();
    assert!(error.contains("\"it\": no network to ask about") && error.ends_with("that cannot be expected"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

fn inline() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    fs::write(&file, "case = [{ name = \"it\", call = \"plan-network\" }]\n").unwrap();
    let error = Suite::load(&[file]).unwrap().bless(flat()).unwrap_err().to_string();
    assert!(error.ends_with("write \"it\" as [[case]]"), "{error}");
}
