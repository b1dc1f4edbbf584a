//! What a user gave in confidence is shown to nobody, and is not forgotten either.

use std::fs;

use admin::Operations;
use docker_api::NetworkDriver;
use libtest_mimic::Trial;

use crate::house::{ENDPOINT, House, NETWORK, context, endpoint};
use crate::test;
use crate::upgrades::{ISOLATED, lab, look, upgrade};

pub(crate) fn all() -> Vec<Trial> {
    vec![
        test("a secret is in the store, and in nothing that is shown", shown),
        test("a secret is left out of records, which pass all the same", recorded),
        test("a wrong secret is not told", wrong),
        test("a secret stays one in an upgrade, whatever the new module says of it", upgraded),
        test("a secret stays one, whatever the new module takes it for", otherwise),
    ]
}

const SECRET: &str = "open sesame";
const OF_ENDPOINT: &str = "let me in, please";

/// An option of mode nat that it does nothing with.
const TOKEN: (&str, &str) = (
    "[[options]]",
    "[[options]]\nkey = \"token\"\ntype = \"text\"\nsecret = true\nscope = \"both\"\nhelp = \"opens\"\n\n[[options]]",
);
const PUBLIC: (&str, &str) = ("secret = true\n", "");

async fn joined() -> House {
    let house = House::with(&[lab("0.1.0", &[TOKEN])]).await;
    house.create(&[("mode", "lab"), ("token", SECRET)]).await.unwrap();
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.driver.insert("token".to_owned(), OF_ENDPOINT.to_owned());
    house.driver.create_endpoint(context(), request).await.unwrap();
    house.join(ENDPOINT).await.unwrap();
    house
}

/// All that operators are shown of the network.
async fn said(house: &House) -> String {
    let (driver, network) = (&house.driver, || NETWORK.parse().unwrap());
    let explained = driver.explain(network(), Some(ENDPOINT.parse().unwrap())).await.unwrap();
    let networks = driver.networks().await.unwrap();
    let modes = driver.modes().await.unwrap();
    serde_json::to_string(&(house.inspect().await, explained, networks, modes)).unwrap()
}

fn has(text: &str) -> bool {
    text.contains(SECRET) || text.contains(OF_ENDPOINT)
}

async fn shown() {
    let house = joined().await;
    let said = said(&house).await;
    assert!(!has(&said) && said.matches("\"token\":\"(secret)\"").count() == 2, "{said}");
    let store = fs::read(house.directory().join("docker-ovs.redb")).unwrap();
    let stored = |text: &str| store.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(stored(SECRET) && stored(OF_ENDPOINT), "an upgrade asks with them again");
    let house = house.restart().await;
    assert!(!has(&self::said(&house).await));
}

async fn recorded() {
    let house = joined().await;
    for (name, text) in crate::records::tested(&house, lab("0.1.0", &[TOKEN]), 2).await {
        assert!(!has(&text) && text.contains("token = \"(secret)\""), "{name}: {text}");
        assert!(
            text.contains("# What was given for token is secret, and left out: \"(secret)\" stands for it."),
            "{text}"
        );
    }
}

async fn wrong() {
    let house = House::with(&[lab("0.1.0", &[TOKEN])]).await;
    let refused = house.create(&[("mode", "lab"), ("token", "sesame")]).await.unwrap_err().to_string();
    assert!(refused.contains("a text of 8 to 1024 bytes") && !refused.contains("sesame"), "{refused}");
}

async fn upgraded() {
    let mut house = joined().await;
    house.has_now(&[lab("0.2.0", &[TOKEN, PUBLIC, ISOLATED])], &[]);
    let shown = serde_json::to_string(&look(&house).await.unwrap()).unwrap();
    assert!(shown.contains("\"icc\"") && !has(&shown), "{shown}");
    upgrade(&house).await.unwrap();
    assert!(!has(&said(&house).await));

    house.remove(ENDPOINT).await;
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.driver.insert("token".to_owned(), OF_ENDPOINT.to_owned());
    house.driver.create_endpoint(context(), request).await.unwrap();
    for (name, text) in crate::records::written(&house, 5).await {
        assert!(!has(&text) && text.contains("token = \"(secret)\""), "{name}: {text}");
    }
}

/// Another module takes it for what it puts into its plan, and for a number.
async fn otherwise() {
    const NAME: &str = "opensesame";
    const GONE: (&str, &str) = (
        "key = \"token\"\ntype = \"text\"\nsecret = true\nscope = \"both\"",
        "key = \"ticket\"\ntype = \"text\"\nscope = \"network\"",
    );
    const TAKEN: (&str, &str) =
        ("\"com.docker.network.endpoint.ifname\"", "\"com.docker.network.endpoint.ifname\", \"token\"");
    const NUMBER: (&str, &str) =
        ("key = \"token\"\ntype = \"text\"\nsecret = true", "key = \"token\"\ntype = \"integer\"");
    let mut house = House::with(&[lab("0.1.0", &[TOKEN])]).await;
    house.create(&[("mode", "lab")]).await.unwrap();
    let mut request = endpoint(ENDPOINT, "10.9.0.2/24");
    request.options.driver.insert("token".to_owned(), NAME.to_owned());
    house.driver.create_endpoint(context(), request).await.unwrap();
    for (replaced, words) in [(&[TOKEN, GONE, TAKEN][..], "ifname is secret"), (&[TOKEN, NUMBER], "which is secret")] {
        house.has_now(&[lab("0.2.0", replaced)], &[]);
        let failure = look(&house).await.unwrap_err();
        assert!(failure.message.contains(words) && !failure.message.contains(NAME), "{failure}");
    }
}
