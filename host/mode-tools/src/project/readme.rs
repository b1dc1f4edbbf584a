//! What a project's README says to run.

/// The commands of the first block of shell commands after the heading "Build and test".
pub(super) fn commands(readme: &str) -> Vec<String> {
    let lines = readme.lines().skip_while(|line| *line != "## Build and test");
    lines.skip_while(|line| *line != "```sh").skip(1).take_while(|line| *line != "```").map(str::to_owned).collect()
}
