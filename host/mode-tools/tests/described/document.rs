//! Pages.

use std::collections::BTreeMap;
use std::process::Command;

use mode_tools::document;
use policy::{Checked, Limits, Manifest, Origin, Scope};

use crate::module::{LAB, bytes, edited, module};

/// The commands of a page.
fn commands(page: &str) -> Vec<Vec<String>> {
    let shell = page.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let words = |line: &str| {
        let output =
            Command::new("sh").arg("-c").arg(format!("for word in {line}; do echo \"$word\"; done")).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    };
    shell.lines().map(words).collect()
}

/// The options that a command gives with a flag.
fn given(command: &[String], flag: &str) -> BTreeMap<String, String> {
    let values = command.windows(2).filter(|pair| pair[0] == flag).map(|pair| pair[1].split_once('=').unwrap());
    values.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_page_says_what_its_readers_need() {
    let lab = module(LAB);
    let page = document::page(&lab);
    for words in [
        "# Mode lab\n\na segment for the lab\n",
        "docker network create -d ovs --opt mode=lab web\n",
        "docker network connect --driver-opt vlan=1400 web CONTAINER\n",
        "      mode: lab\n      mtu: \"1400\"\n",
        "| `mtu` | network | 68 to 9000 | `1500` | MTU of every link | `com.docker.network.driver.mtu`, `ovs.bridge.mtu` |\n",
        "| `ovs.bridge.userspace` (false is auto, true is netdev) |",
        "Docker sets a gateway address aside; the mode does without.\n",
        "| `uplink` | put host interfaces on a bridge |\n",
        "docker-ovs mode add lab.wasm --grant bridge --grant uplink\n",
        "| `uplink.mtu` | MTU of the interface",
        "Its refusals have one of these codes, besides a message: `no-uplink`.",
        &format!("[grants.lab]\ndigest = \"{}\"\nallow = [\"bridge\", \"uplink\"]\n", lab.digest()),
    ] {
        assert!(page.contains(words), "\"{words}\" is not in:\n{page}");
    }
}

#[test]
fn the_commands_of_a_page_are_taken() {
    let needs = edited("scope = \"both\"", "scope = \"both\"\nrequired = true")
        + "[[options]]\nkey = \"peer\"\ntype = \"net\"\nrequired = true\nhelp = \"where\"\n"
        + "[[options]]\nkey = \"token\"\ntype = \"text\"\nsecret = true\nrequired = true\nhelp = \"opens\"\n";
    for manifest in [LAB, &needs] {
        let lab = module(manifest);
        let (page, known) = (document::page(&lab), lab.manifest());
        for command in commands(&page) {
            let (flag, scope) = match command[2].as_str() {
                "create" => ("--opt", Scope::Network),
                "connect" => ("--driver-opt", Scope::Endpoint),
                other => panic!("{other}"),
            };
            let taken = known.options(scope, &given(&command, flag), &|_, _| None);
            assert!(taken.is_ok(), "{command:?}: {taken:?}");
        }
    }
}

#[test]
fn a_module_that_asks_for_nothing_has_a_short_page() {
    let plain = "name = \"lab\"\nversion = \"1\"\nsummary = \"plain\"\ncontract = \"1.0\"\n";
    let page = document::page(&module(plain));
    assert!(page.contains("## Options\n\nIt has none.\n") && page.contains("It asks for no other.\n"), "{page}");
    assert!(!page.contains("grant") && !page.contains("told about the host") && !page.contains("refusals"), "{page}");
    assert_eq!(commands(&page).len(), 1);
    let built_in = Checked::new("lab", Origin::BuiltIn, bytes(LAB).into(), &Limits::default()).unwrap();
    let page = document::page(&built_in);
    assert!(
        page.contains("It is built in, and has all of them unless `[grants.lab]`") && !page.contains("mode add"),
        "{page}"
    );
}

#[test]
fn what_a_stranger_wrote_is_text() {
    let hostile = edited("a segment for the lab", "<script>alert(1)</script> [here](https://example.org) `x`")
        .replace("MTU of every link", "| cell | <b>")
        .replace("[\"auto\", \"system\", \"netdev\"]", "[\"auto\", \"$(echo owned)\", \"netdev\", \"a'b\"]")
        .replace(
            "key = \"mtu\"\ntype = \"integer\"\nminimum = 68\nmaximum = 9000\ndefault = 1500",
            "key = \"mtu\"\ntype = \"address\"",
        );
    let page = document::page(&module(&hostile));
    assert!(page.contains("\\<script\\>") && page.contains("\\[here\\](") && page.contains("\\`x\\`"), "{page}");
    assert!(page.contains("\\| cell \\| \\<b\\>") && !page.contains("<script>"), "{page}");
    let create = commands(&page).remove(1);
    assert_eq!(given(&create, "--opt")["datapath"], "$(echo owned)", "one word, that no shell expands: {create:?}");
    assert!(page.contains("      datapath: \"$(echo owned)\"\n"), "{page}");
}

#[test]
fn a_section_is_the_table_under_a_heading() {
    let manifest = Manifest::parse(LAB.as_bytes()).unwrap();
    let section = document::section("lab", &manifest);
    assert!(section.starts_with("## Mode lab: a segment for the lab\n\n| option | on |"), "{section}");
    assert_eq!(section.lines().count(), 4 + manifest.options.len());
}
