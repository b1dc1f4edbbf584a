//! `docs/options.md` says what the built-in modes' manifests say: it is written from them. `BLESS=1 cargo test` writes it
//! anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::{env, fs};

use mode_tools::document;
use policy::{BuiltIn, Catalog, Compiler, Limits, Sandbox};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/options.md");

const HEAD: &str = "\
# Options

The same names everywhere: `--opt` on `docker network create`, `driver_opts` in Compose, and `--driver-opt` on
`docker network connect` for those of an endpoint. A key that nobody knows is refused with the nearest one that is known,
one of another mode with that mode's name. Other names are for scripts written for older plugins and for Docker's own drivers.

Docker's own keys (`com.docker.network.*`) grow with its releases, so those that no mode here has are not refused. On a network
`com.docker.network.container_iface_prefix` is heeded, and newer Dockers act on `com.docker.network.enable_ipv4` and
`com.docker.network.enable_ipv6`; every other one is ignored, which the driver's log (a warning) and
`docker-ovs network inspect` (`ignored`) say. On an endpoint `com.docker.network.bridge.*` and `com.docker.network.driver.*` are
read as on a network; its other keys of that form Docker sends by itself and acts on by itself, but for
`com.docker.network.endpoint.ifname`.

Every network has one more: `mode` (also `net.gopher.ovs.bridge.mode` and `ovs.bridge.mode`), the mode that plans it. Without
it, it is the configuration's `default_mode`.

This page is written from the modes' manifests by `BLESS=1 cargo test -p docker-ovs --test options_page`;
`docker-ovs mode doc` prints one about any mode, those of a site too.
";

#[test]
fn the_page_says_what_the_manifests_say() {
    let page = page();
    if env::var_os("BLESS").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(written == page, "docs/options.md is out of date: BLESS=1 cargo test -p docker-ovs --test options_page");
}

fn page() -> String {
    let sandbox = Sandbox::new(Limits::default(), Compiler::default()).unwrap();
    let built_in = builtin_modes::builtin().map(|(name, wasm)| BuiltIn { name, wasm });
    let (catalog, _) = Catalog::open(sandbox, &built_in, None, &BTreeMap::new());
    let section = |name: &str| {
        let manifest = catalog.manifest(name).expect("a built-in mode has a manifest");
        format!("\n{}", document::section(name, &manifest))
    };
    [HEAD.to_owned()].into_iter().chain(built_in.map(|mode| section(mode.name))).collect()
}
