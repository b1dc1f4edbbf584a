//! The configuration: built-in defaults, then the file, then `DOCKER_OVS_*`, then flags; later ones win.
//!
//! It is read whole: every bad value is found before anything starts, and is named with its key, where it comes from
//! and what would be right.

mod grants;
mod ovn;
mod problem;
mod quantity;
mod reader;
mod sources;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use driver::PhysicalNetwork;
use figment::value::Value;
use ovsdb::{NorthboundAt, Remote, TlsFiles};
use policy::GrantSection;

pub(crate) use self::problem::Problems;
use self::quantity::{bytes, calls, count, duration, seconds};
use self::reader::{Reader, said};
#[cfg(test)]
pub(crate) use self::sources::DEFAULT_FILE;
pub(crate) use self::sources::Sources;

/// What an operator decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// The mode of a network that names none.
    pub(crate) default_mode: String,
    /// Docker's socket: its name is the driver's.
    pub(crate) socket: PathBuf,
    /// The operators' socket.
    pub(crate) admin_socket: PathBuf,
    /// What is remembered.
    pub(crate) state_dir: PathBuf,
    /// Modules of this site.
    pub(crate) mode_dir: PathBuf,
    /// What they are granted, a file each.
    pub(crate) grants_dir: PathBuf,
    /// Compiled modules.
    pub(crate) cache_dir: PathBuf,
    /// Where every planning call is written down as a fixture; none: nowhere.
    pub(crate) record_plans: Option<PathBuf>,
    /// Open vSwitch's database.
    pub(crate) ovsdb: Vec<Remote>,
    /// OVN's northbound database.
    pub(crate) ovn_nb: NorthboundAt,
    /// Physical networks that OVN's routers may leave by, by name.
    pub(crate) physical: BTreeMap<String, PhysicalNetwork>,
    /// Certificates for `ssl:` remotes.
    pub(crate) tls: Option<TlsFiles>,
    /// What modules may do, by name.
    pub(crate) grants: BTreeMap<String, GrantSection>,
    /// Deadlines, and what a module may take.
    pub(crate) limits: Limits,
    /// What is logged, and how.
    pub(crate) log: Log,
}

/// Deadlines, and what a module may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For Docker's `Join`.
    pub(crate) join: Duration,
    /// For every other call of Docker's.
    pub(crate) call: Duration,
    /// What a module may take.
    pub(crate) modes: policy::Limits,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    /// As `tracing` writes filters: `info,ovsdb=debug`.
    pub(crate) filter: String,
    /// For whom.
    pub(crate) format: LogFormat,
}

/// For whom logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people: one line an event.
    Human,
    /// For programs: one JSON object a line.
    Json,
}

impl LogFormat {
    /// Its word in the configuration.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
        }
    }
}

impl Limits {
    /// How long calls under way may run on once the driver is to end: they all have a deadline, and then a moment to be
    /// answered.
    pub(crate) fn drain(&self) -> Duration {
        self.join.max(self.call) + Duration::from_secs(1)
    }
}

impl Default for Config {
    fn default() -> Self {
        let calls = docker_api::Limits::default();
        Self {
            default_mode: "nat".into(),
            socket: "/run/docker/plugins/ovs.sock".into(),
            admin_socket: "/run/docker-ovs/admin.sock".into(),
            state_dir: "/var/lib/docker-ovs".into(),
            mode_dir: "/etc/docker-ovs/modes.d".into(),
            grants_dir: "/etc/docker-ovs/grants.d".into(),
            cache_dir: "/var/cache/docker-ovs".into(),
            record_plans: None,
            ovsdb: vec![Remote::Unix("/run/openvswitch/db.sock".into())],
            ovn_nb: NorthboundAt::Auto,
            physical: BTreeMap::new(),
            tls: None,
            grants: BTreeMap::new(),
            limits: Limits { join: calls.join, call: calls.call, modes: policy::Limits::default() },
            log: Log { filter: "info".into(), format: LogFormat::Human },
        }
    }
}

impl Config {
    /// What Docker calls the driver: it goes by its socket.
    pub(crate) fn name(&self) -> String {
        self.socket.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Reads the configuration whole.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in it.
    pub(crate) fn load(sources: &Sources) -> Result<Self, Problems> {
        let (figment, problems) = sources.figment();
        let mut reader = Reader::new(figment, problems);
        let mut config = Self::default();
        reader.set("default_mode", &mut config.default_mode, mode_name);
        reader.set("socket", &mut config.socket, path);
        reader.set("admin_socket", &mut config.admin_socket, path);
        reader.set("state_dir", &mut config.state_dir, path);
        reader.set("mode_dir", &mut config.mode_dir, path);
        reader.set("grants_dir", &mut config.grants_dir, path);
        reader.set("cache_dir", &mut config.cache_dir, path);
        reader.set("record_plans", &mut config.record_plans, path_or_nothing);
        reader.set("ovsdb", &mut config.ovsdb, remotes);
        reader.set("ovn_nb", &mut config.ovn_nb, northbound);
        config.physical = ovn::read(&mut reader);
        config.tls = tls(&mut reader);
        config.grants = grants::read(&mut reader);
        limits(&mut config.limits, &mut reader);
        reader.set("log.filter", &mut config.log.filter, filter);
        reader.set("log.format", &mut config.log.format, format);
        if config.tls.is_none() && config.ovsdb.iter().any(|remote| matches!(remote, Remote::Ssl { .. })) {
            reader.wrong("ovsdb", "an ssl: remote needs [tls] with key, certificate and ca");
        }
        reader.finish()?;
        Ok(config)
    }
}

fn limits(limits: &mut Limits, reader: &mut Reader) {
    reader.set("limits.join", &mut limits.join, duration);
    reader.set("limits.call", &mut limits.call, duration);
    reader.set("limits.fuel", &mut limits.modes.fuel, count);
    reader.set("limits.memory", &mut limits.modes.memory, bytes);
    reader.set("limits.module_size", &mut limits.modes.module_size, bytes);
    reader.set("limits.compile_time", &mut limits.modes.compile_seconds, seconds);
    reader.set("limits.calls", &mut limits.modes.calls, calls);
    reader.set("limits.calls_of_one", &mut limits.modes.calls_of_one, calls);
}

/// All three files, or none.
fn tls(reader: &mut Reader) -> Option<TlsFiles> {
    let mut files: [Option<PathBuf>; 3] = [None, None, None];
    let keys = ["tls.key", "tls.certificate", "tls.ca"];
    for (key, file) in keys.into_iter().zip(&mut files) {
        reader.set(key, file, |value| path(value).map(Some));
    }
    match files {
        [Some(private_key), Some(certificate), Some(ca_certificate)] => {
            Some(TlsFiles { private_key, certificate, ca_certificate })
        }
        [None, None, None] => None,
        incomplete => {
            for (key, _) in keys.into_iter().zip(incomplete).filter(|(_, file)| file.is_none()) {
                reader.missing(
                    key,
                    "the path of a PEM file, as for the other two of tls.key, tls.certificate and tls.ca",
                );
            }
            None
        }
    }
}

fn path(value: &Value) -> Result<PathBuf, String> {
    match value.as_str() {
        Some(text) if text.starts_with('/') => Ok(text.into()),
        Some(_) | None => Err("an absolute path in quotes".into()),
    }
}

/// A path; an empty one turns off what it is for.
fn path_or_nothing(value: &Value) -> Result<Option<PathBuf>, String> {
    if value.as_str() == Some("") { Ok(None) } else { path(value).map(Some) }
}

/// The name of a mode is also the name of its file.
fn mode_name(value: &Value) -> Result<String, String> {
    let name = value.as_str().filter(|text| policy::is_mode_name(text)).map(str::to_owned);
    name.ok_or_else(|| format!("the name of a mode such as \"nat\" or \"flat\" ({})", policy::MODE_NAME))
}

/// Where OVN's northbound database is; without certificates of their own, `ssl:` remotes use Open vSwitch's.
fn northbound(value: &Value) -> Result<NorthboundAt, String> {
    match value.as_str() {
        Some("auto") => Ok(NorthboundAt::Auto),
        Some("none") => Ok(NorthboundAt::Nowhere),
        _ => remotes(value).map(NorthboundAt::Remotes).map_err(|right| format!("\"auto\", \"none\", or {right}")),
    }
}

fn remotes(value: &Value) -> Result<Vec<Remote>, String> {
    let list = match value {
        Value::Array(_, items) => {
            items.iter().map(|item| item.as_str().unwrap_or_default()).collect::<Vec<_>>().join(",")
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    Remote::parse_list(&list).map_err(|error| format!("a remote such as \"unix:/run/openvswitch/db.sock\" ({error})"))
}

fn filter(value: &Value) -> Result<String, String> {
    let text = value.as_str().unwrap_or_default();
    let right = |error: String| format!("a filter such as \"info\" or \"info,ovsdb=debug\" ({error})");
    if text.trim().is_empty() {
        return Err(right(format!("{} says nothing", said(value))));
    }
    crate::log::filter(text).map(|_| text.to_owned()).map_err(|error| right(error.to_string()))
}

fn format(value: &Value) -> Result<LogFormat, String> {
    let formats = [LogFormat::Human, LogFormat::Json];
    let named = formats.into_iter().find(|format| value.as_str() == Some(format.word()));
    named.ok_or_else(|| "\"human\" or \"json\"".into())
}
