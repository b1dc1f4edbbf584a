//! `serve`, in a network namespace of its own, without an Open vSwitch.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::place::{PATIENCE, Place, Server, ask, client};
use crate::run::{command, ended};

#[test]
fn it_answers_without_open_vswitch_and_says_what_is_missing() {
    let place = Place::new();
    let server = place.start();
    assert_eq!(place.call("Plugin.Activate", ""), r#"{"Implements":["NetworkDriver","IpamDriver"]}"#);
    for socket in ["run/ovs.sock", "admin.sock"] {
        let metadata = place.path(socket).symlink_metadata().unwrap();
        assert!(metadata.file_type().is_socket() && metadata.permissions().mode() & 0o777 == 0o600, "{socket}");
    }
    let network = r#"{"NetworkID":"n1","Options":{},"IPv4Data":[{"Gateway":"10.9.0.1/24","Pool":"10.9.0.0/24"}]}"#;
    let refused = || place.call("NetworkDriver.CreateNetwork", network);
    // The first call may be over before its module is compiled.
    server.until(|| refused().contains("Open vSwitch does not answer"));
    assert!(refused().contains("db.sock"));
    let networks = client(&place, &["network", "ls", "--json"]);
    assert_eq!((networks.code, networks.out.trim()), (0, "[]"), "nothing is left of it");
    assert_eq!(client(&place, &["explain", "n1"]).code, 66);
    assert_eq!(server.end(), Some(0));
    assert!(!place.path("run/ovs.sock").exists() && !place.path("admin.sock").exists());
}

#[test]
fn it_takes_the_place_of_a_dead_one_but_not_of_a_living_one() {
    let place = Place::new();
    fs::create_dir(place.path("run")).unwrap();
    drop(UnixListener::bind(place.path("run/ovs.sock")).unwrap());
    let server = place.start();
    let second = place.path("config.toml");
    let second = ended(&command(&["serve", "--config", second.to_str().unwrap()]).output().unwrap());
    assert_eq!(second.code, 69, "{second:?}");
    assert!(second.err.contains("another driver is running"), "{}", second.err);
    assert_eq!(place.call("Plugin.Activate", ""), r#"{"Implements":["NetworkDriver","IpamDriver"]}"#);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_start_that_fails_leaves_no_socket() {
    let place = Place::new();
    fs::write(place.path("admin.sock"), "somebody's notes").unwrap();
    assert_eq!(place.command().status().unwrap().code(), Some(69));
    assert!(place.said("admin.sock is not a socket"));
    assert!(!place.path("run/ovs.sock").exists(), "nobody waits at a door");
    assert_eq!(fs::read_to_string(place.path("admin.sock")).unwrap(), "somebody's notes");
}

#[test]
fn its_log_is_json_for_who_wants_that() {
    let place = Place::new();
    place.configure("log.format = \"json\"\n");
    assert_eq!(place.start().end(), Some(0));
    let log = fs::read_to_string(place.path("log")).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let message = |line: &serde_json::Value| line["message"].as_str().unwrap_or_default().to_owned();
    assert!(lines.iter().any(|line| message(line).contains("docker-ovs serves")), "{log}");
}

#[test]
fn a_hangup_reads_the_configuration_again() {
    let place = Place::new();
    let server = place.start();
    place.configure("log.filter = \"debug\"\n");
    server.signal("HUP");
    server.until(|| place.said("configuration read again"));
    place.configure("log.filter = \"debug\"\ndefault_mode = \"flat\"\n");
    server.signal("HUP");
    server.until(|| place.said("restart the driver to take it over"));
    place.configure("log.filter = 5\n");
    server.signal("HUP");
    server.until(|| place.said("the configuration is not taken over"));
    assert_eq!(place.call("Plugin.Activate", ""), r#"{"Implements":["NetworkDriver","IpamDriver"]}"#, "it lives on");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_hangup_takes_over_where_the_modes_of_this_site_are() {
    let place = Place::new();
    let server = place.start();
    let network = r#"{"NetworkID":"n1","Options":{"com.docker.network.generic":{"mode":"lab"}},
        "IPv4Data":[{"Gateway":"10.9.0.1/24","Pool":"10.9.0.0/24"}]}"#;
    let create = || place.call("NetworkDriver.CreateNetwork", network);
    let (_, flat) = builtin_modes::builtin().into_iter().find(|(name, _)| *name == "flat").unwrap();
    fs::create_dir(place.path("elsewhere")).unwrap();
    fs::write(place.path("elsewhere/lab.wasm"), flat).unwrap();
    let hang_up = |words: &str| {
        server.signal("HUP");
        server.until(|| place.said(words));
    };

    place.configure_with("elsewhere", "typo = 1\n");
    hang_up("the configuration is not taken over");
    assert!(create().contains("there is no mode lab"), "a bad configuration changes nothing");

    place.configure_with("elsewhere", "[grants.gone]\nallow = [\"nat\"]\n");
    hang_up("grants.gone: there is no mode gone");
    server.until(|| create().contains("Open vSwitch does not answer"));
    fs::remove_file(place.path("elsewhere/lab.wasm")).unwrap();
    server.until(|| create().contains("there is no mode lab"));
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_call_under_way_is_finished_before_the_end() {
    let place = Place::new();
    place.configure("log.filter = \"debug\"\n");
    let server = place.start();
    let network = r#"{"NetworkID":"n1","Options":{},"IPv4Data":[{"Gateway":"10.9.0.1/24","Pool":"10.9.0.0/24"}]}"#;
    let socket = place.path("run/ovs.sock");
    let call = std::thread::spawn(move || ask(&socket, "NetworkDriver.CreateNetwork", network));
    server.until(|| place.said("options read"));
    assert_eq!(server.end(), Some(0));
    let answer = call.join().unwrap();
    assert!(answer.contains("\"Err\""), "it was answered all the same: {answer}");
}

/// The driver below a shell that becomes it, so that it knows the process that systemd would have named.
fn activated(place: &Place, socket: &Path) -> Command {
    let driver = place.command();
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"", "sh"]);
    shell.arg(driver.get_program()).args(driver.get_args());
    shell.envs(driver.get_envs().filter_map(|(name, value)| Some((name, value?))));
    fs::create_dir_all(socket.parent().unwrap()).unwrap();
    shell.stdin(OwnedFd::from(UnixListener::bind(socket).unwrap()));
    shell.stdout(Stdio::null()).stderr(fs::File::create(place.path("log")).unwrap());
    shell
}

#[test]
fn systemd_may_hold_the_socket() {
    let place = Place::new();
    let path = place.path("run/ovs.sock");
    let server = Server { place: &place, child: activated(&place, &path).spawn().unwrap() };
    server.until(|| place.said("docker-ovs serves"));
    assert_eq!(ask(&path, "Plugin.Activate", ""), r#"{"Implements":["NetworkDriver","IpamDriver"]}"#);
    assert_eq!(server.end(), Some(0));
    assert!(path.exists(), "what systemd made is systemd's");
}

#[test]
fn systemd_and_the_configuration_have_to_mean_the_same_socket() {
    let place = Place::new();
    let path = place.path("systemd.sock");
    assert_eq!(activated(&place, &path).status().unwrap().code(), Some(64));
    for words in ["systemd listens on", "systemd.sock", "socket = \"", "run/ovs.sock\"", "docker-ovs.socket"] {
        assert!(place.said(words), "{words}");
    }
    assert!(!place.said("docker-ovs serves") && !place.path("admin.sock").exists());
}

#[test]
fn a_default_mode_that_there_is_not_is_said_at_once() {
    let place = Place::new();
    place.configure("default_mode = \"natt\"\n");
    assert_eq!(place.command().status().unwrap().code(), Some(64));
    assert!(place.said("default_mode is \"natt\"") && place.said("set it to one of flat, nat"));
    assert!(!place.path("run/ovs.sock").exists() && !place.path("admin.sock").exists(), "nobody waits at a door");
}

#[test]
fn systemd_is_told_how_long_the_end_may_take() {
    let place = Place::new();
    place.configure("limits.join = \"90s\"\n");
    let path = place.path("notify.sock");
    let systemd = UnixDatagram::bind(&path).unwrap();
    systemd.set_read_timeout(Some(PATIENCE)).unwrap();
    let child = place.command().env("NOTIFY_SOCKET", &path).spawn().unwrap();
    let server = Server { place: &place, child };
    let heard = || {
        let mut message = [0; 4096];
        let length = systemd.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    };
    assert_eq!(heard().trim(), "READY=1");
    assert_eq!(server.end(), Some(0));
    // The longest call, a moment to answer it, and what the driver still removes.
    assert_eq!(heard().trim(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=97000000");
}
