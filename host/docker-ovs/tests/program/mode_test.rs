//! `mode test`: real modules, what is said of them, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use crate::build::{built, contract, file};
use crate::run::{Ended, command, ended, run};

/// The manifest of the projects in here: nothing asked for, nothing to set.
const MANIFEST: &str = r#"
name = "lab"
version = "0.0.1"
summary = "a mode of a test"
contract = "1.0"
gateway = "none"
"#;

const PASSES: &str = r#"
[[case]]
name = "it plans nothing"
call = "plan-network"
network.subnets = ["10.1.0.0/24"]
expect.plan.steps = []
"#;

const FAILS: &str = r#"
[[case]]
name = "it plans a bridge"
call = "plan-network"
expect.plan.steps = [{ label = "bridge", bridge = {} }]
"#;

/// A project with a hostile module of the sandbox's own tests, and fixtures.
fn project(module: &str, fixtures: &str) -> TempDir {
    folder(Some(&built(file(module), &contract(), MANIFEST)), fixtures)
}

/// A project with a module, or none.
fn folder(module: Option<&[u8]>, fixtures: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mode.toml"), MANIFEST).unwrap();
    fs::create_dir(folder.path().join("tests")).unwrap();
    fs::write(folder.path().join("tests/first.toml"), fixtures).unwrap();
    if let Some(module) = module {
        fs::create_dir(folder.path().join("build")).unwrap();
        fs::write(folder.path().join("build/lab.wasm"), module).unwrap();
    }
    folder
}

fn test(folder: &TempDir, more: &[&str]) -> Ended {
    let path = folder.path().to_str().unwrap();
    let mut command = command(&[&["mode", "test", path][..], more].concat());
    ended(&command.env_remove("CI").output().unwrap())
}

#[track_caller]
fn says(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code, code, "{ended:?}");
    for word in words {
        assert!(ended.out.contains(word) || ended.err.contains(word), "\"{word}\" is not in:\n{ended:?}");
    }
}

#[test]
fn what_passes_is_0_and_what_fails_is_1() {
    let words =
        ["lab 0.0.1  sha256:", "PASS  it plans nothing", "0 steps", "1 passed, 0 failed", "calls     1/3, never:"];
    says(&test(&project("good", PASSES), &[]), 0, &words);
    let words = ["FAIL  it plans a bridge", "want  a plan of 1 step", "got   a plan of 0 steps", "- bridge  bridge"];
    says(&test(&project("good", FAILS), &[]), 1, &words);
}

#[test]
fn too_little_coverage_is_1() {
    let project = project("good", PASSES);
    says(&test(&project, &["--min-coverage", "10"]), 0, &["(at least 10 % are wanted)"]);
    says(
        &test(&project, &["--min-coverage", "90"]),
        1,
        &["and at least 90 % are wanted", "never: bridge, endpoint-port"],
    );
}

#[test]
fn a_wrong_fixture_is_2_and_nothing_is_asked() {
    let wrong = |fixtures: &str, words: &[&str]| {
        let ended = test(&project("good", fixtures), &[]);
        says(&ended, 2, words);
        assert_eq!(ended.out, "", "nothing was asked");
    };
    wrong(
        &PASSES.replace("network.subnets", "network.subnet"),
        &["first.toml: case \"it plans nothing\": network: there is no key subnet: did you mean subnets?"],
    );
    wrong(
        &PASSES.replace("plan-network", "plan-netwrk"),
        &["call: \"plan-netwrk\" is none of", "did you mean plan-network?"],
    );
    wrong(&PASSES.replace("10.1.0.0/24", "10.1.0.0/33"), &["network.subnets.1: \"10.1.0.0/33\" is no pool"]);
    wrong(&format!("{PASSES}\nnetwork.options.mtu = 1500"), &["mode lab has no option mtu: it has none"]);
    wrong("[[case]]\nname = \"x", &["it is not TOML"]);
    wrong(&PASSES.repeat(2), &["name: another one has this name"]);
}

#[test]
fn a_question_that_is_never_asked_holds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = "[[case]]\nname = \"it\"\ncall = \"plan-endpoint\"\nnetwork.subnets = []\nendpoint = {}\n\
                    expect.invariants = [\"undo-is-clean\"]\n";
    fs::write(folder.path().join("first.toml"), fixtures).unwrap();
    let ended = test(&folder, &["--module", "nat"]);
    says(&ended, 1, &["there is no network: the mode refuses it", "0 passed, 1 failed"]);
    fs::write(folder.path().join("first.toml"), "[defaults]\ngrants = []\n").unwrap();
    says(&test(&folder, &["--module", "nat"]), 2, &["the fixtures have no case"]);
}

#[test]
fn a_wrong_manifest_or_no_module_is_2() {
    let project = project("good", PASSES);
    let manifest = project.path().join("mode.toml");
    fs::write(&manifest, MANIFEST.replace("0.0.1", "0.0.2")).unwrap();
    says(&test(&project, &[]), 2, &["build/lab.wasm carries another manifest", "build it again"]);
    fs::write(&manifest, MANIFEST.replace("summary", "sumary")).unwrap();
    says(&test(&project, &[]), 2, &["mode.toml", "unknown field `sumary`"]);
    fs::remove_file(&manifest).unwrap();
    says(&test(&project, &[]), 2, &["there is no mode.toml"]);
    let bare = folder(None, PASSES);
    fs::write(bare.path().join("rust-toolchain.toml"), "[toolchain]\n").unwrap();
    fs::remove_dir_all(bare.path().join("tests")).unwrap();
    says(&test(&bare, &["--module", "nat"]), 2, &["tests: there are no fixtures (*.toml) in it"]);
    says(&test(&folder(None, PASSES), &[]), 2, &["has no module: build it first", "looked for lab.wasm in it"]);
}

#[test]
fn a_module_that_breaks_is_3_and_its_last_words_are_shown() {
    let words = ["BROKEN  it plans nothing", "plan-network panicked", "log   error: panicked at lib.rs:7: no subnet"];
    says(&test(&project("panic", PASSES), &[]), 3, &words);
    says(&test(&project("loop-in-plan", PASSES), &[]), 3, &["BROKEN", "limit cpu: 50000000 units of fuel"]);
    says(&test(&project("bad-discriminant", PASSES), &[]), 3, &["gave an answer that cannot be read"]);
    says(&test(&project("loop-in-start", PASSES), &[]), 3, &["lab is not a mode that this driver takes", "limit cpu"]);
    says(&test(&folder(Some(b"\0asm"), PASSES), &[]), 3, &["build/lab.wasm is not a mode that this driver takes"]);
}

/// State does not get from one call to the next: a module that counts its calls answers the same each time.
#[test]
fn a_module_that_remembers_has_nothing_to_remember() {
    says(
        &test(&project("remembers", "[[case]]\nname = \"x\"\ncall = \"plan-network\""), &["--bless"]),
        0,
        &["1 passed"],
    );
}

#[test]
fn what_is_missing_is_written_down_and_the_rest_of_the_file_stays() {
    let text = "# why these\n[[case]]\nname = \"first\" # here\ncall = \"plan-network\"\n\n[[matrix]]\nname = \"all\"\n\
                call = \"plan-network\"\nvary = { \"network.internal\" = [true, false] } # both\n";
    let project = project("good", text);
    says(
        &test(&project, &[]),
        1,
        &["FAIL  first", "want  nothing yet: --bless writes down what there is", "FAIL  all (2 runs)"],
    );
    let path = project.path().to_str().unwrap();
    let mut on_ci = command(&["mode", "test", path, "--bless"]);
    says(&ended(&on_ci.env("CI", "true").output().unwrap()), 64, &["--bless takes whatever the mode does for right"]);
    let file = project.path().join("tests/first.toml");
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "refused, and nothing written");

    says(&test(&project, &["--bless"]), 0, &["wrote down what to expect of \"first\", \"all\"", "2 passed"]);
    let written = fs::read_to_string(&file).unwrap();
    let without: String =
        written.lines().filter(|line| !line.starts_with("expect.")).map(|it| format!("{it}\n")).collect();
    assert_eq!(without, text);
    assert!(written.contains("expect.plan.steps = []\n") && written.contains("\"undo-is-clean\""), "{written}");
    says(&test(&project, &["--bless"]), 0, &["2 passed"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), written, "there was nothing left to write");
}

#[test]
fn one_can_choose_what_is_run() {
    let project = project("good", &[PASSES, FAILS].concat());
    says(&test(&project, &["-k", "PLANS NOTHING"]), 0, &["1 passed, 0 failed"]);
    says(&test(&project, &["-k", "first.toml: it"]), 1, &["1 passed, 1 failed"]);
    let path = project.path().file_name().unwrap().to_str().unwrap().to_owned();
    for folder in [&path[..], "tests/"] {
        says(&test(&project, &["-k", folder]), 2, &["no case has"]);
    }
    says(&test(&project, &["-k", "no such case"]), 2, &["no case has \"no such case\" in its name"]);
    let file = project.path().join("tests/first.toml");
    says(&run(&["mode", "test", file.to_str().unwrap(), "-k", "nothing"]), 0, &["1 passed"]);
}

#[test]
fn programs_are_told_as_well() {
    let project = project("good", &[PASSES, FAILS].concat());
    let report: Value = serde_json::from_str(&test(&project, &["--json"]).out).unwrap();
    assert_eq!(report["status"], "failed");
    let groups = &report["files"][0]["groups"];
    assert_eq!((&groups[0]["status"], &groups[1]["status"]), (&"passed".into(), &"failed".into()));
    let missing = &groups[1]["failures"][0]["findings"][0]["answer"]["differences"][0]["missing"];
    assert_eq!(missing["label"], "bridge", "{report:#}");
    assert_eq!(report["coverage"]["sorts"][0]["never"][0], "plan-endpoint");

    let junit = project.path().join("report.xml");
    let tap = test(&project, &["--tap", "--junit", junit.to_str().unwrap()]);
    says(&tap, 1, &["TAP version 14\n1..2\n", "ok 1 - ", "first.toml: it plans nothing\n", "not ok 2 - "]);
    let junit = fs::read_to_string(junit).unwrap();
    assert!(junit.contains("tests=\"2\" failures=\"1\""), "{junit}");
    assert!(junit.contains("<failure message=\"want  a plan of 1 step\">") && junit.ends_with("</testsuites>\n"));
}

#[test]
fn it_is_tested_again_when_something_changes() {
    let project = project("good", FAILS);
    let mut command = command(&["mode", "test", project.path().to_str().unwrap(), "--watch"]);
    let mut watching = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut next = || lines.find(|line| line.as_ref().unwrap().contains(" passed, ")).unwrap().unwrap();
    assert!(next().starts_with("0 passed, 1 failed"));
    // Written when it waits or just before: what was there when the run began is what counts.
    fs::write(project.path().join("tests/first.toml"), PASSES).unwrap();
    assert!(next().starts_with("1 passed, 0 failed"));
    watching.kill().unwrap();
    watching.wait().unwrap();
}

/// What the page says of `cargo test` is the crate's own example, which is compiled with it, and a path that leads to it.
#[test]
fn the_page_says_where_the_library_is_and_how_it_is_called() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |file: &str| fs::read_to_string(repository.join(file)).unwrap();
    let (page, source) = (read("docs/mode-tests.md"), read("host/mode-tools/src/test/libtest.rs"));
    let between = |text: &str, from: &str| {
        let rest = text.split_once(from).unwrap().1;
        rest.split_once("```").unwrap().0.to_owned()
    };
    let example: String = between(&source, "//! ```no_run\n")
        .lines()
        .map(|line| line.trim_start_matches("//!"))
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect();
    assert_eq!(between(&page, "```rust\n").trim(), example.trim());
    let manifest: toml::Table = between(&page, "```toml Cargo.toml\n").parse().unwrap();
    let path = manifest["dev-dependencies"]["mode-tools"]["path"].as_str().unwrap();
    let inside = path.strip_prefix("../docker-ovs/").unwrap();
    assert!(read(&format!("{inside}/Cargo.toml")).contains("name = \"mode-tools\"\n"), "{path}");
    assert_eq!(manifest["test"][0]["harness"].as_bool(), Some(false));
}

/// docs/mode-tests.md is a promise.
#[test]
fn the_page_about_fixtures_tells_the_truth() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mode-tests.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = |kind: &str| -> Vec<String> {
        page.split(&format!("```{kind}\n")).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
    };
    let fixtures = blocks("toml");
    assert!(fixtures.len() >= 3, "{fixtures:?}");
    let folder = folder(None, &fixtures[0]);
    let first = test(&folder, &["--module", "nat"]);
    says(&first, 0, &["4 passed, 0 failed"]);
    for (number, fixture) in fixtures.iter().enumerate().skip(1) {
        fs::write(folder.path().join(format!("tests/{number}.toml")), fixture).unwrap();
    }
    says(&test(&folder, &["--module", "nat"]), 0, &[" 0 failed"]);
    for line in blocks("text")[0].lines().filter(|line| line.starts_with("  ")) {
        let shown = |line: &str| {
            line.split("  ").filter(|word| !word.is_empty()).take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        assert!(first.out.lines().any(|there| shown(there) == shown(line)), "{line}\nis not in\n{}", first.out);
    }
}
