//! Docker: is it there, and does it find the driver.

use std::path::{Path, PathBuf};

use super::finding::Finding;
use super::tool::{NoAnswer, ask};
use crate::config::Config;

const SUBJECT: &str = "docker";
/// Where Docker looks for sockets of plugins.
const PLUGINS: &str = "/run/docker/plugins";
/// Where it looks for files that name a plugin's address; a socket comes first.
const SPECS: [&str; 2] = ["/etc/docker/plugins", "/usr/lib/docker/plugins"];

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let version = ask("docker", &["version", "--format", "{{.Server.Version}}"]).await;
    let mut findings = vec![daemon(version), place(&config.socket)];
    let name = config.name();
    let specs = SPECS.iter().flat_map(|directory| ["spec", "json"].map(|kind| format!("{directory}/{name}.{kind}")));
    findings.extend(specs.map(PathBuf::from).filter(|file| file.exists()).map(|file| {
        Finding::doubtful(SUBJECT, format!("{} names another driver {name}", file.display())).advise("remove it")
    }));
    findings
}

fn daemon(version: Result<String, NoAnswer>) -> Finding {
    match version {
        Ok(version) => {
            let version = version.trim();
            let major: Option<u32> = version.split('.').next().and_then(|major| major.parse().ok());
            match major {
                Some(major) if major < 20 => {
                    Finding::doubtful(SUBJECT, format!("{version}, older than what is tested (20.10)"))
                }
                Some(_) | None => Finding::good(SUBJECT, version),
            }
        }
        Err(NoAnswer::Missing) => {
            Finding::doubtful(SUBJECT, "the command docker is not installed: the daemon was not asked")
                .advise("apt-get install docker.io")
        }
        Err(NoAnswer::Failed(error)) => {
            Finding::bad(SUBJECT, format!("the daemon does not answer: {error}")).advise("systemctl start docker")
        }
    }
}

/// Docker knows a driver by the name of its socket.
fn place(socket: &Path) -> Finding {
    let name = socket.file_stem().unwrap_or_default().to_string_lossy();
    if socket.parent().is_some_and(|directory| directory == Path::new(PLUGINS)) {
        Finding::good("plugin", format!("networks of the driver come with `docker network create -d {name}`"))
    } else {
        Finding::bad("plugin", format!("Docker does not look for {}", socket.display()))
            .advise(format!("set socket to {PLUGINS}/ovs.sock, or link it there"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn old_daemons_and_silent_ones() {
        assert_eq!(daemon(Ok("20.10.24\n".into())).state, State::Good);
        assert_eq!(daemon(Ok("28.5.1".into())).state, State::Good);
        assert_eq!(daemon(Ok("19.03.8".into())).state, State::Doubtful);
        assert_eq!(daemon(Err(NoAnswer::Failed("refused".into()))).state, State::Bad);
    }

    #[test]
    fn a_socket_that_docker_does_not_find() {
        assert!(place(Path::new("/run/docker/plugins/ovs.sock")).what.contains("-d ovs"));
        assert_eq!(place(Path::new("/tmp/ovs.sock")).state, State::Bad);
    }
}
