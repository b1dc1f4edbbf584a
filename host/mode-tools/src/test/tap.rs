//! A report as the Test Anything Protocol has it, version 14.

use std::fmt::Write;

use super::report::{GroupReport, Report, Status};

/// The report as TAP.
#[must_use]
pub fn tap(report: &Report) -> String {
    let mut tap = format!("TAP version 14\n1..{}\n", report.groups().count());
    let tests = report.files.iter().flat_map(|file| file.groups.iter().map(move |group| (&file.file, group)));
    for (number, (file, group)) in (1..).zip(tests) {
        let ok = if group.status == Status::Passed { "ok" } else { "not ok" };
        let name = description(&format!("{}: {}", file.display(), group.name));
        let _ = writeln!(tap, "{ok} {number} - {name}");
        diagnostics(group, &mut tap);
    }
    tap
}

fn diagnostics(group: &GroupReport, tap: &mut String) {
    for failure in &group.failures {
        let with = (!failure.values.is_empty()).then(|| format!("with {}", failure.values));
        let findings = failure.findings.iter().flat_map(super::Finding::lines);
        for line in with.into_iter().chain(findings).chain(failure.log.iter().cloned()) {
            let _ = writeln!(tap, "# {line}");
        }
    }
}

/// A `#` would begin a directive.
fn description(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_directive() {
        assert_eq!(description("an mtu # TODO \\ 9000"), "an mtu \\# TODO \\\\ 9000");
    }
}
