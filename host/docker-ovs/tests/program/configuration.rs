//! Where settings come from, and what is said of bad ones.

use crate::run::{command, ended};

#[test]
fn a_variable_wins_over_the_file_and_a_flag_over_both() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    std::fs::write(&file, "admin_socket = \"/file.sock\"\n").unwrap();
    let asked = |variable: Option<&str>, flags: &[&str]| {
        let mut command = command(&[&["network", "ls"], flags].concat());
        command.env("DOCKER_OVS_CONFIG", &file);
        variable.map(|value| command.env("DOCKER_OVS_ADMIN_SOCKET", value));
        ended(&command.output().unwrap()).err
    };
    assert!(asked(None, &[]).contains("/file.sock"));
    assert!(asked(Some("/variable.sock"), &[]).contains("/variable.sock"));
    assert!(asked(Some("/variable.sock"), &["--admin-socket", "/flag.sock"]).contains("/flag.sock"));
}

#[test]
fn all_bad_values_are_told_at_once_wherever_they_come_from() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    std::fs::write(&file, "state_dir = 5\nunknown = true\n").unwrap();
    let mut command = command(&["serve", "--default-mode", "No Such", "--config", file.to_str().unwrap()]);
    command.env("DOCKER_OVS_LIMITS__JOIN", "soon").env("DOCKER_OVS_SOKCET", "/x");
    let ended = ended(&command.output().unwrap());
    assert_eq!(ended.code, 64, "{ended:?}");
    for words in [
        "the configuration has 5 bad values",
        "state_dir is 5 (in ",
        "unknown is true (in ",
        "default_mode is \"No Such\" (from --default-mode)",
        "limits.join is \"soon\" (from DOCKER_OVS_LIMITS__JOIN)",
        "sokcet is \"/x\" (from DOCKER_OVS_SOKCET): a key that there is, perhaps socket,",
    ] {
        assert!(ended.err.contains(words), "\"{words}\" is not in: {}", ended.err);
    }
}
