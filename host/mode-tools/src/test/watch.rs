//! Waiting until something is worth another run.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::folder::{Stamps, stamps};

/// How often files are looked at, and how long they must have stayed as they are: a build writes more than once.
const PAUSE: Duration = Duration::from_millis(250);

/// Waits until files are not what they were, and have stopped changing. Which files there are may change as well.
pub fn wait_for_change(before: &Stamps, files: impl Fn() -> Vec<PathBuf>) {
    let mut last = before.clone();
    loop {
        thread::sleep(PAUSE);
        let now = stamps(&files());
        if now == last && now != *before {
            return;
        }
        last = now;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn it_waits_for_a_change_and_until_that_is_over() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("case.toml");
        fs::write(&file, "a").unwrap();
        let files = vec![file.clone()];
        let before = stamps(&files);
        let (told, hears) = mpsc::channel();
        let waiting = thread::spawn(move || {
            wait_for_change(&before, || files.clone());
            told.send(()).unwrap();
        });
        assert!(hears.recv_timeout(PAUSE * 3).is_err(), "nothing has changed");
        fs::write(&file, "another").unwrap();
        hears.recv_timeout(Duration::from_secs(60)).unwrap();
        waiting.join().unwrap();
    }
}
