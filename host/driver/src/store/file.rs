//! The database's file. After a write that failed, redb does nothing more until it is closed and opened again, and leaves
//! that to its user: a full disk would otherwise end the driver's memory for good.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use redb::{Database, Error};

/// A database that is opened again after its file failed. One user at a time.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    /// Nothing since the file failed.
    database: Mutex<Option<Database>>,
}

impl File {
    pub(super) fn new(path: &Path, database: Database) -> Self {
        Self { path: path.to_owned(), database: Mutex::new(Some(database)) }
    }

    /// Does something with the database, which is opened if need be.
    pub(super) fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, Error>) -> Result<T, Error> {
        let mut slot = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let database = match slot.take() {
            Some(database) => database,
            None => Database::open(&self.path)?,
        };
        let result = work(&database);
        if !matches!(&result, Err(Error::Io(_) | Error::PreviousIo)) {
            *slot = Some(database);
        }
        result
    }
}
