//! A client that speaks as Docker does.

use std::path::Path;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// What came back.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Answer {
    /// The text of `Err`.
    pub(crate) fn error(&self) -> &str {
        self.body["Err"].as_str().unwrap_or_else(|| panic!("no error in {self:?}"))
    }

    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer in {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body:?}"));
        Self { status, head: head.to_lowercase(), body }
    }
}

/// A call with the headers that Docker's client sends.
pub(crate) async fn post(socket: &Path, method: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST /{method} HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n\
         Content-Length: {}\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\nAccept-Encoding: gzip\r\n\r\n",
        body.len()
    );
    raw(socket, &[head.as_bytes(), body].concat()).await
}

/// Whatever bytes, and what comes back until the server closes the connection.
pub(crate) async fn raw(socket: &Path, request: &[u8]) -> Answer {
    let mut stream = UnixStream::connect(socket).await.unwrap();
    // The server may have answered, and closed, before it has read everything.
    stream.write_all(request).await.ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    Answer::parse(&answer)
}
