//! The tables: records are JSON, so that a newer driver reads an older one's and a person can read both.

use plan::InstanceId;
use redb::{Database, ReadableTable, TableDefinition};

use super::StoreError;

pub(super) type Table = TableDefinition<'static, &'static str, &'static [u8]>;

/// The instance id, the counter of names and the hosts of Docker's swarm.
pub(super) const META: Table = TableDefinition::new("meta");
/// Networks by id.
pub(super) const NETWORKS: Table = TableDefinition::new("networks");
/// Endpoints by id.
pub(super) const ENDPOINTS: Table = TableDefinition::new("endpoints");
/// Claims on shared objects, by object.
pub(super) const CLAIMS: Table = TableDefinition::new("claims");
/// What `ipam` remembers, by the names it gives.
pub(super) const ADDRESSES: Table = TableDefinition::new("addresses");
/// Module bytes by digest.
pub(super) const MODULES: Table = TableDefinition::new("modules");

pub(super) const COUNTER: &str = "counter";
/// The hosts of Docker's swarm.
pub(super) const SWARM: &str = "swarm";
const INSTANCE: &str = "instance";

/// Makes the tables and the instance id where they are not there yet.
pub(super) fn prepare(database: &Database) -> Result<InstanceId, StoreError> {
    let transaction = database.begin_write().map_err(redb::Error::from)?;
    for table in [NETWORKS, ENDPOINTS, CLAIMS, ADDRESSES, MODULES] {
        transaction.open_table(table).map_err(redb::Error::from)?;
    }
    let instance = {
        let mut meta = transaction.open_table(META).map_err(redb::Error::from)?;
        let stored = meta.get(INSTANCE).map_err(redb::Error::from)?.map(|bytes| bytes.value().to_vec());
        let text = match stored {
            Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            None => uuid::Uuid::new_v4().to_string(),
        };
        meta.insert(INSTANCE, text.as_bytes()).map_err(redb::Error::from)?;
        text
    };
    transaction.commit().map_err(redb::Error::from)?;
    InstanceId::new(instance.clone()).map_err(|_| StoreError::Record {
        table: "meta",
        key: INSTANCE.to_owned(),
        source: serde::de::Error::custom(format!("\"{instance}\" is no instance id")),
    })
}
