//! Watches the directories of modules and grants: what is put there is picked up without a restart, as soon as it is
//! whole. A directory that is missing is waited for.

mod view;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use driver::Driver;
use plumbing::Plumbing;
use tokio::time::{Instant, sleep_until, timeout_at};

use self::view::{Heard, View};
use self::writing::Writing;
use super::source::Source;

/// Files come in company: after this much silence everything is looked at.
const SILENCE: Duration = Duration::from_millis(100);
/// And at the latest after this.
const LATEST: Duration = Duration::from_secs(2);

/// Runs until it is dropped.
pub(super) async fn watch(source: Arc<Source>, driver: Arc<Driver<Plumbing>>) {
    loop {
        let directories = source.directories();
        let mut view = match View::open(&directories) {
            Ok(view) => view,
            Err(error) => {
                let [modes, grants] = directories.map(|directory| directory.display().to_string());
                tracing::warn!(
                    "{modes} and {grants} cannot be watched ({error}): after a change there, run \
                     `systemctl reload docker-ovs`"
                );
                source.moved().await;
                continue;
            }
        };
        let mut writing = Writing::found(&directories);
        // What came before anybody looked.
        look(&source, &driver, &writing).await;
        while settled(&source, &mut view, &mut writing).await {
            look(&source, &driver, &writing).await;
        }
    }
}

/// Waits until something is there to be looked at, and nothing more comes; not if the view has to be opened again.
async fn settled(source: &Source, view: &mut View, writing: &mut Writing) -> bool {
    let mut due: Option<(Instant, Instant)> = None;
    loop {
        let until = due.map(|(quiet, latest)| quiet.min(latest)).or_else(|| writing.next());
        let heard = tokio::select! {
            heard = view.next(writing) => heard,
            () = source.moved() => return false,
            () = pause(until) => {
                if due.is_some() | writing.give_up(Instant::now()) {
                    return true;
                }
                continue;
            }
        };
        match heard {
            Heard::Nothing => {}
            Heard::Lost => {
                // Whatever took the directory away may put another one in its place at once.
                let _ = timeout_at(Instant::now() + SILENCE, source.moved()).await;
                return false;
            }
            Heard::Change => {
                let now = Instant::now();
                let latest = due.map_or(now + LATEST, |(_, latest)| latest);
                due = Some((now + SILENCE, latest));
            }
        }
    }
}

/// Until then; without a time, for ever.
async fn pause(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

async fn look(source: &Source, driver: &Driver<Plumbing>, writing: &Writing) {
    source.unfinished(writing.files());
    driver.reload_modes().await;
}
