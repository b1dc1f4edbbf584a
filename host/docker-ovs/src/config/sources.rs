//! Where the configuration comes from.

use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use super::problem::Problem;

/// The file that is read where none is named; it may be missing.
pub(crate) const DEFAULT_FILE: &str = "/etc/docker-ovs/config.toml";
/// What variables start with; `__` separates a section from its key.
pub(super) const PREFIX: &str = "DOCKER_OVS_";
/// What figment calls values from variables, once they went through [`Named`].
pub(super) const ENVIRONMENT: &str = "environment";
/// The same for flags.
pub(super) const FLAGS: &str = "flags";

/// The sources of one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// The file that was named; none: [`DEFAULT_FILE`].
    pub(crate) file: Option<PathBuf>,
    /// What was said with flags: key and value.
    pub(crate) flags: Vec<(&'static str, String)>,
}

impl Sources {
    /// Merges them. A file that cannot be read is a problem, and the other sources are read all the same.
    pub(super) fn figment(&self) -> (Figment, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut figment = Figment::new();
        let path = self.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
        match read(path, self.file.is_some()) {
            Ok(true) => figment = figment.merge(Toml::file_exact(path)),
            Ok(false) => {}
            Err(problem) => problems.push(problem),
        }
        // The name of the file itself is a variable too; it is no key.
        let variables = Env::prefixed(PREFIX).ignore(&["config"]).split("__");
        let flags = self.flags.iter().fold(Dict::new(), |mut dict, (key, value)| {
            insert(&mut dict, key, value);
            dict
        });
        let figment = figment
            .merge(Named { name: ENVIRONMENT, data: variables.data().map(flat) })
            .merge(Named { name: FLAGS, data: Ok(flags) });
        (figment, problems)
    }
}

/// Whether there is a file to merge. What is wrong with its syntax is found here, where the place is still known.
fn read(path: &Path, named: bool) -> Result<bool, Problem> {
    let source = format!("in {}", path.display());
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => return Ok(false),
        Err(error) => {
            let value = error.to_string();
            return Err(Problem { key: "the file".into(), source, value, right: "a file that can be read".into() });
        }
    };
    match text.parse::<toml::Table>() {
        Ok(_) => Ok(true),
        Err(error) => {
            let value = error.to_string().trim_end().to_owned();
            Err(Problem { key: "the file".into(), source, value, right: "TOML".into() })
        }
    }
}

fn flat(data: Map<Profile, Dict>) -> Dict {
    data.into_values().next().unwrap_or_default()
}

fn insert(dict: &mut Dict, key: &str, value: &str) {
    match key.split_once('.') {
        None => drop(dict.insert(key.to_owned(), Value::from(value))),
        Some((section, key)) => {
            if let Value::Dict(_, below) = dict.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new())) {
                insert(below, key, value);
            }
        }
    }
}

/// Values under a name of ours, by which a problem says where they come from.
struct Named {
    name: &'static str,
    data: Result<Dict, Error>,
}

impl Provider for Named {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        self.data.clone().map(|dict| Map::from([(Profile::Default, dict)]))
    }
}
