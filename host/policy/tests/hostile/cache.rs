//! Compiled modules on the disk: taken only as this driver left them, and compiled again otherwise.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use policy::{Cache, Compiler, Limits, LoadError, Question, Sandbox};
use tempfile::TempDir;

use crate::support::{load, module, network, with_section};

/// Bytes before the code: what it is, its key, its SHA-256.
const HEADER: usize = 80;

struct Kept {
    place: TempDir,
    limits: Limits,
}

impl Kept {
    fn new() -> Self {
        Self { place: tempfile::tempdir().unwrap(), limits: Limits::default() }
    }

    fn directory(&self) -> PathBuf {
        self.place.path().join("cache")
    }

    fn sandbox(&self, program: &str, worth: Duration) -> Sandbox {
        let compiler = Compiler { program: program.into(), arguments: Vec::new() };
        let cache = Cache { worth, ..Cache::new(self.directory()) };
        Sandbox::with_cache(self.limits.clone(), compiler, cache).unwrap()
    }

    /// One that keeps everything.
    fn compiling(&self) -> Sandbox {
        self.sandbox(env!("CARGO_BIN_EXE_policy-compiler"), Duration::ZERO)
    }

    /// One that has nothing but what is kept.
    fn without_compiler(&self) -> Sandbox {
        self.sandbox("/nonexistent/compiler", Duration::ZERO)
    }

    fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(self.directory()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// The only file.
    fn file(&self) -> PathBuf {
        let [file] = &self.files()[..] else { panic!("{:?}", self.files()) };
        file.clone()
    }

    async fn is_taken(&self, bytes: Vec<u8>) -> bool {
        match load(&self.without_compiler(), bytes).await {
            Ok(_) => true,
            Err(LoadError::Child(_)) => false,
            Err(other) => panic!("{other}"),
        }
    }

    /// Does something to what is kept, and checks that it is not taken then, but compiled, and kept anew.
    async fn spoil(&self, what: &str, spoil: impl FnOnce(&Path)) {
        load(&self.compiling(), module("good")).await.unwrap();
        assert!(self.is_taken(module("good")).await, "before: {what}");
        spoil(&self.file());
        assert!(!self.is_taken(module("good")).await, "{what}");
        load(&self.compiling(), module("good")).await.unwrap();
        assert!(self.is_taken(module("good")).await, "after: {what}");
    }
}

#[tokio::test]
async fn what_is_taken_is_no_longer_the_first_to_go() {
    let kept = Kept::new();
    load(&kept.compiling(), module("good")).await.unwrap();
    let (file, long_ago) = (kept.file(), SystemTime::now() - Duration::from_secs(3600));
    fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
    assert!(kept.is_taken(module("good")).await);
    let age = file.metadata().unwrap().modified().unwrap().elapsed().unwrap_or_default();
    assert!(age < Duration::from_secs(600), "{age:?}");
}

#[tokio::test]
async fn what_was_compiled_once_needs_no_compiler() {
    let kept = Kept::new();
    load(&kept.compiling(), module("good")).await.unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode(&kept.directory()), mode(&kept.file())), (0o700, 0o600));
    let sandbox = kept.without_compiler();
    let loaded = load(&sandbox, module("good")).await.unwrap();
    assert!(sandbox.ask(&loaded, Question::Network(network())).await.answer.is_ok());
    assert!(
        !kept.is_taken(with_section(module("good"), "version", b"another")).await,
        "another file is another module"
    );
}

#[tokio::test]
async fn what_compiles_fast_is_not_kept() {
    let kept = Kept::new();
    let slow = kept.sandbox(env!("CARGO_BIN_EXE_policy-compiler"), Duration::from_secs(3600));
    load(&slow, module("good")).await.unwrap();
    assert!(!kept.directory().exists(), "not even a directory is made");
    assert!(!kept.is_taken(module("good")).await);
}

#[tokio::test]
async fn a_module_that_breaks_when_it_is_tried_is_not_kept() {
    let kept = Kept::new();
    assert!(matches!(load(&kept.compiling(), module("loop-in-start")).await, Err(LoadError::Broken(_))));
    assert!(!kept.directory().exists());
}

#[tokio::test]
async fn what_was_cut_off_or_changed_is_compiled_again() {
    let kept = Kept::new();
    let cut = |length: usize| move |file: &Path| fs::write(file, &fs::read(file).unwrap()[..length]).unwrap();
    for length in [0, 1, HEADER - 1, HEADER, HEADER + 1000] {
        kept.spoil(&format!("cut to {length} bytes"), cut(length)).await;
    }
    kept.spoil("one byte less", |file| {
        let bytes = fs::read(file).unwrap();
        fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
    })
    .await;
    for at in [0, 20, 60, HEADER, HEADER + 4096] {
        kept.spoil(&format!("byte {at} changed"), |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes[at] ^= 1;
            fs::write(file, bytes).unwrap();
        })
        .await;
    }
}

#[tokio::test]
async fn what_somebody_else_may_have_put_there_is_compiled_again() {
    let kept = Kept::new();
    let elsewhere = kept.place.path().join("elsewhere");
    for mode in [0o666, 0o644, 0o602, 0o660, 0o4600] {
        kept.spoil(&format!("mode {mode:o}"), |file| {
            fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
        })
        .await;
    }
    kept.spoil("another's", |file| chown(file, Some(65534), Some(65534)).unwrap()).await;
    kept.spoil("a link to a good one", |file| {
        fs::rename(file, &elsewhere).unwrap();
        symlink(&elsewhere, file).unwrap();
    })
    .await;
    kept.spoil("a pipe", |file| {
        fs::remove_file(file).unwrap();
        assert!(std::process::Command::new("mkfifo").args(["-m", "600"]).arg(file).status().unwrap().success());
    })
    .await;
}

#[tokio::test]
async fn what_was_kept_for_another_module_or_engine_is_not_taken_under_a_new_name() {
    let mut kept = Kept::new();
    load(&kept.compiling(), module("good")).await.unwrap();
    let (name, code) = (kept.file(), fs::read(kept.file()).unwrap());
    fs::remove_file(&name).unwrap();
    let another = with_section(module("good"), "version", b"another");
    load(&kept.compiling(), another.clone()).await.unwrap();
    fs::write(kept.file(), &code).unwrap();
    assert!(!kept.is_taken(another.clone()).await, "code of another module");

    load(&kept.compiling(), another.clone()).await.unwrap();
    kept.limits.memory = 64 << 20;
    assert!(!kept.is_taken(another).await, "another engine");
}

#[tokio::test]
async fn a_directory_that_others_may_use_is_not_used() {
    let kept = Kept::new();
    load(&kept.compiling(), module("good")).await.unwrap();
    for mode in [0o777, 0o755, 0o750] {
        fs::set_permissions(kept.directory(), Permissions::from_mode(mode)).unwrap();
        assert!(!kept.is_taken(module("good")).await, "{mode:o}");
        let another = with_section(module("good"), "version", b"another");
        load(&kept.compiling(), another).await.unwrap();
        assert_eq!(kept.files().len(), 1, "nothing is put there");
    }
    fs::set_permissions(kept.directory(), Permissions::from_mode(0o700)).unwrap();
    assert!(kept.is_taken(module("good")).await);
    chown(kept.directory(), Some(65534), None).unwrap();
    assert!(!kept.is_taken(module("good")).await, "another's directory");
}

#[tokio::test]
async fn machine_code_that_somebody_drops_is_no_module() {
    let kept = Kept::new();
    load(&kept.compiling(), module("good")).await.unwrap();
    let file = fs::read(kept.file()).unwrap();
    for forged in [file.clone(), file[HEADER..].to_vec()] {
        let refused = load(&kept.compiling(), forged).await.unwrap_err().to_string();
        assert!(refused.contains("machine code") || refused.contains("WebAssembly"), "{refused}");
    }
}
