//! Where the lab finds what it runs.

use std::env;
use std::path::{Path, PathBuf};

/// The checkout: everything else is found from here.
pub(crate) fn repository() -> PathBuf {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR"));
    lab.ancestors().nth(2).expect("the lab is two folders below the checkout").to_path_buf()
}

/// A script that lies beside the lab's manifest.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A folder of unpacked packages, made by `fetch.sh`.
pub(crate) fn tree(name: &str) -> PathBuf {
    let tree = repository().join("target/lab").join(name);
    assert!(tree.join("usr").is_dir(), "lab: {} is not there: run `make lab`", tree.display());
    tree
}

/// A binary that cargo built next to the one that is running.
pub(crate) fn built(name: &str) -> PathBuf {
    let running = env::current_exe().expect("the running binary has a path");
    let folder = running.ancestors().find(|folder| folder.join(name).is_file());
    folder.unwrap_or_else(|| panic!("lab: {name} is not built: run `make build`")).join(name)
}

/// The driver under test: `DOCKER_OVS`, or the one that was built here, or none (for tests that need none).
pub(crate) fn driver() -> Option<PathBuf> {
    if let Some(path) = env::var_os("DOCKER_OVS") {
        return Some(PathBuf::from(path));
    }
    let running = env::current_exe().expect("the running binary has a path");
    running.ancestors().map(|folder| folder.join("docker-ovs")).find(|path| path.is_file())
}

/// Where the drivers of all hosts keep machine code: they have the same modes, and to compile those is most of a start.
#[must_use]
pub fn machine_code() -> PathBuf {
    repository().join("target/lab/machine-code")
}

/// A statically linked busybox: the unpacked one, or the machine's if that made unpacking one needless.
pub(crate) fn busybox() -> PathBuf {
    let unpacked = tree("debian12").join("usr/bin/busybox");
    if unpacked.exists() { unpacked } else { PathBuf::from("/bin/busybox") }
}
