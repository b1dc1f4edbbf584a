//! The task that owns the socket: it makes one call after the other, gathers what belongs to it until the barrier's answer,
//! and answers echoes meanwhile.

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::{mpsc, oneshot};

use crate::Refusal;
use crate::wire::{Frame, FrameReader, VERSION, kind, put_message};

/// A socket whose first words were exchanged.
pub(super) struct Greeted {
    pub(super) stream: UnixStream,
    /// What came behind them.
    pub(super) frames: FrameReader,
}

/// Requests, the last of which is a barrier.
#[derive(Debug)]
pub(super) struct Call {
    messages: Vec<u8>,
    barrier: u32,
    answer: oneshot::Sender<Answer>,
}

/// What came back for a call.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Which of its requests were refused, counted from 0, and why.
    pub(super) refusals: Vec<(usize, Refusal)>,
    /// The bodies of multipart replies.
    pub(super) parts: Vec<Bytes>,
}

impl Call {
    /// The number of a call's first request; the others count on. Calls are made one at a time, so that all can have the
    /// same numbers.
    pub(super) const FIRST: u32 = 1;

    /// A call of so many requests.
    pub(super) fn new(mut messages: Vec<u8>, requests: usize, answer: oneshot::Sender<Answer>) -> Self {
        let barrier = u32::try_from(requests).map_or(u32::MAX, |requests| Self::FIRST + requests);
        put_message(&mut messages, kind::BARRIER_REQUEST, barrier, |_| {});
        Self { messages, barrier, answer }
    }
}

/// Works until the bridge closes the connection, or nobody has it any more.
pub(super) async fn run(greeted: Greeted, mut calls: mpsc::Receiver<Call>) {
    let Greeted { stream, mut frames } = greeted;
    let (mut read, mut write) = stream.into_split();
    let (mut outgoing, mut current) = (BytesMut::new(), None::<(Call, Answer)>);
    loop {
        let Some(frame) = frames.next_frame() else { return tracing::warn!("a bridge sent what is no OpenFlow") };
        if let Some(frame) = frame {
            hear(&frame, &mut outgoing, &mut current);
            continue;
        }
        tokio::select! {
            read = read.read_buf(&mut frames.buffer) => match read {
                Ok(1..) => {}
                Ok(0) | Err(_) => return,
            },
            written = write.write_buf(&mut outgoing), if outgoing.has_remaining() => {
                if written.is_err() {
                    return;
                }
            }
            call = calls.recv(), if current.is_none() => {
                let Some(call) = call else { return };
                outgoing.extend_from_slice(&call.messages);
                current = Some((call, Answer::default()));
            }
        }
    }
}

fn hear(frame: &Frame, outgoing: &mut BytesMut, current: &mut Option<(Call, Answer)>) {
    if frame.kind == kind::ECHO_REQUEST {
        let mut reply = Vec::new();
        put_message(&mut reply, kind::ECHO_REPLY, frame.xid, |out| out.extend_from_slice(&frame.body));
        return outgoing.extend_from_slice(&reply);
    }
    // What the bridge says unasked is nobody's.
    let Some((call, answer)) = current.as_mut().filter(|(call, _)| is_about(frame, call)) else { return };
    match frame.kind {
        kind::ERROR => {
            let place = usize::try_from(frame.xid - Call::FIRST).unwrap_or(usize::MAX);
            answer.refusals.push((place, refusal(frame.body.clone())));
        }
        kind::MULTIPART_REPLY => answer.parts.push(frame.body.clone()),
        kind::BARRIER_REPLY if frame.xid == call.barrier => {
            if let Some((call, answer)) = current.take() {
                // A caller that gave up at its deadline is not there to be told.
                let _ = call.answer.send(answer);
            }
        }
        _ => {}
    }
}

fn is_about(frame: &Frame, call: &Call) -> bool {
    frame.version == VERSION && (Call::FIRST..=call.barrier).contains(&frame.xid)
}

fn refusal(mut body: Bytes) -> Refusal {
    Refusal { kind: body.try_get_u16().unwrap_or(u16::MAX), code: body.try_get_u16().unwrap_or(u16::MAX) }
}
