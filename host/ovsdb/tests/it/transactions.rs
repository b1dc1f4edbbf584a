//! Every operation, and every place where one can fail.

use crate::support::{Server, connected, everything, soon, tool};
use ovsdb::{
    Atom, Client, Condition, Delete, Error, Function, Insert, Mutate, Mutator, OpResult, Position, Select, Transaction,
    Update, Value, Wait,
};
use std::time::Duration;
use uuid::Uuid;

fn transaction() -> Transaction {
    Transaction::new("Test")
}

async fn client() -> (Server, Client) {
    let server = Server::start();
    let client = connected(server.options(), everything()).await;
    (server, client)
}

async fn insert(client: &Client, name: &str, count: i64) -> Uuid {
    let insert = Insert::into("Thing").set("name", name).set("count", count);
    client.transact(transaction().insert(insert), soon()).await.unwrap()[0].inserted().unwrap()
}

async fn refused(client: &Client, transaction: Transaction) -> Error {
    client.transact(transaction, soon()).await.unwrap_err()
}

#[tokio::test]
async fn every_operation_answers_at_its_index() {
    let (server, client) = client().await;
    let old = insert(&client, "old", 1).await;
    let all = transaction()
        .comment("all of them")
        .wait(Wait::row_exists("Thing", old))
        .insert(Insert::into("Part").uuid_name("part").set("name", "part"))
        .insert(Insert::into("Thing").set("name", "new").set("parts", Atom::named("part")))
        .update(Update::row("Thing", old).set("count", 2))
        .mutate(Mutate::row("Thing", old).add("count", 3))
        .select(Select::row("Thing", old).columns(["count"]))
        .delete(Delete::row("Thing", old))
        .update(Update::row("Thing", old).set("count", 9))
        .commit_durable();
    let results = client.transact(all, soon()).await.unwrap();
    assert_eq!(results.len(), 10);
    assert_eq!((&results[0], &results[1], &results[9]), (&OpResult::Done, &OpResult::Done, &OpResult::Done));
    let (part, new) = (results[2].inserted().unwrap(), results[3].inserted().unwrap());
    assert_eq!((results[4].count(), results[5].count()), (Some(1), Some(1)));
    assert_eq!(results[6].rows()[0].get::<i64>("count"), Ok(5));
    assert_eq!(results[6].rows()[0].uuid(), old);
    assert_eq!((results[7].count(), results[8].count()), (Some(1), Some(0)), "a count of zero is no error");
    let snapshot = client.snapshot();
    assert!(snapshot.row("Thing", old).is_none());
    assert_eq!(snapshot.row("Thing", new).unwrap().get::<Vec<Uuid>>("parts"), Ok(vec![part]));
    assert_eq!(snapshot.find("Thing", "parts", part).unwrap().uuid(), new, "found by a member of a set");
    assert!(tool(&["show-log".as_ref(), server.path("db").as_os_str()]).contains("all of them"));
}

#[tokio::test]
async fn an_error_names_the_operation_that_failed() {
    let (_server, client) = client().await;
    let good = || Insert::into("Thing").set("name", Uuid::new_v4().to_string());
    let bad = || Insert::into("Thing").set("nope", 1);
    for index in 0..3 {
        let mut transaction = transaction();
        for at in 0..3 {
            transaction = transaction.insert(if at == index { bad() } else { good() });
        }
        let error = refused(&client, transaction).await;
        let rejection = error.rejection().unwrap();
        let position = Position::Operation { index, name: "insert", table: Some("Thing".to_owned()) };
        assert_eq!((&rejection.position, rejection.error.as_str()), (&position, "unknown column"));
        assert_eq!(rejection.details.as_deref(), Some("No column nope in table Thing."));
        assert_eq!(rejection.syntax.as_deref(), Some(r#"{"nope":1}"#));
        assert!(!error.can_retry() && !error.is_duplicate() && !error.is_unknown());
    }
    assert_eq!(client.snapshot().rows("Thing").count(), 0, "all or nothing");
}

#[tokio::test]
async fn an_error_at_the_commit_is_the_element_after_the_last() {
    let (_server, client) = client().await;
    let twice = transaction()
        .insert(Insert::into("Thing").set("name", "same"))
        .insert(Insert::into("Thing").set("name", "same"));
    let error = refused(&client, twice).await;
    assert_eq!(error.rejection().unwrap().position, Position::Commit);
    assert!(error.is_duplicate());
    let text = error.to_string();
    assert!(
        text.starts_with("the commit on database Test was refused: constraint violation: Transaction causes"),
        "{text}"
    );
    let dangling = transaction().insert(Insert::into("Thing").set("name", "x").set("parts", Uuid::new_v4()));
    let error = refused(&client, dangling).await;
    let rejection = error.rejection().unwrap();
    assert_eq!((&rejection.position, rejection.error.as_str()), (&Position::Commit, "referential integrity violation"));
    assert!(!error.is_duplicate());
    assert_eq!(client.snapshot().rows("Thing").count(), 0);
}

#[tokio::test]
async fn a_request_for_an_unknown_database_is_refused_as_a_whole() {
    let (_server, client) = client().await;
    let error = refused(&client, Transaction::new("Nope").comment("hello")).await;
    let rejection = error.rejection().unwrap();
    assert_eq!((&rejection.position, rejection.error.as_str()), (&Position::Request, "unknown database"));
    assert_eq!(rejection.details.as_deref(), Some("transact request specifies unknown database Nope"));
}

#[tokio::test]
async fn a_constraint_of_a_value_is_no_duplicate() {
    let (_server, client) = client().await;
    let error = refused(&client, transaction().insert(Insert::into("Thing").set("limited", 11))).await;
    assert_eq!(error.rejection().unwrap().error, "constraint violation");
    assert!(!error.is_duplicate());
}

#[tokio::test]
async fn a_row_with_a_chosen_uuid_is_made_once() {
    let (_server, client) = client().await;
    let uuid = Uuid::new_v4();
    let insert = || transaction().insert(Insert::into("Thing").uuid(uuid).set("name", "mine"));
    assert_eq!(client.transact(insert(), soon()).await.unwrap()[0].inserted(), Some(uuid));
    let error = refused(&client, insert()).await;
    assert_eq!(error.rejection().unwrap().error, "duplicate uuid");
    assert!(error.is_duplicate() && !error.can_retry());
}

#[tokio::test]
async fn what_nobody_references_is_collected_at_the_commit() {
    let (_server, client) = client().await;
    let insert = transaction().insert(Insert::into("Part").set("name", "lonely"));
    let uuid = client.transact(insert, soon()).await.unwrap()[0].inserted().unwrap();
    assert!(client.snapshot().row("Part", uuid).is_none());
}

#[tokio::test]
async fn guards_hold_a_transaction_back() {
    let (_server, client) = client().await;
    let uuid = insert(&client, "a", 1).await;
    let name_is = |name: &str| Condition::equal("name", name);
    let passing = [
        Wait::row_exists("Thing", uuid),
        Wait::row_gone("Thing", Uuid::new_v4()),
        Wait::some_row("Thing", name_is("a")),
        Wait::no_row("Thing", name_is("b")),
        Wait::no_row("Thing", name_is("a")).and(Condition::equal("count", 2)),
        Wait::row_holds("Thing", uuid, [("name", Value::from("a")), ("count", Value::from(1))]),
        Wait::row_holds("Thing", uuid, [("count", 2)]).negate(),
        Wait::rows_are("Thing", Condition::not_equal("name", ""), [[("name", "a")]]),
    ];
    for wait in passing {
        client.transact(transaction().wait(wait.clone()), soon()).await.unwrap();
        let error = refused(&client, transaction().comment("first").wait(wait.negate()).comment("after")).await;
        assert!(error.is_guard_failed() && error.can_retry(), "{error}");
        assert!(matches!(error.rejection().unwrap().position, Position::Operation { index: 1, name: "wait", .. }));
    }
}

#[tokio::test]
async fn a_guard_with_a_timeout_waits_for_it_to_come_true() {
    let (_server, client) = client().await;
    let guard = Wait::some_row("Thing", Condition::equal("name", "late")).timeout(Duration::from_secs(30));
    let waiting = client.transact(transaction().wait(guard), soon());
    let (waited, inserted) = tokio::join!(waiting, insert(&client, "late", 0));
    assert_eq!(waited.unwrap(), [OpResult::Done]);
    assert!(client.snapshot().row("Thing", inserted).is_some());
}

#[tokio::test]
async fn a_rehearsal_is_aborted() {
    let (_server, client) = client().await;
    let error = refused(&client, transaction().insert(Insert::into("Thing").set("name", "no")).abort()).await;
    assert_eq!(error.rejection().unwrap().error, "aborted");
    assert!(client.snapshot().find("Thing", "name", "no").is_none());
}

#[tokio::test]
async fn mutations_are_done_in_order() {
    let (_server, client) = client().await;
    let uuid = insert(&client, "a", 10).await;
    let mutate = Mutate::row("Thing", uuid)
        .mutation("count", Mutator::Multiply, 3)
        .mutation("count", Mutator::Subtract, 2)
        .mutation("count", Mutator::Divide, 4)
        .mutation("count", Mutator::Modulo, 4)
        .insert("tags", Value::set(["x", "y", "z"]))
        .delete("tags", Value::set(["y", "unknown"]))
        .insert("labels", Value::map([("k", "first")]))
        .insert("labels", Value::map([("k", "ignored")]))
        .delete("labels", Value::map([("k", "wrong value")]));
    client.transact(transaction().mutate(mutate), soon()).await.unwrap();
    let row = client.snapshot().row("Thing", uuid).unwrap().clone();
    assert_eq!(row.get::<i64>("count"), Ok(3));
    assert_eq!(row.get::<Vec<&str>>("tags"), Ok(vec!["x", "z"]));
    assert_eq!(row.entry("labels", "k"), Some("first"), "an insert into a map does not overwrite");
    client
        .transact(transaction().mutate(Mutate::row("Thing", uuid).put("labels", "k", "second")), soon())
        .await
        .unwrap();
    assert_eq!(client.snapshot().row("Thing", uuid).unwrap().entry("labels", "k"), Some("second"));
}

#[tokio::test]
async fn many_rows_are_meant_only_when_it_is_said() {
    let (_server, client) = client().await;
    for count in 0..4 {
        insert(&client, &format!("n{count}"), count).await;
    }
    let many = transaction()
        .update(Update::every_row("Thing").set("on", true))
        .mutate(
            Mutate::matching("Thing", Condition::new("count", Function::Greater, 0))
                .and(Condition::new("count", Function::Less, 3))
                .add("count", 10),
        )
        .select(Select::matching("Thing", Condition::new("count", Function::GreaterOrEqual, 10)))
        .delete(Delete::matching("Thing", Condition::equal("name", "n0")).and(Condition::equal("on", true)))
        .select(Select::every_row("Thing").columns(["on"]));
    let results = client.transact(many, soon()).await.unwrap();
    assert_eq!((results[0].count(), results[1].count(), results[3].count()), (Some(4), Some(2), Some(1)));
    assert_eq!(results[2].rows().len(), 2);
    assert_eq!(results[4].rows().len(), 3, "rows that are equal in the asked columns are still told apart");
}

#[tokio::test]
async fn conditions_mean_the_same_here_and_there() {
    let (_server, client) = client().await;
    for count in -1..3_i64 {
        let tags: Vec<String> = (0..=count).map(|tag| format!("t{tag}")).collect();
        let labels = Value::map((0..=count).map(|label| (format!("k{label}"), format!("v{label}"))));
        let row = Insert::into("Thing").set("name", format!("n{count}")).set("count", count).set("tags", tags);
        let row = row.set("labels", labels).set("ratio", count as f64 / 2.0).set("nick", (count > 0).then_some("nick"));
        client.transact(transaction().insert(row), soon()).await.unwrap();
    }
    let numbers = [Function::Less, Function::LessOrEqual, Function::Greater, Function::GreaterOrEqual];
    let sets = [Function::Equal, Function::NotEqual, Function::Includes, Function::Excludes];
    let values: [(&str, Value); 10] = [
        ("count", 1.into()),
        ("ratio", 0.5.into()),
        ("ratio", 1.into()),
        ("tags", "t1".into()),
        ("tags", Value::set(["t0", "t1"])),
        ("tags", Value::empty()),
        ("labels", Value::map([("k0", "v0")])),
        ("labels", Value::empty_map()),
        ("nick", "nick".into()),
        ("nick", Value::empty()),
    ];
    for (column, value) in values {
        let ordered = matches!(column, "count" | "ratio");
        for function in sets.into_iter().chain(numbers.into_iter().filter(|_| ordered)) {
            let condition = Condition::new(column, function, value.clone());
            let select = transaction().select(Select::matching("Thing", condition.clone()));
            let results = client.transact(select, soon()).await.unwrap();
            let mut there: Vec<Uuid> = results[0].rows().iter().map(|row| row.uuid()).collect();
            let snapshot = client.snapshot();
            let mut here: Vec<Uuid> =
                snapshot.rows("Thing").filter(|row| condition.matches(row)).map(|row| row.uuid()).collect();
            there.sort();
            here.sort();
            assert_eq!(here, there, "{condition:?}");
        }
    }
}

#[tokio::test]
async fn what_no_server_could_read_is_not_sent() {
    let (_server, client) = client().await;
    let thing = || Insert::into("Thing");
    let malformed = [
        transaction().comment("fine").insert(thing().uuid_name("with-dash")),
        transaction().comment("fine").insert(thing().set("name", "nul\0")),
        transaction().comment("fine").insert(thing().set("ratio", f64::NAN)),
        transaction().comment("fine").update(Update::every_row("Thing").set("parts", Atom::named("1st"))),
        transaction().comment("fine").mutate(Mutate::every_row("Thing").add("ratio", f64::INFINITY)),
        transaction().comment("fine").assert_lock("with-dash"),
        transaction().comment("fine").wait(Wait::rows_are(
            "Thing",
            Condition::equal("name", "a"),
            [vec![("name", "a")], vec![("nick", "b")]],
        )),
    ];
    for transaction in malformed {
        let error = refused(&client, transaction).await;
        assert!(matches!(error, Error::Malformed { index: 1, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_thousand_transactions_at_once_all_get_their_own_answer() {
    let (_server, client) = client().await;
    let mut tasks = tokio::task::JoinSet::new();
    for count in 0..1000 {
        let client = client.clone();
        tasks.spawn(async move { (count, insert(&client, &format!("n{count}"), count).await) });
    }
    let inserted = tasks.join_all().await;
    let snapshot = client.snapshot();
    for (count, uuid) in inserted {
        assert_eq!(snapshot.row("Thing", uuid).unwrap().get::<i64>("count"), Ok(count));
    }
}

#[tokio::test]
async fn a_message_of_megabytes_goes_both_ways() {
    let (server, client) = client().await;
    let big: String = "x\"\\".repeat(1 << 20);
    let insert = transaction().insert(Insert::into("Thing").set("name", big.as_str()));
    let uuid = client.transact(insert, soon()).await.unwrap()[0].inserted().unwrap();
    let other = connected(server.options(), everything()).await;
    assert_eq!(other.snapshot().row("Thing", uuid).unwrap().get::<&str>("name"), Ok(big.as_str()));
}

#[tokio::test]
async fn the_schema_can_be_read() {
    let (_server, client) = client().await;
    let schema = client.schema().unwrap();
    assert_eq!((schema.name.as_str(), schema.version.as_str()), ("Test", "1.2.3"));
    assert!(schema.tables["Thing"].is_root && !schema.tables["Part"].is_root);
    assert!(schema.column("Thing", "seen").unwrap().ephemeral);
    assert_eq!(schema.column("Thing", "pair").unwrap().kind.max, Some(2));
    assert_eq!(schema.column("Thing", "tags").unwrap().kind.max, None);
    assert!(schema.column("Thing", "nope").is_none());
}
