//! Where the tools of each language leave a module.

use std::path::{Path, PathBuf};

/// Where cargo builds for WebAssembly.
pub(super) const CARGO: &str = "target/wasm32-unknown-unknown";

/// The places of a mode's module: in its folder, and in the target folders of the workspaces that it may be a member of.
pub(super) fn places(folder: &Path, mode: &str) -> Vec<PathBuf> {
    let file = format!("{mode}.wasm");
    let own = ["", "build", "dist"].map(|place| folder.join(place).join(&file));
    let crates = [mode.replace('-', "_"), format!("mode_{}", mode.replace('-', "_"))];
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let above = absolute.ancestors().skip(1).map(|parent| parent.join(CARGO)).filter(|built| built.is_dir());
    let cargos = std::iter::once(folder.join(CARGO)).chain(above).flat_map(|built| {
        let built = ["release", "debug"].map(|profile| built.join(profile));
        built.into_iter().flat_map(|profile| crates.clone().map(|name| profile.join(name).with_extension("wasm")))
    });
    own.into_iter().chain(cargos).collect()
}

/// The file that was written last, of those that exist.
pub(super) fn newest(places: &[PathBuf]) -> Option<PathBuf> {
    let written = |place: &PathBuf| place.metadata().ok().filter(std::fs::Metadata::is_file)?.modified().ok();
    let found = places.iter().filter_map(|place| Some((written(place)?, place)));
    found.max_by_key(|(written, _)| *written).map(|(_, place)| place.clone())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn the_newest_module_is_taken_wherever_it_was_built() {
        let workspace = tempfile::tempdir().unwrap();
        let folder = workspace.path().join("modes/my-lab");
        let release = workspace.path().join(CARGO).join("release");
        fs::create_dir_all(folder.join("build")).unwrap();
        fs::create_dir_all(&release).unwrap();
        assert_eq!(newest(&places(&folder, "my-lab")), None);
        let files = [release.join("my_lab.wasm"), folder.join("build/my-lab.wasm"), release.join("mode_my_lab.wasm")];
        for (age, file) in (0..).zip(&files) {
            fs::write(file, b"").unwrap();
            let written = SystemTime::now() - Duration::from_secs(100 - 10 * age);
            fs::File::options().write(true).open(file).unwrap().set_modified(written).unwrap();
            let found = newest(&places(&folder, "my-lab")).unwrap();
            assert_eq!(found.canonicalize().unwrap(), file.canonicalize().unwrap());
        }
    }
}
