//! Help, completions, and commands that find no driver.

use crate::run::{fails, json, run};

#[test]
fn every_command_has_help_that_says_what_it_does() {
    for command in [
        "serve",
        "check",
        "network ls",
        "network inspect",
        "network reconcile",
        "network rm",
        "ipam ls",
        "ipam release",
        "ovn ls",
        "ovn reclaim",
        "explain",
        "mode diff",
        "mode doc",
        "mode inspect",
        "mode new",
        "mode pack",
        "plan",
        "completion",
    ] {
        let ended = run(&[&command.split(' ').collect::<Vec<_>>()[..], &["--help"]].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.out.contains("Usage: docker-ovs "), "{}", ended.out);
    }
    let help = run(&["--help"]).out;
    for words in ["Examples:", "Exit codes:", "Configuration:"] {
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn bad_arguments_are_the_users() {
    fails(&["network", "list"], 64, &["unrecognized subcommand 'list'"]);
    fails(&["network", "inspect", "../x"], 64, &["identifier"]);
    fails(&["explain", "a/b/c"], 64, &["identifier"]);
    fails(&["network", "rm"], 64, &["NETWORK[/ENDPOINT]"]);
    fails(&["network", "rm", "a/b/c"], 64, &["identifier"]);
    fails(&["ipam", "release", "10.1.0.0/33"], 64, &["10.1.0.0/33", "SUBNET"]);
    fails(&["ovn", "reclaim"], 64, &["HOST"]);
    fails(&[], 64, &["Usage:"]);
}

#[test]
fn without_a_driver_it_is_said_how_to_start_one() {
    for command in [
        &["network", "ls"][..],
        &["network", "reconcile"],
        &["explain", "3f9a"],
        &["network", "inspect", "3f9a"],
        &["network", "rm", "3f9a"],
        &["network", "rm", "--force", "3f9a/77c0"],
        &["ipam", "release", "--force", "10.1.0.0/24"],
        &["ovn", "reclaim", "--dry-run", "node7"],
    ] {
        fails(
            &[&["--admin-socket", "/nonexistent.sock"], command].concat(),
            69,
            &["/nonexistent.sock", "systemctl start docker-ovs"],
        );
    }
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish"] {
        let ended = run(&["completion", shell]);
        assert!(ended.code == 0 && ended.out.contains("docker-ovs") && ended.out.contains("reconcile"), "{shell}");
    }
}

#[test]
fn dockers_command_line_takes_it_for_a_plugin() {
    let metadata = json(&["docker-cli-plugin-metadata"]);
    assert_eq!((&metadata["SchemaVersion"], &metadata["Vendor"]), (&"0.1.0".into(), &"docker-ovs".into()));
    let plan = json(&["ovs", "plan", "--mode", "nat", "--subnet", "10.1.0.0/24", "--json"]);
    assert_eq!(plan["mode"], "nat");
}

#[test]
fn a_check_says_what_to_do_in_text_and_json() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("config.toml");
    let nowhere = directory.path().join("nowhere.sock").display().to_string();
    std::fs::write(&config, format!("ovsdb = \"unix:{nowhere}\"\nadmin_socket = \"{nowhere}\"\n")).unwrap();
    let arguments = ["check", "--config", config.to_str().unwrap()];
    let text = run(&arguments);
    assert_eq!(text.code, 1, "{text:?}");
    assert!(text.out.contains("BAD  open vswitch") && text.out.contains("-> "), "{}", text.out);
    let found = run(&[&arguments[..], &["--json"]].concat());
    assert_eq!(found.code, 1);
    let found: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    let of =
        |subject: &str| found.as_array().unwrap().iter().find(|finding| finding["subject"] == subject).unwrap().clone();
    assert_eq!(of("open vswitch")["state"], "bad");
    assert_eq!(of("mode")["state"], "good");
    assert!(of("driver")["advice"].as_str().unwrap().contains("docker-ovs"));
}
