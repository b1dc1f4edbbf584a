//! A report as JUnit has it, which every CI system reads: a suite for each file, a test for each case.

use std::fmt::Write;

use super::report::{GroupReport, Report, Status};

/// The report as XML.
#[must_use]
pub fn junit(report: &Report) -> String {
    let (all, bad) = (report.groups().count(), report.groups().filter(|group| group.status != Status::Passed).count());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = text(&report.module.name);
    let _ = writeln!(xml, "<testsuites name=\"{name}\" tests=\"{all}\" failures=\"{bad}\">");
    for file in &report.files {
        let path = text(&file.file.display().to_string());
        let bad = file.groups.iter().filter(|group| group.status != Status::Passed).count();
        let _ = writeln!(xml, "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{bad}\">", file.groups.len());
        file.groups.iter().for_each(|group| test(group, &path, &mut xml));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn test(group: &GroupReport, path: &str, xml: &mut String) {
    let (seconds, rest) = (group.nanoseconds / 1_000_000_000, group.nanoseconds % 1_000_000_000);
    let name = text(&group.name);
    let _ = write!(xml, "    <testcase classname=\"{path}\" name=\"{name}\" time=\"{seconds}.{rest:09}\"");
    if group.status == Status::Passed {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    for failure in &group.failures {
        let lines: Vec<String> = failure.findings.iter().flat_map(super::Finding::lines).collect();
        let first = lines.first().map(|line| text(line)).unwrap_or_default();
        let with = if failure.values.is_empty() { String::new() } else { format!("with {}\n", failure.values) };
        let body = text(&format!("{with}{}\n{}", lines.join("\n"), failure.log.join("\n")));
        let _ = writeln!(xml, "      <failure message=\"{first}\">{}</failure>", body.trim_end());
    }
    xml.push_str("    </testcase>\n");
}

/// Text in XML 1.0, which has no control characters.
fn text(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for character in raw.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' | '\t' => text.push(character),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(text("a < \"b\" & c > d\u{1b}\n"), "a &lt; &quot;b&quot; &amp; c &gt; d\u{fffd}\n");
    }
}
