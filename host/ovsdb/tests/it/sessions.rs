//! Servers that go away, come back, hang, or talk nonsense.

use crate::support::{Meddle, Proxy, SCHEMA, Server, connected, everything, failure, soon, tool};
use ovsdb::{
    Changes, Client, ConnectError, Error, Event, Insert, Options, RowChange, Transaction, UnknownReason, Wait,
};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

fn insert(name: &str) -> Transaction {
    Transaction::new("Test").insert(Insert::into("Thing").set("name", name).set("seen", 5))
}

async fn next(changes: &mut Changes) -> Event {
    timeout(Duration::from_secs(30), changes.next()).await.expect("an event").expect("a client")
}

/// The events up to the end of the next resync.
async fn resync(changes: &mut Changes) -> Vec<RowChange> {
    assert!(matches!(next(changes).await, Event::Disconnected(_)));
    assert!(matches!(next(changes).await, Event::Connected(_)));
    let mut rows = Vec::new();
    loop {
        match next(changes).await {
            Event::Row(change) => rows.push(change),
            Event::Resynced => return rows,
            other => panic!("{other:?}"),
        }
    }
}

fn named<'a>(changes: &'a [RowChange], name: &str) -> &'a RowChange {
    let row = |change: &'a RowChange| change.after().or(change.before()).unwrap();
    changes
        .iter()
        .find(|change| row(change).get("name") == Ok(name))
        .unwrap_or_else(|| panic!("no {name}: {changes:?}"))
}

#[tokio::test]
async fn a_killed_server_comes_back_and_the_difference_is_told() {
    let mut server = Server::start();
    let client = connected(server.options(), everything()).await;
    for name in ["changes", "goes", "stays"] {
        client.transact(insert(name).commit_durable(), soon()).await.unwrap();
    }
    let stays = Transaction::new("Test")
        .update(ovsdb::Update::matching("Thing", ovsdb::Condition::equal("name", "stays")).set("seen", 0));
    client.transact(stays, soon()).await.unwrap();
    let mut changes = client.changes();
    server.kill();
    let offline = r#"["Test", {"op":"delete","table":"Thing","where":[["name","==","goes"]]},
                      {"op":"insert","table":"Thing","row":{"name":"comes"}}]"#;
    tool(&["transact".as_ref(), server.path("db").as_os_str(), offline.as_ref()]);
    server.restart();
    let told = resync(&mut changes).await;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(matches!(named(&told, "comes"), RowChange::Inserted { .. }));
    assert!(matches!(named(&told, "goes"), RowChange::Deleted { .. }));
    let RowChange::Modified { old, new, .. } = named(&told, "changes") else { panic!("{told:?}") };
    assert_eq!((old.get("seen"), new.get("seen")), (Ok(5), Ok(0)), "the server forgets ephemeral columns");
    client.transact(insert("afterwards"), soon()).await.unwrap();
}

#[tokio::test]
async fn a_database_made_anew_empties_the_copy() {
    let mut server = Server::start();
    let client = connected(server.options(), everything()).await;
    client.transact(insert("a"), soon()).await.unwrap();
    let mut changes = client.changes();
    server.kill();
    server.create_database(SCHEMA);
    server.restart();
    let told = resync(&mut changes).await;
    assert!(matches!(told.as_slice(), [RowChange::Deleted { .. }]), "{told:?}");
    assert_eq!(client.snapshot().rows("Thing").count(), 0);
}

#[tokio::test]
async fn a_database_taken_from_a_running_server_is_waited_for() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    client.transact(insert("a"), soon()).await.unwrap();
    let mut changes = client.changes();
    server.appctl(&["ovsdb-server/remove-db", "Test"]);
    let Event::Disconnected(cause) = next(&mut changes).await else { panic!("still connected") };
    assert!(matches!(*cause, ConnectError::Restart { .. } | ConnectError::Unsuitable { .. }), "{cause}");
    server.appctl(&["ovsdb-server/add-db", server.path("db").to_str().unwrap()]);
    assert!(matches!(next(&mut changes).await, Event::Connected(_)));
    let Event::Row(RowChange::Modified { .. }) = next(&mut changes).await else { panic!("no change") };
    assert!(matches!(next(&mut changes).await, Event::Resynced));
}

#[tokio::test]
async fn a_changed_schema_starts_the_session_again() {
    let server = Server::start();
    let spec = ovsdb::MonitorSpec::database("Test")
        .table(ovsdb::TableSpec::new("Thing").columns(["name"]).optional_columns(["fresh"]));
    let client = connected(server.options(), spec).await;
    let uuid = client.transact(insert("a"), soon()).await.unwrap()[0].inserted().unwrap();
    let mut changes = client.changes();
    let newer = SCHEMA.replacen(r#""count": {"#, r#""fresh": {"type": "string"}, "count": {"#, 1);
    std::fs::write(server.path("newer"), newer).unwrap();
    server.convert("newer");
    let told = resync(&mut changes).await;
    assert_eq!(told.len(), 1);
    assert_eq!(client.snapshot().row("Thing", uuid).unwrap().get("fresh"), Ok(""));
}

#[tokio::test]
async fn a_server_that_hangs_leaves_the_outcome_unknown() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    server.signal("STOP");
    let error = client.transact(insert("a"), Duration::from_millis(500)).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { reason: UnknownReason::NoReply, .. }), "{error}");
    assert!(error.is_unknown() && error.is_timeout() && !error.can_retry());
    server.signal("CONT");
    // The server had it, and did it.
    client.wait_until(|snapshot| snapshot.find("Thing", "name", "a").map(|_| ()), soon()).await.unwrap();
    client.transact(insert("b"), soon()).await.unwrap();
}

#[tokio::test]
async fn a_given_up_wait_is_cancelled() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let never = Wait::row_exists("Thing", Uuid::new_v4()).timeout(Duration::from_secs(3600));
    let waiting = || Transaction::new("Test").wait(never.clone());
    let error = client.transact(waiting(), Duration::from_millis(500)).await.unwrap_err();
    assert!(error.is_unknown(), "{error}");
    // A dropped future gives up, too.
    assert!(timeout(Duration::from_millis(500), client.transact(waiting(), soon())).await.is_err());
    client.transact(insert("a"), soon()).await.unwrap();
    assert!(
        server.appctl(&["memory/show"]).contains("triggers:0") || !server.appctl(&["memory/show"]).contains("triggers")
    );
}

#[tokio::test]
async fn a_lost_connection_leaves_the_outcome_unknown() {
    let mut server = Server::start();
    let proxy = Proxy::start(&server.path("sock"), Meddle { mute_after: Some("transact"), ..Meddle::default() });
    let client = connected(proxy.remote(), everything()).await;
    let mut changes = client.changes();
    let doing = client.transact(insert("a"), soon());
    let killing = async {
        sleep(Duration::from_millis(100)).await;
        server.kill();
    };
    let (error, ()) = tokio::join!(doing, killing);
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Unknown { reason: UnknownReason::Disconnected(_), .. }), "{error}");
    assert!(matches!(next(&mut changes).await, Event::Disconnected(_)));
}

#[tokio::test]
async fn what_is_said_not_to_be_sent_is_never_done() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    server.signal("STOP");
    let calls: Vec<_> = (0..12)
        .map(|number| {
            let big = format!("{number}:{}", "x".repeat(1 << 20));
            let client = client.clone();
            tokio::spawn(async move { client.transact(insert(&big), Duration::from_millis(500)).await.unwrap_err() })
        })
        .collect();
    let mut not_sent = 0;
    for (number, call) in calls.into_iter().enumerate() {
        match call.await.unwrap() {
            Error::NotSent { .. } => not_sent |= 1 << number,
            Error::Unknown { .. } => {}
            other => panic!("{other}"),
        }
    }
    assert_ne!(not_sent, 0, "a full connection takes no more calls");
    server.signal("CONT");
    client.transact(insert("last"), soon()).await.unwrap();
    for row in client.snapshot().rows("Thing") {
        let name: &str = row.get("name").unwrap();
        let number = name.split_once(':').and_then(|(number, _)| number.parse::<u32>().ok());
        assert!(number.is_none_or(|number| not_sent & (1 << number) == 0), "{number:?} was not sent, yet it is there");
    }
}

#[tokio::test]
async fn calls_wait_for_a_server_that_is_not_there_yet() {
    let mut server = Server::without_database();
    let client = Client::start(server.options(), everything()).unwrap();
    let error = client.transact(insert("early"), Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_not_connected() && error.can_retry() && error.is_timeout());
    assert!(!client.connected());
    let cause = failure(&client).await;
    assert!(cause.to_string().contains("No such file"), "{cause}");
    let vain = client.wait_until(|_| Some(()), Duration::from_millis(20)).await.unwrap_err();
    assert!(vain.is_not_connected(), "an empty copy is not shown as the truth: {vain}");
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.transact(insert("patient"), soon()).await }
    });
    server.create_database(SCHEMA);
    server.run(&[]);
    waiting.await.unwrap().unwrap();
    assert!(client.snapshot().find("Thing", "name", "early").is_none());
}

#[tokio::test]
async fn an_echo_is_answered_while_a_transaction_is_pending() {
    let server = Server::start();
    let proxy = Proxy::start(&server.path("sock"), Meddle::default());
    let client = connected(proxy.remote(), everything()).await;
    let guard = Wait::some_row("Thing", ovsdb::Condition::equal("name", "late")).timeout(Duration::from_secs(30));
    let pending = tokio::spawn({
        let client = client.clone();
        async move { client.transact(Transaction::new("Test").wait(guard), soon()).await }
    });
    while !proxy.methods().iter().any(|method| method == "transact") {
        sleep(Duration::from_millis(5)).await;
    }
    proxy.say(r#"{"id":"echo","method":"echo","params":["are you there?"]}"#);
    proxy.say(r#" {"id":[1],"method":"frobnicate","params":[]}"#);
    let answered = |id: &str, part: &str| proxy.methods().iter().any(|text| text.contains(id) && text.contains(part));
    while !answered(r#""id":"echo""#, r#""result":["are you there?"]"#) || !answered(r#""id":[1]"#, "unknown method") {
        sleep(Duration::from_millis(5)).await;
    }
    assert!(!pending.is_finished());
    client.transact(insert("late"), soon()).await.unwrap();
    pending.await.unwrap().unwrap();
}

#[tokio::test]
async fn nonsense_ends_the_session_and_a_new_one_begins() {
    let server = Server::start();
    let proxy = Proxy::start(&server.path("sock"), Meddle::default());
    let client = connected(proxy.remote(), everything()).await;
    client.transact(insert("a"), soon()).await.unwrap();
    let row = client.snapshot().find("Thing", "name", "a").unwrap().uuid();
    let unknown_row = format!(
        r#"{{"id":null,"method":"update3","params":["data","{row}",{{"Thing":{{"{}":{{"modify":{{}}}}}}}}]}}"#,
        Uuid::nil()
    );
    let nonsense = [
        ("}", "instead of an opening brace"),
        ("{\"a\" 1}", "not JSON"),
        (&"{\"a\":".repeat(200), "nested deeper"),
        (r#"{"id":99999,"result":[],"error":null}"#, "no request"),
        (r#"{"id":null,"method":"frobnicate","params":[]}"#, "unexpected notification"),
        (r#"{"id":null,"method":"update3","params":["data","x",{"Nope":{"x":{}}}]}"#, "not monitored"),
        (r#"{"id":null,"method":"update2","params":["who",{}]}"#, "unknown monitor"),
        (&unknown_row, "not in the copy"),
    ];
    for (text, complaint) in nonsense {
        let mut changes = client.changes();
        proxy.say(text);
        let Event::Disconnected(cause) = next(&mut changes).await else { panic!("{text} was taken") };
        assert!(matches!(*cause, ConnectError::Protocol { .. }) && cause.to_string().contains(complaint), "{cause}");
        client.wait_connected(soon()).await.unwrap();
        assert_eq!(client.snapshot().row("Thing", row).unwrap().get("name"), Ok("a"));
    }
}

#[tokio::test]
async fn a_copy_that_is_too_long_is_not_taken() {
    let server = Server::start();
    let writer = connected(server.options(), everything()).await;
    writer.transact(insert(&"x".repeat(1 << 20)), soon()).await.unwrap();
    let client = Client::start(Options { max_message: 1 << 19, ..server.options() }, everything()).unwrap();
    let cause = failure(&client).await;
    assert!(cause.to_string().contains("longer than 524288 bytes"), "{cause}");
}

#[tokio::test]
async fn a_silent_server_is_probed_and_left_but_not_on_a_unix_socket() {
    let mut server = Server::without_database();
    server.create_database(SCHEMA);
    server.run(&["--remote=ptcp:0:127.0.0.1"]);
    let probe = |remote| Options { probe_interval: Duration::from_millis(1500), ..Options::new([remote]) };
    let tcp = connected(probe(server.tcp_remote("tcp")), everything()).await;
    let unix = connected(probe(server.remote()), everything()).await;
    sleep(Duration::from_millis(3500)).await;
    assert_eq!(tcp.metrics().attempts, 1, "the server answers probes");
    let (mut tcp_changes, mut unix_changes) = (tcp.changes(), unix.changes());
    server.signal("STOP");
    let Event::Disconnected(cause) = next(&mut tcp_changes).await else { panic!("still connected") };
    assert!(matches!(*cause, ConnectError::Silent { .. }), "{cause}");
    assert!(unix.connected() && timeout(Duration::from_millis(50), unix_changes.next()).await.is_err());
    server.signal("CONT");
    tcp.wait_connected(soon()).await.unwrap();
}

#[tokio::test]
async fn an_attempt_to_connect_takes_limited_time() {
    let server = Server::start();
    server.signal("STOP");
    let options = Options { connect_timeout: Duration::from_millis(200), ..server.options() };
    let client = Client::start(options, everything()).unwrap();
    let cause = failure(&client).await;
    assert!(matches!(*cause, ConnectError::TooSlow { .. }), "{cause}");
    server.signal("CONT");
    client.wait_connected(soon()).await.unwrap();
}

#[tokio::test]
async fn the_connection_ends_with_the_last_client() {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    let other = client.clone();
    let sessions =
        |server: &Server| server.appctl(&["memory/show"]).split_whitespace().any(|word| word == "sessions:1");
    drop(client);
    other.transact(insert("a"), soon()).await.unwrap();
    assert!(sessions(&server));
    drop(other);
    while sessions(&server) {
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn locks_have_one_holder_and_are_asked_for_again() {
    let mut server = Server::start();
    let first = connected(server.options(), everything()).await;
    let second = connected(server.options(), everything()).await;
    let lock = first.lock("writer");
    lock.wait_held(soon()).await.unwrap();
    let waiting = second.lock("writer");
    let guarded = || insert(&Uuid::new_v4().to_string()).assert_lock("writer");
    first.transact(guarded(), soon()).await.unwrap();
    let error = second.transact(guarded(), soon()).await.unwrap_err();
    assert!(error.rejection().unwrap().is_lock_lost(), "{error}");
    assert!(waiting.wait_held(Duration::from_millis(20)).await.is_err() && !waiting.is_held());
    drop(lock);
    waiting.wait_held(soon()).await.unwrap();
    second.transact(guarded(), soon()).await.unwrap();
    let thief = first.steal_lock("writer");
    thief.wait_held(soon()).await.unwrap();
    while waiting.is_held() {
        sleep(Duration::from_millis(5)).await;
    }
    drop(waiting);
    server.kill();
    server.restart();
    first.transact(insert("back"), soon()).await.unwrap();
    thief.wait_held(soon()).await.unwrap();
    first.transact(guarded(), soon()).await.unwrap();
    assert_eq!(thief.name(), "writer");
}
