//! Embeds the examples: they are what `mode new` writes, with another name.
//!
//! A file of an example may be a link to one that it shares with others, or to where it comes from (the contract, the
//! SDK): what is embedded is what the link leads to. What an example's own `.gitignore` names is not part of it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const LANGUAGES: [&str; 4] = ["c", "js", "python", "rust"];

fn main() -> io::Result<()> {
    let variable = |name: &str| env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(name.to_owned()));
    let examples = variable("CARGO_MANIFEST_DIR")?.join("../../examples").canonicalize()?;
    let out = variable("OUT_DIR")?.join("examples");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for language in LANGUAGES {
        let mut files = BTreeMap::new();
        collect(&examples.join(language), "", &ignored(&examples.join(language))?, &mut files)?;
        let mut table = String::from("&[\n");
        for (name, from) in files {
            let to = out.join(language).join(&name);
            fs::create_dir_all(to.parent().unwrap_or(&out))?;
            fs::copy(from, to)?;
            let file = format!("concat!(env!(\"OUT_DIR\"), \"/examples/{language}/{name}\")");
            writeln!(table, "({name:?}, include_bytes!({file})),").map_err(io::Error::other)?;
        }
        table.push(']');
        fs::write(out.join(language).with_extension("rs"), table)?;
    }
    Ok(())
}

/// The names that `.gitignore` has, each on a line of its own.
fn ignored(example: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(example.join(".gitignore"))?;
    Ok(text.lines().map(|line| line.trim_matches('/').to_owned()).collect())
}

/// Finds the files below a directory, by their names relative to the example.
fn collect(directory: &Path, name: &str, ignored: &[String], files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", directory.canonicalize()?.display());
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let last = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if ignored.contains(&last) {
            continue;
        }
        let name = if name.is_empty() { last } else { format!("{name}/{last}") };
        if path.is_dir() {
            collect(&path, &name, ignored, files)?;
        } else {
            println!("cargo::rerun-if-changed={}", path.canonicalize()?.display());
            files.insert(name, path);
        }
    }
    Ok(())
}
