//! What `docs/writing-modes.md` and the README say of modes, done: files written, commands run, at a desk and on a host.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use lab::{Docker, World};

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
    let mut fences = section.split("\n```").skip(1).step_by(2).map(|block| {
        let (what, text) = block.split_once('\n').expect("a fence ends its line");
        Block { what: what.to_owned(), text: text.to_owned() + "\n" }
    });
    let blocks: Vec<_> = fences.by_ref().collect();
    assert!(!blocks.is_empty(), "nothing is done in {heading}");
    blocks
}

/// A folder below the checkout's `target`, which hosts of the lab see as well.
struct Desk {
    folder: PathBuf,
}

impl Desk {
    /// For a project of that name, which is not there yet.
    fn new(project: &str) -> Self {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("a checkout");
        let folder = checkout.join("target/guide");
        fs::create_dir_all(folder.join("built")).expect("a folder can be made");
        let _ = fs::remove_dir_all(folder.join(project));
        Self { folder }
    }

    /// What was built for one project serves the others, and the next run.
    fn share(&self, project: &str) {
        symlink("../built", self.folder.join(project).join("target")).expect("the project has no such folder yet");
    }

    /// Runs commands as its user would, without what the outer cargo has set.
    fn run(&self, place: &str, commands: &str) {
        let program = env::current_exe().expect("the running binary has a path");
        let programs = program.ancestors().nth(2).expect("it lies in the folder deps").display().to_string();
        let path = format!("{programs}:{}", env::var("PATH").expect("there is a PATH"));
        let mut command = Command::new("bash");
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_")) {
            if name != "CARGO_HOME" {
                command.env_remove(name);
            }
        }
        command.env_remove("CI").env("PATH", path).current_dir(self.folder.join(place));
        let output = command.args(["-euo", "pipefail", "-c", commands]).output().expect("bash runs");
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(output.status.success(), "{commands}\n{said}");
    }
}

/// Does what a page says at a desk, in the project of that name.
fn at_the_desk(desk: &Desk, blocks: &[Block], project: &str) {
    let (first, then) = blocks.split_first().expect("something is done");
    desk.run("", &first.text);
    desk.share(project);
    for Block { what, text } in then {
        match what.split_once(' ') {
            Some((_, file)) => fs::write(desk.folder.join(project).join(file), text).expect("the file can be written"),
            None => desk.run(project, text),
        }
    }
}

/// Does what a page says on a host; nothing is left of it.
fn on_a_host(desk: &Desk, blocks: &[Block], project: &str) {
    let mut world = World::new();
    let mut host = world.docker_host(Docker::Newest);
    host.start_driver();
    host.sh("docker tag lab busybox && mkdir -p /etc/docker-ovs/modes.d");
    let before = host.snapshot();
    for Block { what, text } in blocks {
        let script = format!("cd {} && {text}", desk.folder.join(project).display());
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
    let desk = Desk::new("team");
    at_the_desk(&desk, &blocks(GUIDE, DESK), "team");
    on_a_host(&desk, &blocks(GUIDE, HOST), "team");
}

#[test]
fn what_the_readme_says_of_modes_is_so() {
    let desk = Desk::new("lab");
    let blocks = blocks(README, "\n## A mode of your own\n");
    let (mut host, first): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|block| block.what == "sh host");
    host.push(Block { what: "sh".to_owned(), text: "docker network rm team && docker-ovs mode rm lab".to_owned() });
    at_the_desk(&desk, &first, "lab");
    on_a_host(&desk, &host, "lab");
}
