//! `docs/options.md` says what the built-in modes' manifests say: it is written from them. `BLESS=1 cargo test` writes it
//! anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs};

use policy::{BuiltIn, Catalog, Compiler, Limits, Manifest, OptionKind, OptionSpec, Sandbox, Scope};

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

This page is written from the modes' manifests by `BLESS=1 cargo test -p docker-ovs --test options_page`.
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
    let mut page = HEAD.to_owned();
    for BuiltIn { name, .. } in built_in {
        describe(&mut page, &catalog.manifest(name).expect("a built-in mode has a manifest"));
    }
    page
}

fn describe(page: &mut String, manifest: &Manifest) {
    write!(page, "\n## Mode {}: {}\n\n", manifest.name, manifest.summary).unwrap();
    page.push_str("| option | on | value | default | meaning | other names |\n|---|---|---|---|---|---|\n");
    for option in &manifest.options {
        row(page, option);
    }
}

fn row(page: &mut String, option: &OptionSpec) {
    let scope = match option.scope {
        Scope::Network => "network",
        Scope::Endpoint => "endpoint",
        Scope::Both => "both",
    };
    let default = option.default.as_ref().map(|value| format!("`{value}`")).unwrap_or_default();
    let aliases = option.aliases.iter().map(alias).collect::<Vec<_>>().join(", ");
    let cells =
        [format!("`{}`", option.key), scope.to_owned(), kind(&option.kind), default, option.help.clone(), aliases];
    writeln!(page, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")).unwrap();
}

fn kind(kind: &OptionKind) -> String {
    match kind {
        OptionKind::Text { choices } if choices.is_empty() => "text".to_owned(),
        OptionKind::Text { choices } => choices.join(", "),
        OptionKind::Integer { minimum: i64::MIN, maximum: i64::MAX } => "number".to_owned(),
        OptionKind::Integer { minimum, maximum } => format!("{minimum} to {maximum}"),
        OptionKind::Boolean => "true or false".to_owned(),
        OptionKind::Address => "address".to_owned(),
        OptionKind::Net => "address with prefix length".to_owned(),
        OptionKind::Mac => "MAC address".to_owned(),
        OptionKind::Texts => "list, by commas".to_owned(),
    }
}

fn alias((name, values): (&String, &BTreeMap<String, String>)) -> String {
    let translated = values.iter().map(|(theirs, ours)| format!("{theirs} is {ours}")).collect::<Vec<_>>();
    if translated.is_empty() { format!("`{name}`") } else { format!("`{name}` ({})", translated.join(", ")) }
}
