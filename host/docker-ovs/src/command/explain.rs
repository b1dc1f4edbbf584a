//! `docker-ovs explain`: why each thing is there.

use std::process::ExitCode;

use super::subject::Subject;
use super::{client, wait};
use crate::cli::Explain;
use crate::config::Config;
use crate::exit::Failure;
use crate::names::Names;
use crate::show;

pub(crate) fn run(arguments: &Explain, config: &Config) -> Result<ExitCode, Failure> {
    let client = client(config);
    let explanation = wait(async {
        let subject = Subject::find(&arguments.subject, &Names::new()).await?;
        subject.explain(&client).await
    })?;
    show::either(arguments.json, &explanation, || show::explanation(&arguments.subject, &explanation))?;
    Ok(ExitCode::SUCCESS)
}
