//! What an operator writes, and what they are told.

use super::*;

/// Reads a file with this text, as if it were the configuration.
fn load(text: &str, flags: &[(&'static str, &str)]) -> Result<Config, String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    let flags = flags.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
    let told = Config::load(&Sources { file: Some(file), flags });
    told.map_err(|problems| problems.to_string().replace(&directory.path().display().to_string(), "DIR"))
}

#[test]
fn what_is_shipped_says_the_defaults() {
    let shipped = include_str!("../../../../config/config.toml");
    assert_eq!(load(shipped, &[]), Ok(Config::default()));
    // The commented-out keys are the defaults, but for the sections that there are none of.
    let uncomment =
        |line: &str| line.strip_prefix("# ").filter(|key| key.contains(" = ")).unwrap_or(line).to_owned() + "\n";
    let uncommented: String =
        shipped.split("\n\n").filter(|part| !part.contains("# [")).flat_map(str::lines).map(uncomment).collect();
    assert!(uncommented.contains("\ncalls_of_one = 2\n"), "{uncommented}");
    assert_eq!(load(&uncommented, &[]), Ok(Config::default()));
}

#[test]
fn everything_can_be_said() {
    let config = load(
        r#"
        default_mode = "flat"
        ovsdb = ["ssl:192.0.2.1:6640", "ssl:192.0.2.2"]
        ovn_nb = "tcp:192.0.2.1:6641"
        mode_dir = "/srv/modes"
        record_plans = "/srv/plans"
        grants_dir = "/srv/grants"
        cache_dir = "/srv/cache"
        [tls]
        key = "/k.pem"
        certificate = "/c.pem"
        ca = "/ca.pem"
        [ovn.external.wan]
        physnet = "wan"
        vlan = 100
        addresses = ["203.0.113.10/24", "2001:db8:e::10/64"]
        next_hop = ["203.0.113.1", "2001:db8:e::1"]
        chassis = ["h1", "h2"]
        [grants.lab]
        digest = "0000000000000000000000000000000000000000000000000000000000000000"
        allow = ["nat", "uplink=eth1", "vlan=100-199"]
        [limits]
        join = "30s"
        call = 5
        memory = "8MiB"
        [log]
        filter = "warn,ovsdb=debug"
        format = "json"
        "#,
        &[],
    )
    .unwrap();
    assert_eq!((config.default_mode.as_str(), config.ovsdb.len()), ("flat", 2));
    assert_eq!(config.ovn_nb, NorthboundAt::Remotes(vec!["tcp:192.0.2.1:6641".parse().unwrap()]));
    let site = [&config.mode_dir, &config.grants_dir, &config.cache_dir];
    assert_eq!(site.map(|path| path.to_str().unwrap()), ["/srv/modes", "/srv/grants", "/srv/cache"]);
    assert_eq!(config.grants["lab"].allow.0.len(), 3);
    let wan = &config.physical["wan"];
    assert_eq!((wan.physnet.as_str(), wan.vlan.map(u16::from), wan.addresses.len()), ("wan", Some(100), 2));
    assert_eq!((wan.next_hop.len(), wan.chassis.as_slice()), (2, ["h1", "h2"].map(str::to_owned).as_slice()));
    assert_eq!((config.limits.join, config.limits.call), (Duration::from_secs(30), Duration::from_secs(5)));
    assert_eq!((config.limits.modes.memory, config.log.format), (8 << 20, LogFormat::Json));
    assert!(config.tls.is_some());
    assert_eq!(config.record_plans, Some("/srv/plans".into()));
}

#[test]
fn flags_win_over_the_file() {
    let config =
        load("socket = \"/a.sock\"\nlog.filter = \"warn\"", &[("socket", "/b.sock"), ("log.filter", "debug")]).unwrap();
    assert_eq!((config.socket.as_path(), config.log.filter.as_str()), (std::path::Path::new("/b.sock"), "debug"));
}

#[test]
fn all_bad_values_are_told_at_once_with_key_source_and_what_would_be_right() {
    let told = load(
        r#"
        socket = "ovs.sock"
        default_mod = "nat"
        ovsdb = "udp:1"
        limits = { join = "soon", fuel = 0 }
        [log]
        format = "xml"
        [grants.lab]
        digest = "abc"
        allow = ["root"]
        [tls]
        key = "/k.pem"
        "#,
        &[("log.filter", "=,=")],
    )
    .unwrap_err();
    for words in [
        "socket is \"ovs.sock\" (in DIR/config.toml): an absolute path in quotes is wanted",
        "default_mod is \"nat\" (in DIR/config.toml): a key that there is, perhaps default_mode, is wanted",
        "ovsdb is \"udp:1\" (in DIR/config.toml): a remote such as",
        "limits.join is \"soon\" (in DIR/config.toml): a duration",
        "limits.fuel is 0 (in DIR/config.toml): a whole number above 0",
        "log.format is \"xml\" (in DIR/config.toml): \"human\" or \"json\"",
        "log.filter is \"=,=\" (from --filter): a filter such as",
        "grants.lab.digest is \"abc\"",
        "grants.lab.allow is [\"root\"] (in DIR/config.toml): a list such as",
        "tls.certificate is not given (nowhere): the path of a PEM file",
        "tls.ca is not given",
    ] {
        assert!(told.contains(words), "\"{words}\" is not in:\n{told}");
    }
    assert_eq!(told.lines().count(), 12, "{told}");
    assert!(told.starts_with("the configuration has 11 bad values:"), "{told}");
}

#[test]
fn a_count_that_no_machine_has_room_for_is_a_bad_value() {
    let told = load("limits = { calls = 2305843009213693952, calls_of_one = 257 }", &[]).unwrap_err();
    for key in ["limits.calls is 2305843009213693952", "limits.calls_of_one is 257"] {
        assert!(
            told.contains(&format!("{key} (in DIR/config.toml): a whole number from 1 to 256 is wanted")),
            "{told}"
        );
    }
}

#[test]
fn calls_under_way_have_their_deadlines_at_the_end_too() {
    assert_eq!(Config::default().limits.drain(), docker_api::Limits::default().drain);
    let longer = load("limits.join = \"90s\"", &[]).unwrap();
    assert_eq!(longer.limits.drain(), Duration::from_secs(91));
    let longer = load("limits.call = \"2m\"", &[]).unwrap();
    assert_eq!(longer.limits.drain(), Duration::from_secs(121));
}

#[test]
fn sections_are_sections() {
    let told = load("limits = 5\nsocket = { a = 1 }", &[]).unwrap_err();
    assert!(told.contains("limits is 5") && told.contains("a section [limits] is wanted"), "{told}");
    assert!(told.contains("socket is a section"), "{told}");
}

#[test]
fn a_file_that_is_no_toml_is_shown_with_the_place() {
    let told = load("socket = \n", &[("default_mode", "No Mode")]).unwrap_err();
    assert!(told.contains("the file is") && told.contains("line 1"), "{told}");
    assert!(told.contains("default_mode is \"No Mode\" (from --default-mode)"), "{told}");
}

#[test]
fn the_default_mode_has_a_name_that_a_mode_can_have() {
    for (name, good) in [("my-lab_2".to_owned(), true), ("a.b".to_owned(), false), ("x".repeat(33), false)] {
        let told = load("", &[("default_mode", &name)]);
        assert_eq!(told.is_ok(), good, "{name}");
        let words = "(1 to 32 lower case letters, digits, '-' and '_') is wanted";
        assert!(told.is_ok() || told.unwrap_err().contains(words), "{name}");
    }
}

#[test]
fn a_file_that_was_named_has_to_be_there() {
    let missing = Sources { file: Some("/nonexistent/config.toml".into()), flags: Vec::new() };
    let told = Config::load(&missing).unwrap_err().to_string();
    assert!(told.contains("/nonexistent/config.toml"), "{told}");
}

#[test]
fn an_ssl_remote_needs_certificates() {
    let told = load("ovsdb = \"ssl:192.0.2.1\"", &[]).unwrap_err();
    assert!(told.contains("an ssl: remote needs [tls]"), "{told}");
}

#[test]
fn a_physical_network_is_whole_and_has_one_way_out_of_a_family_at_hosts_that_are_named() {
    let told = load(
        r#"
        [ovn.external.wan]
        physnet = "a b"
        vlan = 4095
        next_hop = "203.0.113.1"
        chassis = []
        [ovn.external.lan]
        physnet = "lan"
        addresses = ["203.0.113.10/24", "203.0.113.11/24"]
        [ovn.external.far]
        physnet = "far"
        addresses = "203.0.113.10/24"
        next_hop = "198.51.100.1"
        chassis = "h1"
        [ovn.external.both]
        physnet = "both"
        addresses = ["203.0.113.10/24", "2001:db8:e::10/64"]
        next_hop = "203.0.113.1"
        chassis = "h1"
        "#,
        &[],
    );
    let told = told.unwrap_err();
    for wrong in [
        "ovn.external.wan.physnet is \"a b\"",
        "ovn.external.wan.vlan is 4095",
        "ovn.external.wan.addresses is not given",
        "ovn.external.lan.addresses is [\"203.0.113.10/24\", \"203.0.113.11/24\"]",
        "ovn.external.far.next_hop is \"198.51.100.1\"",
        "ovn.external.wan.chassis is []",
        "ovn.external.lan.chassis is not given",
        "ovn.external.lan.next_hop is not given",
        "ovn.external.both.next_hop is \"203.0.113.1\"",
    ] {
        assert!(told.contains(wrong), "{wrong} in {told}");
    }
    assert_eq!(
        told.matches("ovn.external.lan.addresses is [").count() + told.matches("lan.addresses is not").count(),
        1,
        "said once: {told}"
    );
}
