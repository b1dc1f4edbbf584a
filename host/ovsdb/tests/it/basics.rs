//! Rows go in and come back.

use crate::support::{Server, connected, everything, soon};
use ovsdb::{Insert, Transaction};

#[tokio::test]
async fn a_row_goes_in_and_shows_in_the_copy() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let insert = Transaction::new("Test").insert(Insert::into("Thing").set("name", "one"));
    let results = client.transact(insert, soon()).await.unwrap();
    let uuid = results[0].inserted().unwrap();
    let snapshot = client.snapshot();
    assert_eq!(snapshot.row("Thing", uuid).unwrap().get::<&str>("name"), Ok("one"));
    assert_eq!(snapshot.find("Thing", "name", "one").unwrap().uuid(), uuid);
}
