//! Builds the mode crates for WebAssembly and makes components of them.
//!
//! A cargo inside cargo: the outer one cannot build for two targets at once (artifact dependencies are not stable). The
//! inner one has a target directory of its own, so that the two never wait for each other's locks, and an environment
//! without the outer one's settings: flags for the driver's target, clippy's wrapper and a profile's overrides are not
//! for the modes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use anyhow::{Context, Result, ensure};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "mode";

/// The crates, each with the name of its mode.
const MODES: [(&str, &str); 4] =
    [("mode-flat", "flat"), ("mode-nat", "nat"), ("mode-ovn", "ovn"), ("mode-vlan", "vlan")];

/// What the modes are made of, besides the host crate that makes the components: cargo knows about that one.
const SOURCES: [&str; 16] = [
    "Cargo.toml",
    "Cargo.lock",
    "wit",
    "guest-modes",
    "modes/flat.wasm-src/Cargo.toml",
    "modes/flat.wasm-src/mode.toml",
    "modes/flat.wasm-src/src",
    "modes/nat.wasm-src/Cargo.toml",
    "modes/nat.wasm-src/mode.toml",
    "modes/nat.wasm-src/src",
    "modes/ovn.wasm-src/Cargo.toml",
    "modes/ovn.wasm-src/mode.toml",
    "modes/ovn.wasm-src/src",
    "modes/vlan.wasm-src/Cargo.toml",
    "modes/vlan.wasm-src/mode.toml",
    "modes/vlan.wasm-src/src",
];

fn main() -> ExitCode {
    let Err(error) = embed() else { return ExitCode::SUCCESS };
    for line in format!("{error:#}").lines() {
        println!("cargo::error={line}");
    }
    ExitCode::FAILURE
}

fn embed() -> Result<()> {
    let root = root()?;
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR is not set: this runs under cargo only")?);
    check_target()?;
    let built = build(&root, &target_directory(&out))?;
    for (package, mode) in MODES {
        let module = built.join(package.replace('-', "_")).with_extension("wasm");
        let module = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
        let component = component::componentize(&module).with_context(|| format!("mode {mode}"))?;
        fs::write(out.join(mode).with_extension("wasm"), component)?;
    }
    Ok(())
}

/// Of the checkout that is being built. Asked when this runs: checkouts that share a target directory share this program.
fn root() -> Result<PathBuf> {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").context("CARGO_MANIFEST_DIR is not set: this runs under cargo only")?;
    let root = Path::new(&here).join("../..");
    root.canonicalize().with_context(|| format!("cannot find the workspace at {}", root.display()))
}

/// Without the target's standard library rustc fails with "can't find crate for `core`", once a crate.
fn check_target() -> Result<()> {
    let rustc = env::var_os("RUSTC").context("RUSTC is not set: this runs under cargo only")?;
    let printed = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output()?;
    let libraries = String::from_utf8(printed.stdout)?;
    ensure!(
        printed.status.success() && Path::new(libraries.trim()).is_dir(),
        "the built-in modes are WebAssembly, and this Rust toolchain has no {TARGET} target. Add it with\n\
         rustup target add {TARGET}"
    );
    Ok(())
}

/// Below cargo's own target directory, so that debug and release builds of the driver share the modes. Cargo marks that
/// directory with a tag; without one the build script's own directory has to do.
fn target_directory(out: &Path) -> PathBuf {
    let tagged = out.ancestors().find(|directory| directory.join("CACHEDIR.TAG").is_file());
    tagged.unwrap_or(out).join("modes")
}

/// Runs the inner cargo and returns the directory with what it built.
fn build(root: &Path, target: &Path) -> Result<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").context("CARGO is not set: this runs under cargo only")?);
    cargo.current_dir(root).args(["build", "--locked", "--profile", PROFILE, "--target", TARGET]).arg("--target-dir");
    cargo.arg(target).args(MODES.iter().flat_map(|(package, _)| ["--package", package]));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_the_outer_builds)) {
        cargo.env_remove(name);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", remapped(root)?);
    let status = cargo.status().context("cannot run cargo")?;
    ensure!(status.success(), "the built-in modes do not build: what cargo said stands above");
    Ok(target.join(TARGET).join(PROFILE))
}

/// Whether a variable says how the driver is built, and not where cargo finds things.
fn is_the_outer_builds(name: &str) -> bool {
    const FLAGS: [&str; 5] = ["RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_LINKER"];
    const CARGO: [&str; 7] = ["BUILD_", "CFG_", "ENCODED_", "FEATURE_", "PROFILE_", "TARGET_", "UNSTABLE_"];
    let cargos = name.strip_prefix("CARGO_").is_some_and(|rest| CARGO.iter().any(|prefix| rest.starts_with(prefix)));
    FLAGS.contains(&name) || cargos
}

/// Panic messages hold paths. Without those of this machine the same sources give the same modules everywhere, and a
/// mode's digest says what it was made of.
fn remapped(root: &Path) -> Result<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let home = home.context("neither CARGO_HOME nor HOME is set")?;
    let flags = [(home.as_path(), "/cargo"), (root, "/docker-ovs")]
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    Ok(flags.join("\u{1f}"))
}
