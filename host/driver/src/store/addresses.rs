//! What `ipam` remembers, in a table of its own.

use ipam::{Must, Record, Records, Writing, Written};
use redb::{ReadOnlyTable, ReadableTable};

use super::{Batch, Store, StoreError};

impl Records for Store {
    fn write(&self, records: Vec<Record>, must: Must) -> Writing<'_> {
        let named = |batch: Batch, (name, bytes): Record| batch.address(name, bytes);
        let batch = records.into_iter().fold(Batch::default(), named);
        Box::pin(async move {
            match must {
                Must::Now => Store::write(self, batch).await?,
                Must::InTheEnd => self.write_in_the_end(batch).await?,
            }
            Ok(())
        })
    }
}

/// All records, as they were written.
pub(super) fn read(table: &ReadOnlyTable<&'static str, &'static [u8]>) -> Result<Written, StoreError> {
    let mut records = Vec::new();
    for row in table.iter().map_err(redb::Error::from)? {
        let (name, bytes) = row.map_err(redb::Error::from)?;
        records.push((name.value().to_owned(), bytes.value().to_vec()));
    }
    Written::read(records).map_err(StoreError::Address)
}
