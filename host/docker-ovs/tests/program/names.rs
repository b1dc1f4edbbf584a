//! Names: the commands ask Docker what they stand for, and the driver for what it has under that identifier.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::run::{Ended, command, ended};

const WEB: &str = "b5082ded43d3b362c2b913dae6ee17a8afb51ef0e2a2e19db122d4b5fea67142";
const LEFT: &str = "2f2497db76a577c0f0ff0f8056b657a003bd7636d7fd984b875d5ad9a5d3fedf";
const NOTHING: &str = "/no/socket";

/// Answers a path with a body.
type Answers = fn(&str) -> Option<Value>;

/// A Docker and a driver that say what they are told to.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        serve(place.path("docker.sock"), docker);
        serve(place.path("admin.sock"), driver);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(&format!("unix://{}", self.path("docker.sock").display()), arguments)
    }

    fn run_with(&self, docker: &str, arguments: &[&str]) -> Ended {
        let socket = self.path("admin.sock");
        let mut command = command(&[&["--admin-socket", socket.to_str().unwrap()], arguments].concat());
        ended(&command.env("DOCKER_HOST", docker).output().unwrap())
    }

    #[track_caller]
    fn fails(&self, docker: &str, arguments: &[&str], words: &[&str]) {
        let ended = self.run_with(docker, arguments);
        assert_eq!(ended.code, 66, "{ended:?}");
        for word in words {
            assert!(ended.err.contains(word), "\"{word}\" is not in: {}", ended.err);
        }
    }
}

fn docker(path: &str) -> Option<Value> {
    let left = json!({"Name": "left", "EndpointID": LEFT});
    let web = json!({"Name": "web", "Id": WEB, "Driver": "ovs", "Containers": {"c1": left}});
    let connected = |id: &str| json!({"NetworkSettings": {"Networks": {"web": {"NetworkID": WEB, "EndpointID": id}}}});
    let named = |name: &str, mut container: Value| {
        container["Name"] = format!("/{name}").into();
        container
    };
    match path {
        "/networks" => Some(json!([web, {"Name": "bridge", "Id": "b1", "Driver": "bridge"}])),
        "/networks/web" | "/networks/b5082" => Some(web),
        // As Docker does it: an identifier begins like this, and nothing has the name.
        path if *path == format!("/networks/{WEB}") => Some(web),
        "/networks/bridge" => Some(json!({"Name": "bridge", "Id": "b1", "Driver": "bridge"})),
        "/containers/left/json" => Some(named("left", connected(LEFT))),
        "/containers/stopped/json" => Some(named("stopped", connected(""))),
        "/containers/elsewhere/json" => Some(named("elsewhere", json!({}))),
        _ => None,
    }
}

fn driver(path: &str) -> Option<Value> {
    let web = json!({"id": WEB, "mode": "nat", "health": "healthy", "endpoint_list": [{"id": LEFT}]});
    match path.strip_prefix("/v1/networks")? {
        "" => Some(json!([web])),
        path if path == format!("/{WEB}") || path == "/b5082" => Some(web),
        path if path == format!("/{WEB}/reconcile") => Some(json!({"networks": [WEB]})),
        path if path == format!("/{WEB}/explain") => Some(json!({"network": WEB, "mode": "nat"})),
        path if path == format!("/{WEB}/endpoints/{LEFT}/explain") || path == "/b5082/endpoints/2f24/explain" => {
            Some(json!({"network": WEB, "endpoint": LEFT, "mode": "nat"}))
        }
        _ => None,
    }
}

/// Serves a socket until the test's process ends.
fn serve(socket: PathBuf, answers: Answers) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, answers)));
}

fn answer(mut stream: UnixStream, answers: Answers) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let missing = || {
        let message = format!("no such thing as {path}");
        ("404 Not Found", json!({"message": message, "error": {"kind": "not-found", "message": message}}))
    };
    let (status, body) = answers(path).map_or_else(missing, |body| ("200 OK", body));
    let body = body.to_string();
    // Who has heard enough may be gone.
    let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
}

#[test]
fn a_network_is_found_by_its_name_and_by_its_id() {
    let place = Place::new();
    for network in ["web", "b5082", WEB] {
        let shown = place.run(&["network", "inspect", network]);
        assert!(shown.code == 0 && shown.out.contains("network web"), "{shown:?}");
        assert!(shown.out.contains(WEB) && shown.out.contains("left"), "{shown:?}");
    }
    assert_eq!(place.run(&["network", "reconcile", "web"]).code, 0);
    let explained = place.run(&["explain", "web"]);
    assert!(explained.out.starts_with("web ") && explained.out.contains("network b5082ded43d3"), "{explained:?}");
}

#[test]
fn an_endpoint_is_found_by_its_container_and_by_its_id() {
    let place = Place::new();
    for subject in ["web/left", "b5082/2f24"] {
        let explained = place.run(&["explain", subject]);
        assert!(explained.out.contains("endpoint 2f2497db76a5 of network b5082ded43d3"), "{subject}: {explained:?}");
    }
    let docker = format!("unix:{}", place.path("docker.sock").display());
    place.fails(&docker, &["explain", "web/stopped"], &["container stopped does not run"]);
    place.fails(&docker, &["explain", "web/elsewhere"], &["container elsewhere is not in that network"]);
    place.fails(&docker, &["explain", "web/nobody"], &["Docker has no container nobody"]);
}

#[test]
fn names_stand_beside_ids_where_docker_answers() {
    let place = Place::new();
    let list = place.run(&["network", "ls"]).out;
    assert!(list.contains("NAME") && list.contains("web"), "{list}");
    let json: Value = serde_json::from_str(&place.run(&["network", "ls", "--json"]).out).unwrap();
    assert_eq!((&json[0]["id"], &json[0]["name"]), (&json!(WEB), &json!("web")));

    let list = place.run_with(&format!("unix:{NOTHING}"), &["network", "ls"]).out;
    assert!(!list.contains("NAME") && list.contains("b5082ded43d3"), "{list}");
    let json = place.run_with(&format!("unix:{NOTHING}"), &["network", "ls", "--json"]).out;
    assert!(!json.contains("\"name\""), "{json}");
}

#[test]
fn ids_work_without_docker_and_names_say_what_they_need() {
    let place = Place::new();
    let away = format!("unix:{NOTHING}");
    for arguments in [["network", "inspect", WEB], ["network", "reconcile", WEB]] {
        assert_eq!(place.run_with(&away, &arguments).code, 0);
    }
    assert_eq!(place.run_with(&away, &["explain", "b5082/2f24"]).code, 0);
    for arguments in [&["network", "inspect", "web"][..], &["network", "reconcile", "web"], &["explain", "web/left"]] {
        place.fails(&away, arguments, &["names need Docker, identifiers do not", NOTHING]);
    }
    place.fails("tcp://10.0.0.1:2375", &["explain", "web"], &["DOCKER_HOST is tcp://10.0.0.1:2375"]);
}

#[test]
fn what_is_nobodys_or_anothers_is_said() {
    let place = Place::new();
    let docker = format!("unix:{}", place.path("docker.sock").display());
    place.fails(&docker, &["network", "inspect", "wbe"], &["Docker has no network wbe either"]);
    place.fails(&docker, &["explain", "bridge"], &["bridge is a network of Docker's driver bridge"]);
}
