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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::{Layout, Notation};
    use crate::schema::Schema;
    use serde_json::{Value as Json, json};

    /// What a server with this row of its own database would say.
    fn server(row: Option<Json>) -> Replica {
        let columns = json!({
            "name": {"type": "string"}, "model": {"type": "string"},
            "connected": {"type": "boolean"}, "leader": {"type": "boolean"},
            "cid": {"type": {"key": "uuid", "min": 0}}, "index": {"type": {"key": "integer", "min": 0}},
        });
        let schema = json!({"name": DATABASE, "tables": {TABLE: {"columns": columns}}});
        let schema: Schema = serde_json::from_value(schema).unwrap();
        let spec = spec("Test");
        let mut replica = Replica::empty(&spec);
        let rows = row.map(|row| json!({TABLE: {Uuid::nil().to_string(): {"initial": row}}})).unwrap_or(json!({}));
        let layouts = Layout::of_monitor(&spec, &schema).unwrap();
        replica.apply(&layouts, Notation::Difference, &rows).unwrap();
        replica
    }

    fn member(leader: bool, cluster: Uuid, index: i64) -> Replica {
        let cluster = json!(["uuid", cluster]);
        let row = json!({"model": "clustered", "connected": true, "leader": leader, "cid": cluster, "index": index});
        server(Some(row))
    }

    #[test]
    fn a_standalone_server_is_good_and_one_without_the_database_is_not() {
        let mut seen = SeenIndexes::new();
        assert_eq!(judge(&server(Some(json!({"model": "standalone"}))), true, &mut seen), Ok(()));
        assert!(judge(&server(None), true, &mut seen).unwrap_err().contains("does not have"));
    }

    #[test]
    fn a_member_must_be_connected_and_lead_if_that_is_wanted() {
        let mut seen = SeenIndexes::new();
        let lost = server(Some(json!({"model": "clustered", "leader": true})));
        assert!(judge(&lost, false, &mut seen).unwrap_err().contains("out of touch"));
        let follower = member(false, Uuid::max(), 1);
        assert!(judge(&follower, true, &mut seen).unwrap_err().contains("not the leader"));
        assert_eq!(judge(&follower, false, &mut seen), Ok(()));
    }

    #[test]
    fn a_member_must_not_be_behind_what_its_cluster_was_seen_at() {
        let mut seen = SeenIndexes::new();
        assert_eq!(judge(&member(true, Uuid::max(), 7), true, &mut seen), Ok(()));
        assert!(judge(&member(true, Uuid::max(), 6), true, &mut seen).unwrap_err().contains("behind"));
        assert_eq!(judge(&member(true, Uuid::max(), 8), true, &mut seen), Ok(()));
        assert_eq!(judge(&member(true, Uuid::new_v4(), 1), true, &mut seen), Ok(()), "another cluster counts anew");
    }
}
