//! What is written down, and what is not.

use std::fs;

use mode_tools::test::{Blessing, Status, Suite};

use crate::house::{Test, flat, nat};

pub(crate) const ALL: &[Test] = &[
    ("every kind of answer is written down, and passes then", every_answer),
    ("what cannot be expected is not written down", unblessable),
    ("an option that the manifest refuses is written down as one", bad_option),
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
        blessed.written[0]
            .to_string()
            .ends_with("wrote down what to expect of \"planned\", \"refused\", \"denied\", \"some\"")
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
    assert_eq!(suite.bless(nat()).unwrap(), Blessing::default());
}

fn unblessable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    let text = "[[case]]\nname = \"it\"\ncall = \"plan-endpoint\"\nendpoint = {}\n";
    let good = "\n[[case]]\nname = \"good\"\ncall = \"plan-network\"\n";
    let mixed =
        "\n[[matrix]]\nname = \"mixed\"\ncall = \"plan-network\"\nvary = { \"network.options.mtu\" = [1500, 67] }\n";
    let wrong = "\n[[case]]\nname = \"wrong\"\ncall = \"plan-publish\"\nendpoint = {}\n";
    fs::write(&file, [text, good, mixed, wrong].concat()).unwrap();
    let Blessing { written, left } = Suite::load(std::slice::from_ref(&file)).unwrap().bless(nat()).unwrap();
    assert_eq!(written[0].names, ["\"good\""], "the others are in nobody's way");
    let [it, none, some] = &left[..] else { panic!("{left:?}") };
    assert!(it.contains("\"it\": no network to ask about") && it.ends_with("that cannot be expected"), "{it}");
    assert!(some.contains("\"mixed\": some of it the manifest refuses (option mtu: \"67\" cannot be"), "{some}");
    assert!(none.contains("\"wrong\"") && none.contains("plan-publish is never asked about none"), "{none}");
    let refusal = "expect.refusal = { class = \"invalid\", code = \"no-pool\" }\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), [text, good, refusal, mixed, wrong].concat());
}

fn bad_option() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    let text = "[[case]]\nname = \"it\"\ncall = \"plan-network\"\nnetwork.options.mtu = 67\n\n\
                [[matrix]]\nname = \"all\"\ncall = \"plan-network\"\nvary = { \"network.options.mtu\" = [67, \"large\"] }\n";
    fs::write(&file, text).unwrap();
    let suite = || Suite::load(std::slice::from_ref(&file)).unwrap();
    let open = suite().run(nat()).unwrap();
    assert_eq!(open.status, Status::Failed);
    assert!(open.to_string().contains("got   option mtu: \"67\" cannot be"), "{open}");
    assert_eq!(suite().bless(nat()).unwrap().left, Vec::<String>::new());
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(written.matches("expect.bad-option = \"mtu\"\n").count(), 2, "{written}");
    assert_eq!(suite().run(nat()).unwrap().status, Status::Passed);
}

fn inline() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.toml");
    fs::write(&file, "case = [{ name = \"it\", call = \"plan-network\" }]\n").unwrap();
    let error = Suite::load(&[file]).unwrap().bless(flat()).unwrap_err().to_string();
    assert!(error.ends_with("write \"it\" as [[case]]"), "{error}");
}
