//! Logs: to the standard error, for people or for programs, with a filter that can be changed while running.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, reload};

use crate::config::{Log, LogFormat};

/// Reads a filter, and says what is wrong in it.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
    EnvFilter::builder().parse(text)
}

/// The filter that holds, to be changed by operators.
#[derive(Debug)]
pub(crate) struct Handle {
    handle: reload::Handle<EnvFilter, Registry>,
    text: Mutex<String>,
}

impl Handle {
    /// Starts logging. The configuration has checked the filter.
    pub(crate) fn start(log: &Log) -> anyhow::Result<Self> {
        let (filter, handle) = reload::Layer::new(filter(&log.filter)?);
        // systemd gives every line a time of its own.
        let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
        let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
        let lines = match log.format {
            LogFormat::Json => lines.json().flatten_event(true).boxed(),
            LogFormat::Human if under_systemd => lines.without_time().boxed(),
            LogFormat::Human => lines.boxed(),
        };
        tracing_subscriber::registry().with(filter).with(lines).try_init()?;
        Ok(Self { handle, text: Mutex::new(log.filter.clone()) })
    }
}

impl driver::LogControl for Handle {
    fn filter(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, text: &str) -> Result<(), String> {
        let filter =
            filter(text).map_err(|error| format!("{text:?} is no log filter such as info,ovsdb=debug: {error}"))?;
        self.handle.reload(filter).map_err(|error| error.to_string())?;
        text.clone_into(&mut self.text.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}
