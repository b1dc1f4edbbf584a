//! `mode fuzz` and `mode bench`, as a mode's author runs them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::build::{MANIFEST, built, contract, file};
use crate::run::{Ended, command, ended, run};

/// One case of mode nat.
const FIXTURE: &str = r#"
[[case]]
name = "a network"
call = "plan-network"
network.subnets = ["10.1.0.0/24"]
"#;

/// A project of mode nat, with its module and one fixture.
fn project() -> tempfile::TempDir {
    let project = tempfile::tempdir().unwrap();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../modes/nat.wasm-src/mode.toml");
    fs::copy(manifest, project.path().join("mode.toml")).unwrap();
    let (_, nat) = builtin_modes::builtin().into_iter().find(|(name, _)| *name == "nat").unwrap();
    fs::write(project.path().join("nat.wasm"), nat).unwrap();
    fs::create_dir(project.path().join("tests")).unwrap();
    fs::write(project.path().join("tests/one.toml"), FIXTURE).unwrap();
    project
}

fn mode(arguments: &[&str], project: &Path, ci: bool) -> Ended {
    let mut command = command(&[&["mode"], arguments, &[project.to_str().unwrap()]].concat());
    command.env_remove("CI");
    if ci {
        command.env("CI", "true");
    }
    ended(&command.output().unwrap())
}

#[test]
fn a_mode_that_holds_says_so_and_a_seed_asks_the_same_again() {
    let project = project();
    let fuzzed = |arguments: &[&str]| {
        let done = mode(&[&["fuzz", "--runs", "60"], arguments].concat(), project.path(), false);
        assert_eq!(done.code, 0, "{done:?}");
        done.out
    };
    let text = fuzzed(&["--seed", "7c1d"]);
    assert!(
        text.contains("seed 7c1d") && text.contains("60 inputs") && text.contains("every property holds"),
        "{text}"
    );
    let report = || serde_json::from_str::<Value>(&fuzzed(&["--seed", "7c1d", "--json"])).unwrap();
    let (one, other) = (report(), report());
    assert_eq!((&one["plans"], &one["refusals"]), (&other["plans"], &other["refusals"]));
    assert!(one["failure"].is_null() && one["fixture"].is_null() && one["inputs"] == 60, "{one}");
    assert!(fs::read_dir(project.path().join("tests")).unwrap().count() == 1, "nothing is written");
}

#[test]
fn what_cannot_be_fuzzed_is_said() {
    let empty = tempfile::tempdir().unwrap();
    let done = mode(&["fuzz"], empty.path(), false);
    assert!(done.code == 2 && done.err.contains("there is no mode.toml"), "{done:?}");
    let seed = run(&["mode", "fuzz", "--module", "nat", "--seed", "hello"]);
    assert!(seed.code == 64 && seed.err.contains("a hexadecimal number such as 7c1d03ab"), "{seed:?}");
    let unknown = run(&["mode", "fuzz", "--module", "nut"]);
    assert!(unknown.code == 2 && unknown.err.contains("did you mean nat?"), "{unknown:?}");
}

#[test]
fn test_fuzz_and_bench_end_alike_where_there_is_no_module_to_ask() {
    let project = project();
    let at = |name: &str| project.path().join(name).display().to_string();
    let (_, nat) = builtin_modes::builtin().into_iter().find(|(name, _)| *name == "nat").unwrap();
    fs::write(at("cut.wasm"), &nat[..5000]).unwrap();
    for command in ["test", "fuzz", "bench"] {
        let with = |module: &str| mode(&[command, "--module", module], project.path(), false);
        let unknown = with("nope");
        assert!(unknown.code == 2 && unknown.err.contains("there is no mode nope"), "{command}: {unknown:?}");
        let missing = with(&at("gone.wasm"));
        assert!(missing.code == 2 && missing.err.contains("gone.wasm cannot be read: No such file"), "{missing:?}");
        let cut = with(&at("cut.wasm"));
        assert!(
            cut.code == 3 && cut.err.contains("cut.wasm is not a mode that this driver takes"),
            "{command}: {cut:?}"
        );
        let help = run(&["mode", command, "--help"]).out;
        let codes = help.split_once("Exit codes:").unwrap().1;
        assert!(codes.contains("  3   ") && codes.contains("would not take") && !codes.contains("  65  "), "{codes}");
    }
}

/// A module that breaks at any question, as a project whose fuzzing is to be run again from where it was.
#[test]
fn the_command_that_shows_a_failure_again_does() {
    let project = tempfile::tempdir().unwrap();
    fs::write(project.path().join("mode.toml"), MANIFEST).unwrap();
    fs::write(project.path().join("hostile.wasm"), built(file("panic"), &contract(), MANIFEST)).unwrap();
    let broken = mode(&["fuzz", "--seed", "1", "--runs", "7"], project.path(), false);
    assert_eq!(broken.code, 3, "{broken:?}");
    let (_, again) = broken.out.split_once("again     docker-ovs ").unwrap();
    let again: Vec<&str> = again.split_whitespace().collect();
    assert_eq!(again.last(), project.path().to_str().as_ref(), "{again:?}");
    assert_eq!(run(&again).code, 3, "{again:?}");
}

#[test]
fn fuel_is_compared_with_the_last_time_and_a_build_writes_nothing() {
    let project = project();
    let kept = project.path().join(".mode-bench.json");
    let build = mode(&["bench"], project.path(), true);
    assert!(build.code == 0 && !kept.exists(), "{build:?}");
    let limited = mode(&["bench", "--max-regression", "5"], project.path(), true);
    assert_eq!((limited.code, limited.out.as_str()), (2, ""), "{limited:?}");
    assert!(limited.err.contains("nothing to compare with") && limited.err.contains("version control"), "{limited:?}");
    let first = mode(&["bench"], project.path(), false);
    assert!(first.code == 0 && first.out.contains("one.toml: a network"), "{first:?}");
    for limit in ["fuel", "memory", "processor time", "module", "compiling"] {
        assert!(first.out.lines().any(|line| line.starts_with(limit) && line.ends_with('%')), "{limit}: {}", first.out);
    }
    let text = fs::read_to_string(&kept).unwrap();
    let fuel = serde_json::from_str::<Value>(&text).unwrap()["fuel"]["one.toml: a network"].as_u64().unwrap();
    assert!(fuel > 0 && !first.out.contains("LAST"), "there is no last time yet: {}", first.out);
    let again = mode(&["bench", "--max-regression", "0"], project.path(), false);
    assert!(again.code == 0 && again.out.contains("+0.0 %"), "{again:?}");

    let less = text.replace(&fuel.to_string(), &(fuel / 2).to_string());
    fs::write(&kept, &less).unwrap();
    let more = mode(&["bench", "--max-regression", "50"], project.path(), false);
    assert!(more.code == 1 && more.err.contains("% more fuel than the last time, and 50 % are allowed"), "{more:?}");
    assert_eq!(fs::read_to_string(&kept).unwrap(), less, "what is compared with stays");
    let json = mode(&["bench", "--json", "--max-regression", "200"], project.path(), false);
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, report["answers"][0]["fuel"].as_u64()), (0, Some(fuel)));
    assert!(report["comparison"]["worst"].as_f64().is_some_and(|percent| percent > 90.0), "{report}");
}
