//! A Docker and a driver that say what they are told to.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::run::{Ended, command, ended};

/// Answers a question, such as `GET /networks`; nothing: there is no such thing.
pub(crate) type Answers = fn(&str) -> Option<Value>;

pub(crate) struct Peers {
    directory: TempDir,
    /// What the driver was asked, each question with its body.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Peers {
    pub(crate) fn new(docker: Answers, driver: Answers) -> Self {
        let peers = Self { directory: tempfile::tempdir().unwrap(), asked: Arc::default() };
        serve(peers.path("docker.sock"), docker, Arc::default());
        serve(peers.path("admin.sock"), driver, Arc::clone(&peers.asked));
        peers
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Where this Docker is, as `DOCKER_HOST` has it.
    pub(crate) fn docker(&self) -> String {
        format!("unix://{}", self.path("docker.sock").display())
    }

    /// Where this driver is.
    pub(crate) fn admin(&self) -> String {
        self.path("admin.sock").display().to_string()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(&self.docker(), arguments)
    }

    pub(crate) fn run_with(&self, docker: &str, arguments: &[&str]) -> Ended {
        let socket = self.path("admin.sock");
        let mut command = command(&[&["--admin-socket", socket.to_str().unwrap()], arguments].concat());
        ended(&command.env("DOCKER_HOST", docker).output().unwrap())
    }

    #[track_caller]
    pub(crate) fn fails(&self, docker: &str, arguments: &[&str], code: i32, words: &[&str]) {
        let ended = self.run_with(docker, arguments);
        assert_eq!(ended.code, code, "{ended:?}");
        for word in words {
            assert!(ended.err.contains(word), "\"{word}\" is not in: {}", ended.err);
        }
    }
}

/// Serves a socket until the test's process ends.
fn serve(socket: PathBuf, answers: Answers, asked: Arc<Mutex<Vec<String>>>) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, answers, &asked)));
}

fn answer(mut stream: UnixStream, answers: Answers, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let (question, _) = head.split_once(" HTTP/").unwrap();
    let length = head.to_ascii_lowercase().split_once("content-length: ").map(|(_, rest)| rest.to_owned());
    let length = length.and_then(|rest| rest.lines().next()?.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    asked.lock().unwrap().push(format!("{question} {body}").trim_end().to_owned());
    let missing = || {
        let message = format!("no such thing as {question}");
        ("404 Not Found", json!({"message": message, "error": {"kind": "not-found", "message": message}}))
    };
    let (status, body) = answers(question).map_or_else(missing, |body| ("200 OK", body));
    let body = body.to_string();
    // Who has heard enough may be gone.
    let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
}
