//! What `docs/writing-modes.md` and the README say of modes, done: files written, commands run, at a desk and on a host.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use lab::{Docker, World};

use crate::desk::{folder, run};

const GUIDE: &str = include_str!("../../../../docs/writing-modes.md");
const README: &str = include_str!("../../../../README.md");
const DESK: &str = "\n## On your desk\n";
const HOST: &str = "\n## On a host\n";

/// What a page has between fences: what it is, and its lines.
struct Block {
    what: String,
    text: String,
}

/// The blocks of a section, up to the next one of its kind.
fn blocks(page: &str, heading: &str) -> Vec<Block> {
    let section = page.split_once(heading).unwrap_or_else(|| panic!("no section {heading}")).1;
    let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
    let fences = section.split("\n```").skip(1).step_by(2).map(|block| {
        let (what, text) = block.split_once('\n').expect("a fence ends its line");
        Block { what: what.to_owned(), text: text.to_owned() + "\n" }
    });
    let blocks: Vec<_> = fences.collect();
    assert!(!blocks.is_empty(), "nothing is done in {heading}");
    blocks
}

/// Where projects are written: one that is there already goes.
fn desk(project: &str) -> PathBuf {
    let desk = folder("guide");
    fs::create_dir_all(desk.join("built")).expect("a folder can be made");
    let _ = fs::remove_dir_all(desk.join(project));
    desk
}

/// Does what a page says at a desk, in the project of that name.
fn at_the_desk(desk: &Path, blocks: &[Block], project: &str) {
    let (first, then) = blocks.split_first().expect("something is done");
    run(desk, &first.text);
    let project = desk.join(project);
    // What was built for one project serves the others, and the next run.
    symlink("../built", project.join("target")).expect("the project has no such folder yet");
    for Block { what, text } in then {
        match what.split_once(' ') {
            Some((_, file)) => fs::write(project.join(file), text).expect("the file can be written"),
            None => drop(run(&project, text)),
        }
    }
}

/// Does what a page says on a host; nothing is left of it.
fn on_a_host(desk: &Path, blocks: &[Block], project: &str) {
    let mut world = World::new();
    let mut host = world.docker_host(Docker::Newest);
    host.start_driver();
    host.sh("docker tag lab busybox && mkdir -p /etc/docker-ovs/modes.d");
    let before = host.snapshot();
    for Block { what, text } in blocks {
        let script = format!("cd {} && {text}", desk.join(project).display());
        match what.as_str() {
            "sh" | "sh host" => drop(host.sh(&format!("set -e\n{script}"))),
            "sh fails" => assert!(host.fails(&script).contains("green"), "what is wrong is named"),
            other => panic!("nobody knows what to do on a host with {other}"),
        }
    }
    host.returns_to(&before);
}

#[test]
fn what_the_guide_for_authors_says_is_so() {
    let desk = desk("team");
    at_the_desk(&desk, &blocks(GUIDE, DESK), "team");
    on_a_host(&desk, &blocks(GUIDE, HOST), "team");
}

#[test]
fn what_the_readme_says_of_modes_is_so() {
    let desk = desk("lab");
    let blocks = blocks(README, "\n## A mode of your own\n");
    let (mut host, first): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|block| block.what == "sh host");
    host.push(Block { what: "sh".to_owned(), text: "docker network rm team && docker-ovs mode rm lab".to_owned() });
    at_the_desk(&desk, &first, "lab");
    on_a_host(&desk, &host, "lab");
}
