//! Both stores, with the same requests: what a network is promised does not depend on where its pool is kept.

mod again;
#[path = "../../../ovsdb/tests/it/support/certs.rs"]
mod certs;
mod cluster;
mod emptied;
mod missing;
mod northbound;
mod own;
mod racing;
mod requests;
mod same;
#[path = "../../../ovsdb/tests/it/support/server.rs"]
#[allow(dead_code, reason = "the tests of the client need more of it")]
mod server;
mod support;
mod tls;
