//! Somebody between the client and a real server: cuts the stream into small pieces, or plays an older server.

use ovsdb::Remote;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// What to do to the traffic.
#[derive(Clone, Copy, Default)]
pub(crate) struct Meddle {
    /// Pass on no more bytes at once than this.
    pub(crate) piece: Option<usize>,
    /// Methods that the server shall not know.
    pub(crate) unknown: &'static [&'static str],
    /// Whether the server shall not know its own database.
    pub(crate) no_server_database: bool,
    /// Methods after which nothing is passed on to the client any more.
    pub(crate) mute_after: Option<&'static str>,
}

/// A relay to a server; it ends when dropped.
pub(crate) struct Proxy {
    folder: TempDir,
    accepting: JoinHandle<()>,
    methods: Arc<Mutex<Vec<String>>>,
    inject: Injectors,
}

/// A way to each client's ear.
type Injectors = Arc<Mutex<Vec<mpsc::UnboundedSender<Vec<u8>>>>>;

impl Proxy {
    pub(crate) fn start(server: &Path, meddle: Meddle) -> Self {
        let folder = tempfile::Builder::new().prefix("ovsdb-test-").tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("sock")).unwrap();
        let methods = Arc::new(Mutex::new(Vec::new()));
        let inject = Injectors::default();
        let accept = accept(listener, server.to_path_buf(), meddle, methods.clone(), inject.clone());
        Proxy { folder, accepting: tokio::spawn(accept), methods, inject }
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote::Unix(self.folder.path().join("sock"))
    }

    /// The methods that were called, in order; an answer to something that was injected is told as it is.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.methods.lock().unwrap().clone()
    }

    /// Says something to the clients in the server's name.
    pub(crate) fn say(&self, text: &str) {
        for client in self.inject.lock().unwrap().iter() {
            // Clients that are gone do not listen.
            let _ = client.send(text.as_bytes().to_vec());
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: UnixListener,
    server: PathBuf,
    meddle: Meddle,
    methods: Arc<Mutex<Vec<String>>>,
    inject: Injectors,
) {
    let mut relays = tokio::task::JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let Ok(server) = UnixStream::connect(&server).await else { continue };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let (answers, answers_out) = mpsc::unbounded_channel();
        inject.lock().unwrap().push(answers.clone());
        let muted = Arc::new(Mutex::new(false));
        let upstream = Upstream { meddle, methods: methods.clone(), answers: answers.clone(), muted: muted.clone() };
        relays.spawn(async move {
            // Whichever side ends first ends the other.
            tokio::select! {
                () = upstream.relay(from_client, to_server) => {}
                () = pump(from_server, answers) => {}
                () = write_pieces(answers_out, to_client, meddle.piece, muted) => {}
            }
        });
    }
}

/// From the client to the server, message by message.
struct Upstream {
    meddle: Meddle,
    methods: Arc<Mutex<Vec<String>>>,
    answers: mpsc::UnboundedSender<Vec<u8>>,
    muted: Arc<Mutex<bool>>,
}

impl Upstream {
    async fn relay(self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut buffer = Vec::new();
        loop {
            let mut messages = serde_json::Deserializer::from_slice(&buffer).into_iter::<Json>();
            let parsed: Vec<Json> = messages.by_ref().map_while(Result::ok).collect();
            let used = messages.byte_offset();
            buffer.drain(..used);
            for message in parsed {
                self.pass(&message, &mut to).await;
            }
            if from.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
    }

    async fn pass(&self, message: &Json, to: &mut OwnedWriteHalf) {
        if message["method"].is_null() {
            self.methods.lock().unwrap().push(message.to_string());
            return;
        }
        let method = message["method"].as_str().unwrap_or_default().to_owned();
        if let Some(error) = self.refuse(message, &method) {
            // Without a result, as ovsdb-server writes errors.
            let answer = json!({"id": message["id"], "error": error});
            let _ = self.answers.send(answer.to_string().into_bytes());
        } else {
            let bytes = message.to_string().into_bytes();
            for piece in bytes.chunks(self.meddle.piece.unwrap_or(bytes.len())) {
                // A server that is gone is noticed by the other direction.
                let _ = to.write_all(piece).await;
            }
        }
        if self.meddle.mute_after == Some(method.as_str()) {
            *self.muted.lock().unwrap() = true;
        }
        self.methods.lock().unwrap().push(method);
    }

    fn refuse(&self, message: &Json, method: &str) -> Option<Json> {
        if self.meddle.unknown.contains(&method) {
            return Some(json!("unknown method"));
        }
        let hidden = self.meddle.no_server_database && message["params"][0] == "_Server";
        hidden.then(|| json!({"error": "unknown database", "details": "no _Server"}))
    }
}

async fn pump(mut from: OwnedReadHalf, to: mpsc::UnboundedSender<Vec<u8>>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length) = from.read(&mut buffer).await
        && length > 0
    {
        let _ = to.send(buffer[..length].to_vec());
    }
}

async fn write_pieces(
    mut from: mpsc::UnboundedReceiver<Vec<u8>>,
    mut to: OwnedWriteHalf,
    piece: Option<usize>,
    muted: Arc<Mutex<bool>>,
) {
    while let Some(bytes) = from.recv().await {
        for part in bytes.chunks(piece.unwrap_or(bytes.len().max(1))) {
            if *muted.lock().unwrap() {
                std::future::pending::<()>().await;
            }
            if to.write_all(part).await.is_err() {
                return;
            }
        }
    }
}
