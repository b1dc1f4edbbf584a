//! The modes: those of the driver, and those of this site. Each is compiled and tried, as the driver would.

use std::path::PathBuf;
use std::time::Duration;

use admin::Client;
use policy::{Cache, GrantFile, Granted, short};

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "mode";
/// A driver has compiled its modules, as a rule.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let sandbox = match crate::modes::sandbox(config) {
        Ok(sandbox) => sandbox,
        Err(error) => return vec![Finding::bad(SUBJECT, error.to_string())],
    };
    let (catalog, notices) = crate::modes::open(&sandbox, config);
    let mut findings = Vec::new();
    for (name, _) in catalog.names() {
        findings.push(match catalog.by_name(&name).await {
            Ok(mode) => Finding::good(SUBJECT, format!("{name} {} {}", mode.manifest().version, short(mode.digest()))),
            Err(error) => Finding::bad(SUBJECT, format!("{:#}", anyhow::Error::from(error)))
                .advise(format!("mend or remove {}/{name}.wasm", config.mode_dir.display())),
        });
    }
    let cache = config.cache_dir.display();
    if let Some(problem) = Cache::new(&config.cache_dir).problem() {
        let what = format!("cache_dir {cache} is not used, modules are compiled at every start: {problem}");
        findings.push(
            Finding::doubtful(SUBJECT, what)
                .advise(format!("chown root: {cache} && chmod 700 {cache}, or name another cache_dir")),
        );
    }
    if let Err(missing) = crate::modes::default_of(&catalog, config) {
        findings.push(Finding::bad(SUBJECT, missing.to_string()).advise("mend it, and start the driver again"));
    }
    findings.extend(notices.into_iter().map(|notice| Finding::doubtful(SUBJECT, notice.0)));
    findings.extend(left_over(config).await);
    findings
}

/// Grants of modules that networks used, and use no more. Who uses what, a driver that runs can say.
async fn left_over(config: &Config) -> Vec<Finding> {
    let Ok(known) = Client::new(&config.admin_socket, PATIENCE).modes().await else { return Vec::new() };
    let is_used = |granted: &Granted| known.modes.iter().any(|mode| mode.digest == granted.digest.as_str());
    let files = config.grants_dir.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    let left = files.into_iter().filter(|path| {
        let file = GrantFile::read(path).ok().flatten().unwrap_or_default();
        file.earlier.iter().any(|granted| !is_used(granted))
    });
    let finding = |path: PathBuf| {
        let name = path.file_stem().unwrap_or_default().display();
        let what = format!("{}: it grants something to a module that no network has any more", path.display());
        Finding::doubtful(SUBJECT, what)
            .advise(format!("docker-ovs mode rm {name}, if there is no such mode; else remove that [[earlier]] table"))
    };
    left.map(finding).collect()
}
