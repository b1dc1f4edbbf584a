//! A connection to one bridge: what callers have of it. The socket is the [`actor`](self::actor)'s.

mod actor;
mod hello;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::BufMut;
use tokio::net::UnixStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use self::actor::{Answer, Call};
use crate::meter::ALL_METERS;
use crate::wire::{Reader, Short, kind, put_message, put_zeros};
use crate::{Change, Error, Flow, FlowFilter, Meter, Port};

/// Kinds of multipart requests.
const FLOWS: u16 = 1;
const METERS: u16 = 10;
const PORTS: u16 = 13;
/// The bytes before the body of a multipart message.
const MULTIPART_HEADER: usize = 8;
/// How many calls may wait for their turn before callers wait, too.
const QUEUE: usize = 64;

/// A connection to one bridge. Cheap to clone; it ends with the last clone.
///
/// What is asked at the same time is done one after the other, each whole. After a deadline has passed what was asked may
/// be done all the same.
#[derive(Clone, Debug)]
pub struct Connection {
    path: Arc<Path>,
    calls: mpsc::Sender<Call>,
}

impl Connection {
    /// Connects to a bridge's management socket.
    ///
    /// # Errors
    ///
    /// Where nobody listens, or whoever does speaks no OpenFlow 1.3.
    pub async fn open(path: &Path, deadline: Instant) -> Result<Self, Error> {
        let connect = async {
            let stream = UnixStream::connect(path).await;
            let stream = stream.map_err(|source| Error::Connect { path: path.to_owned(), source })?;
            hello::exchange(stream, path).await
        };
        let greeted = timeout_at(deadline, connect).await.map_err(|_| Error::Timeout { path: path.to_owned() })??;
        let (calls, queue) = mpsc::channel(QUEUE);
        tokio::spawn(actor::run(greeted, queue));
        Ok(Self { path: path.into(), calls })
    }

    /// Makes changes, in order. All of them are made when this returns.
    ///
    /// # Errors
    ///
    /// The first change that was refused; the others were made.
    pub async fn change(&self, changes: &[Change], deadline: Instant) -> Result<(), Error> {
        let answer = self.call(changes.len(), |out, xid| {
            changes.iter().zip(xid..).for_each(|(change, xid)| change.put(out, xid));
        });
        let answer = answer.await_until(deadline).await?;
        match answer.refusals.first() {
            None => Ok(()),
            Some((place, refusal)) => {
                let change = changes.get(*place).map_or_else(|| "do that".to_owned(), ToString::to_string);
                Err(Error::Refused { change, refusal: *refusal })
            }
        }
    }

    /// The flows that a filter lets through, with sorted fields.
    ///
    /// # Errors
    ///
    /// Where the bridge refuses, or is gone.
    pub async fn flows(&self, filter: &FlowFilter, deadline: Instant) -> Result<Vec<Flow>, Error> {
        self.list(FLOWS, "a list of flows", |out| filter.put_request(out), Flow::read, deadline).await
    }

    /// The meters, but for those that this crate would not make.
    ///
    /// # Errors
    ///
    /// Where the bridge refuses, or is gone.
    pub async fn meters(&self, deadline: Instant) -> Result<Vec<Meter>, Error> {
        let all = |out: &mut Vec<u8>| {
            out.put_u32(ALL_METERS);
            put_zeros(out, 4);
        };
        let meters = self.list(METERS, "a list of meters", all, Meter::read, deadline).await?;
        Ok(meters.into_iter().flatten().collect())
    }

    /// The ports that the bridge has now.
    ///
    /// # Errors
    ///
    /// Where the bridge refuses, or is gone.
    pub async fn ports(&self, deadline: Instant) -> Result<Vec<Port>, Error> {
        self.list(PORTS, "a list of ports", |_| {}, Port::read, deadline).await
    }

    /// Waits until the connection is gone.
    pub async fn closed(&self) {
        self.calls.closed().await;
    }

    /// Whether the connection is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.calls.is_closed()
    }

    async fn list<T>(
        &self,
        list: u16,
        what: &'static str,
        body: impl FnOnce(&mut Vec<u8>),
        read: impl Fn(&mut Reader<'_>) -> Result<T, Short>,
        deadline: Instant,
    ) -> Result<Vec<T>, Error> {
        let answer = self.call(1, |out, xid| {
            put_message(out, kind::MULTIPART_REQUEST, xid, |out| {
                out.put_u16(list);
                put_zeros(out, MULTIPART_HEADER - 2);
                body(out);
            });
        });
        let answer = answer.await_until(deadline).await?;
        if let Some((_, refusal)) = answer.refusals.first() {
            return Err(Error::Refused { change: format!("send {what}"), refusal: *refusal });
        }
        read_all(&answer, read).map_err(|Short| Error::Malformed { path: self.path.to_path_buf(), what })
    }

    fn call(&self, requests: usize, put: impl FnOnce(&mut Vec<u8>, u32)) -> Asking<'_> {
        let mut messages = Vec::new();
        put(&mut messages, Call::FIRST);
        let (answer, answered) = oneshot::channel();
        Asking { connection: self, call: Call::new(messages, requests, answer), answered }
    }

    fn closed_error(&self) -> Error {
        Error::Closed { path: PathBuf::from(&*self.path) }
    }
}

/// A call that is about to be made.
struct Asking<'a> {
    connection: &'a Connection,
    call: Call,
    answered: oneshot::Receiver<Answer>,
}

impl Asking<'_> {
    async fn await_until(self, deadline: Instant) -> Result<Answer, Error> {
        let Self { connection, call, answered } = self;
        let asked = async {
            connection.calls.send(call).await.map_err(|_| connection.closed_error())?;
            answered.await.map_err(|_| connection.closed_error())
        };
        timeout_at(deadline, asked).await.map_err(|_| Error::Timeout { path: connection.path.to_path_buf() })?
    }
}

/// Reads the entries of all parts of a reply.
fn read_all<T>(answer: &Answer, read: impl Fn(&mut Reader<'_>) -> Result<T, Short>) -> Result<Vec<T>, Short> {
    let mut all = Vec::new();
    for part in &answer.parts {
        let mut entries = Reader::new(part);
        entries.skip(MULTIPART_HEADER)?;
        while !entries.is_empty() {
            all.push(read(&mut entries)?);
        }
    }
    Ok(all)
}
