//! What was written down earlier, read back.

use std::collections::BTreeMap;

use crate::id::Place;
use crate::owed::{Debt, OWED};
use crate::store::{self, Pools};
use crate::used::USED;

/// The records of an earlier process, understood.
#[derive(Debug, Default)]
pub struct Written {
    pub(crate) pools: Pools,
    pub(crate) given: Pools,
    pub(crate) debts: BTreeMap<String, Debt>,
    pub(crate) used: Option<String>,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct BadRecord {
    /// Its name.
    pub name: String,
    /// What does not fit.
    pub problem: String,
}

impl Written {
    /// Reads all of them.
    ///
    /// # Errors
    /// If one is broken, or of a driver that knows more.
    pub fn read(records: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, BadRecord> {
        let mut written = Self::default();
        for (name, bytes) in records {
            written.add(&name, &bytes).map_err(|problem| BadRecord { name, problem })?;
        }
        Ok(written)
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        if name == USED {
            self.used = Some(String::from_utf8_lossy(bytes).into_owned());
            return Ok(());
        }
        if store::read(Place::Own, &mut self.pools, name, bytes)?
            || store::read(Place::Northbound, &mut self.given, name, bytes)?
        {
            return Ok(());
        }
        if !name.starts_with(OWED) {
            return Err("it is neither of a pool nor of what is owed".to_owned());
        }
        let debt = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        self.debts.insert(name.to_owned(), debt);
        Ok(())
    }
}
