//! Opening what the driver remembers: the plumbing wants its instance id before there is a driver.

use std::path::Path;
use std::sync::Arc;

use plan::InstanceId;

use crate::store::{Remembered, Store, StoreError};

/// The opened store and all it held.
#[derive(Debug)]
pub struct Memory {
    pub(crate) store: Arc<Store>,
    pub(crate) remembered: Remembered,
    pub(crate) boot: String,
}

impl Memory {
    /// Opens the store in the state directory, made (0700) if it is not there. `boot` is this boot's id
    /// (`/proc/sys/kernel/random/boot_id`): what was made in another one is gone.
    ///
    /// # Errors
    ///
    /// Where the directory or the store cannot be made or read, or another driver has it open.
    pub fn open(directory: &Path, boot: &str) -> Result<Self, StoreError> {
        let (store, remembered) = Store::open(directory)?;
        Ok(Self { store: Arc::new(store), remembered, boot: boot.to_owned() })
    }

    /// The random id of this state directory: part of the mark on everything the driver makes.
    #[must_use]
    pub fn instance(&self) -> &InstanceId {
        self.store.instance()
    }
}
