//! `docker-ovs mode new NAME`.

use std::process::ExitCode;

use mode_tools::project::Project;

use crate::cli::mode::New;
use crate::exit::{Failure, USAGE};
use crate::show;

pub(crate) fn run(arguments: &New) -> Result<ExitCode, Failure> {
    let (name, language) = (&arguments.name, arguments.lang);
    if builtin_modes::builtin().iter().any(|(built_in, _)| built_in == name) {
        return Err(Failure::say(USAGE, format_args!("mode {name} is built in: give yours another name")));
    }
    let directory = arguments.directory.clone().unwrap_or_else(|| name.into());
    let project = Project::create(name, language, &directory).map_err(|error| Failure::new(USAGE, error))?;
    let mut text =
        format!("mode {name} in {language}: {} files. What README.md says more of:\n\n", project.files.len());
    for command in [format!("cd {}", directory.display())].iter().chain(&project.commands) {
        text += &format!("  {command}\n");
    }
    show::bytes(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
