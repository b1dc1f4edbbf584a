//! What a server says about a database in its own database, `_Server` (ovsdb-server(5)).

use crate::monitor::{MonitorSpec, TableSpec};
use crate::replica::Replica;
use crate::row::Row;
use crate::transaction::Condition;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

pub(crate) const DATABASE: &str = "_Server";
const TABLE: &str = "Database";

/// How far the copies of each cluster were known to be: a server that is behind would show old rows as new ones.
pub(crate) type SeenIndexes = HashMap<Uuid, i64>;

/// What to monitor to know about `database`.
pub(crate) fn spec(database: &str) -> MonitorSpec {
    let table = TableSpec::new(TABLE)
        .columns(["name", "model", "connected", "leader"])
        .optional_columns(["cid", "index"])
        .or_when(Condition::equal("name", database));
    MonitorSpec::database(DATABASE).table(table)
}

/// Why the server should not be used for the database now.
pub(crate) fn judge(server: &Replica, leader_only: bool, seen: &mut SeenIndexes) -> Result<(), &'static str> {
    let row = server.tables().get(TABLE).and_then(|table| table.rows().next().cloned());
    let row: Arc<Row> = row.ok_or("the server does not have the database")?;
    let flag = |column: &str| row.get(column).unwrap_or(false);
    if row.get("model").unwrap_or("standalone") == "standalone" {
        return Ok(());
    }
    if !flag("connected") {
        return Err("the server is out of touch with its cluster");
    }
    if leader_only && !flag("leader") {
        return Err("the server is not the leader of its cluster");
    }
    let cluster: Option<Uuid> = row.get("cid").unwrap_or(None);
    let index: Option<i64> = row.get("index").unwrap_or(None);
    let Some((cluster, index)) = cluster.zip(index) else { return Ok(()) };
    let known = seen.entry(cluster).or_insert(index);
    if index < *known {
        return Err("the server is behind what was seen before");
    }
    *known = index;
    Ok(())
}
