//! Opening what the driver remembers: the plumbing wants its instance id before there is a driver.

use std::fs;
use std::path::Path;

use plan::InstanceId;

use crate::store::{Remembered, Store, StoreError};

/// The opened store and all it held.
#[derive(Debug)]
pub struct Memory {
    pub(crate) store: Store,
    pub(crate) remembered: Remembered,
    pub(crate) boot: String,
}

impl Memory {
    /// Opens the store in the state directory, made (0700) if it is not there.
    ///
    /// # Errors
    ///
    /// Where the directory or the store cannot be made or read, or another driver has it open.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let (store, remembered) = Store::open(directory)?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned();
        Ok(Self { store, remembered, boot })
    }

    /// The random id of this state directory: part of the mark on everything the driver makes.
    #[must_use]
    pub fn instance(&self) -> &InstanceId {
        self.store.instance()
    }
}
