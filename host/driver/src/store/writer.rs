//! The one writer. A commit costs an `fsync`; batches that wait while one is under way share the next. What must be
//! written and cannot be, on a full disk, is written before whatever can be next.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use plan::{EndpointId, ModeDigest, NetworkId};
use redb::{Database, TableHandle};
use serde::Serialize;
use tokio::sync::oneshot;

use super::StoreError;
use super::file::File;
use super::tables::{ADDRESSES, CLAIMS, COUNTER, ENDPOINTS, META, MODULES, NETWORKS, SWARM, Table};
use crate::record::{Claim, EndpointRecord, NetworkRecord};
use crate::swarm::Swarm;

/// Changes that are written all or none.
#[derive(Default)]
#[must_use]
pub(crate) struct Batch(Vec<(Table, String, Option<Vec<u8>>)>);

impl Batch {
    pub(crate) fn network(self, record: &NetworkRecord) -> Self {
        self.put(NETWORKS, record.network.id.to_string(), record)
    }

    pub(crate) fn forget_network(self, id: &NetworkId) -> Self {
        self.delete(NETWORKS, id.to_string())
    }

    pub(crate) fn endpoint(self, record: &EndpointRecord) -> Self {
        self.put(ENDPOINTS, record.endpoint.id.to_string(), record)
    }

    pub(crate) fn forget_endpoint(self, id: &EndpointId) -> Self {
        self.delete(ENDPOINTS, id.to_string())
    }

    /// Writes a claim, or forgets it once nobody holds it.
    pub(crate) fn claim(self, claim: &Claim) -> Self {
        let key = claim.object.to_string();
        if claim.holders.is_empty() { self.delete(CLAIMS, key) } else { self.put(CLAIMS, key, claim) }
    }

    pub(crate) fn counter(mut self, next: u64) -> Self {
        self.0.push((META, COUNTER.to_owned(), Some(next.to_be_bytes().to_vec())));
        self
    }

    pub(crate) fn swarm(self, swarm: &Swarm) -> Self {
        self.put(META, SWARM.to_owned(), swarm)
    }

    pub(crate) fn module(mut self, digest: &ModeDigest, bytes: &[u8]) -> Self {
        self.0.push((MODULES, digest.to_string(), Some(bytes.to_vec())));
        self
    }

    pub(crate) fn forget_module(self, digest: &ModeDigest) -> Self {
        self.delete(MODULES, digest.to_string())
    }

    /// A record of `ipam`'s; nothing: it goes.
    pub(crate) fn address(mut self, name: String, bytes: Option<Vec<u8>>) -> Self {
        self.0.push((ADDRESSES, name, bytes));
        self
    }

    /// Adds what comes later: for a key that both have, that counts.
    fn absorb(&mut self, later: Self) {
        self.0.retain(|(table, key, _)| {
            !later.0.iter().any(|(other, same, _)| table.name() == other.name() && key == same)
        });
        self.0.extend(later.0);
    }

    fn put(mut self, table: Table, key: String, record: &impl Serialize) -> Self {
        // Our own records have text keys and no maps of anything else: they are always representable.
        let bytes = serde_json::to_vec(record).unwrap_or_default();
        self.0.push((table, key, Some(bytes)));
        self
    }

    fn delete(mut self, table: Table, key: String) -> Self {
        self.0.push((table, key, None));
        self
    }
}

/// What becomes of a batch that cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnFailure {
    /// It is forgotten: its caller does without.
    Drop,
    /// It is written before the next one.
    Keep,
}

type Request = (Batch, OnFailure, oneshot::Sender<Result<(), Arc<redb::Error>>>);

/// The writer's end that callers hold.
#[derive(Debug)]
pub(super) struct Writer {
    /// There until it is dropped.
    requests: Option<Sender<Request>>,
    file: Arc<File>,
    thread: Option<JoinHandle<()>>,
}

/// Waits for what is under way: a store that was dropped is closed.
impl Drop for Writer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!(?panic, "the store's writer panicked");
        }
    }
}

impl Writer {
    pub(super) fn start(file: File) -> Self {
        let (requests, queue) = channel();
        let file = Arc::new(file);
        let own = Arc::clone(&file);
        let thread = thread::spawn(move || run(&own, &queue));
        Self { requests: Some(requests), file, thread: Some(thread) }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) async fn write(&self, batch: Batch, on_failure: OnFailure) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or(StoreError::Closed)?;
        requests.send((batch, on_failure, answer)).map_err(|_| StoreError::Closed)?;
        match answered.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(StoreError::Shared(error)),
            Err(_) => Err(StoreError::Closed),
        }
    }
}

/// Ends when the last sender is gone.
fn run(file: &File, queue: &Receiver<Request>) {
    let mut owed = Batch::default();
    while let Ok(first) = queue.recv() {
        let mut together = vec![first];
        together.extend(queue.try_iter().take(255));
        let batches = || std::iter::once(&owed).chain(together.iter().map(|(batch, ..)| batch));
        let nothing_to_do = batches().all(|batch| batch.0.is_empty());
        let result = if nothing_to_do { Ok(()) } else { file.with(|database| commit(database, batches())) };
        let result = result.map_err(Arc::new);
        if result.is_ok() {
            owed = Batch::default();
        }
        for (batch, on_failure, answer) in together {
            if result.is_err() && on_failure == OnFailure::Keep {
                owed.absorb(batch);
            }
            // A caller that gave up at its deadline is not there to be told.
            let _ = answer.send(result.clone());
        }
    }
}

fn commit<'a>(database: &Database, batches: impl Iterator<Item = &'a Batch>) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    for (table, key, value) in batches.flat_map(|batch| &batch.0) {
        let mut table = transaction.open_table(*table)?;
        match value {
            Some(bytes) => table.insert(key.as_str(), bytes.as_slice())?,
            None => table.remove(key.as_str())?,
        };
    }
    transaction.commit()?;
    Ok(())
}
