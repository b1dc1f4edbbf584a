//! The modes: those of the driver, and those of this site. Each is compiled and tried, as the driver would.

use policy::{Cache, short};

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "mode";

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
    findings
}
