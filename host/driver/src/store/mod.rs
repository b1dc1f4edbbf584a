//! The store: what the driver remembers, durable before Docker gets its answer.
//!
//! One embedded transactional database in the state directory, read once at start and from then on only written: the
//! driver works from memory. Writes that arrive together share one commit (and so one `fsync`), see [`writer`].

mod addresses;
mod file;
mod tables;
mod writer;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use plan::{InstanceId, ModeDigest};
use redb::{Database, ReadableDatabase, ReadableTable};
use serde::de::DeserializeOwned;

use crate::record::{Claim, EndpointRecord, NetworkRecord};
use crate::swarm::Swarm;
use file::File;
use tables::{ADDRESSES, CLAIMS, ENDPOINTS, META, MODULES, NETWORKS};
pub(crate) use writer::Batch;
use writer::{OnFailure, Writer};

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The state directory cannot be made or is not ours.
    #[error("cannot make the state directory {}: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another driver has it open.
    #[error("the store {} is in use: is another docker-ovs running with the same state_dir?", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The database said no: a full disk, a broken file.
    #[error("the store in the state directory: {0}")]
    Database(#[from] redb::Error),
    /// A record of another version, or a broken one.
    #[error("the store's record {key} in {table} cannot be read: {source}")]
    Record {
        /// The table.
        table: &'static str,
        /// The record's key.
        key: String,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// A record of an address pool that is of another version, or broken.
    #[error("the store's record {} in addresses cannot be read: {}", .0.name, .0.problem)]
    Address(ipam::BadRecord),
    /// A write that several callers shared failed: a full disk, a broken file.
    #[error("the store in the state directory cannot be written: {0}")]
    Shared(std::sync::Arc<redb::Error>),
    /// The writer is gone: the driver is going down.
    #[error("the store is closed")]
    Closed,
}

/// Everything the store held when it was opened.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    pub(crate) networks: Vec<NetworkRecord>,
    pub(crate) endpoints: Vec<EndpointRecord>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) addresses: ipam::Written,
    /// The first number that names of links have never used.
    pub(crate) counter: Option<u64>,
    pub(crate) swarm: Swarm,
}

/// The open store.
#[derive(Debug)]
pub(crate) struct Store {
    writer: Writer,
    instance: InstanceId,
}

impl Store {
    /// Opens the store in a directory, making both if they are not there, and reads it whole.
    pub(crate) fn open(directory: &Path) -> Result<(Self, Remembered), StoreError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|source| StoreError::Directory { path: directory.to_owned(), source })?;
        let path = directory.join("docker-ovs.redb");
        let database = Database::create(&path).map_err(|error| match error {
            redb::DatabaseError::DatabaseAlreadyOpen => StoreError::InUse { path: path.clone() },
            other => StoreError::Database(other.into()),
        })?;
        let instance = tables::prepare(&database)?;
        let remembered = read(&database)?;
        Ok((Self { writer: Writer::start(File::new(&path, database)), instance }, remembered))
    }

    /// The random id of this state directory.
    pub(crate) fn instance(&self) -> &InstanceId {
        &self.instance
    }

    /// Writes a batch whole and returns when it is on the disk.
    pub(crate) async fn write(&self, batch: Batch) -> Result<(), StoreError> {
        self.writer.write(batch, OnFailure::Drop).await
    }

    /// The same; what cannot be written now is written with the next batch that can. An error only tells that it was not
    /// now: for what is so whether it is written or not, as that something is gone.
    pub(crate) async fn write_in_the_end(&self, batch: Batch) -> Result<(), StoreError> {
        self.writer.write(batch, OnFailure::Keep).await
    }

    /// Tries again to write what is still to be written, if anything is.
    pub(crate) async fn catch_up(&self) -> Result<(), StoreError> {
        self.write_in_the_end(Batch::default()).await
    }

    /// The bytes of a module that some network needs, as they were dropped.
    pub(crate) fn module(&self, digest: &ModeDigest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.writer.file().with(|database| {
            let table = database.begin_read()?.open_table(MODULES)?;
            Ok(table.get(digest.as_str())?.map(|bytes| bytes.value().to_vec()))
        })?)
    }
}

fn read(database: &Database) -> Result<Remembered, StoreError> {
    let transaction = database.begin_read().map_err(redb::Error::from)?;
    let meta = transaction.open_table(META).map_err(redb::Error::from)?;
    let swarm = meta.get(tables::SWARM).map_err(redb::Error::from)?;
    let counter = meta.get(tables::COUNTER).map_err(redb::Error::from)?;
    Ok(Remembered {
        networks: records(&transaction, "networks", NETWORKS)?,
        endpoints: records(&transaction, "endpoints", ENDPOINTS)?,
        claims: records(&transaction, "claims", CLAIMS)?,
        addresses: addresses::read(&transaction.open_table(ADDRESSES).map_err(redb::Error::from)?)?,
        swarm: swarm.map(|bytes| record("meta", tables::SWARM, bytes.value())).transpose()?.unwrap_or_default(),
        counter: counter.and_then(|bytes| Some(u64::from_be_bytes(bytes.value().try_into().ok()?))),
    })
}

fn records<T: DeserializeOwned>(
    transaction: &redb::ReadTransaction,
    name: &'static str,
    table: tables::Table,
) -> Result<Vec<T>, StoreError> {
    let table = transaction.open_table(table).map_err(redb::Error::from)?;
    let mut records = Vec::new();
    for row in table.iter().map_err(redb::Error::from)? {
        let (key, value) = row.map_err(redb::Error::from)?;
        records.push(record(name, key.value(), value.value())?);
    }
    Ok(records)
}

fn record<T: DeserializeOwned>(table: &'static str, key: &str, bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|source| StoreError::Record { table, key: key.to_owned(), source })
}

#[cfg(test)]
mod tests;
