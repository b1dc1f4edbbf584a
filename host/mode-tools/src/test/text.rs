//! A report for people: a line for each case, aligned, and below it what is not as expected.

use std::fmt;

use super::judge::steps;
use super::report::{Failure, GroupReport, ModuleReport, Report, Status};
use crate::fixture::Kind;

/// How wide a name is at most before the columns behind it give way.
const NAME: usize = 76;
/// How many of a matrix's failures are shown.
const SHOWN: usize = 5;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.module)?;
        let width = self.groups().map(|group| title(group).chars().count()).max().unwrap_or_default().min(NAME);
        for file in &self.files {
            writeln!(f, "{}", file.file.display())?;
            for group in &file.groups {
                write_group(group, width, f)?;
            }
        }
        self.write_summary(f)
    }
}

impl fmt::Display for ModuleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, version, digest, size, contract, capabilities } = self;
        let asks = if capabilities.is_empty() { "nothing".to_owned() } else { capabilities.join(", ") };
        writeln!(f, "{name} {version}  {digest}  {}  ovs:mode {contract}  asks for: {asks}", bytes(*size))
    }
}

fn title(group: &GroupReport) -> String {
    match group.kind {
        Kind::Case => group.name.clone(),
        Kind::Matrix => format!("{} ({} runs)", group.name, group.runs),
    }
}

fn write_group(group: &GroupReport, width: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (word, title) = (word(group.status), title(group));
    let planned = group.steps.map(steps).unwrap_or_default();
    let (fuel, memory, time) = (amount(group.fuel), bytes(group.memory), span(group.nanoseconds));
    if group.fuel == 0 {
        writeln!(f, "  {word}  {title}")?;
    } else {
        writeln!(f, "  {word}  {title:width$}  {planned:>8}  {fuel:>7} fuel  {memory:>9}  {time:>7}")?;
    }
    group.failures.iter().take(SHOWN).try_for_each(|failure| write_failure(failure, f))?;
    if let Some(more @ 1..) = group.failures.len().checked_sub(SHOWN) {
        writeln!(f, "        and {more} more of its {} runs", group.runs)?;
    }
    group.notes.iter().try_for_each(|note| writeln!(f, "        note  {note}"))
}

fn write_failure(failure: &Failure, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if !failure.values.is_empty() {
        writeln!(f, "        with  {}", failure.values)?;
    }
    for line in failure.findings.iter().flat_map(super::Finding::lines) {
        writeln!(f, "        {line}")?;
    }
    failure.log.iter().try_for_each(|line| writeln!(f, "        log   {line}"))
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Passed => "PASS",
        Status::Failed => "FAIL",
        Status::Broken => "BROKEN",
        Status::NotDeterministic => "VARIES",
    }
}

impl Report {
    fn write_summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |status| self.groups().filter(|group| group.status == status).count();
        let varies = count(Status::NotDeterministic);
        let twice = if varies == 0 { "the same answers for the same fuel" } else { "not the same every time" };
        writeln!(f, "\ntwice     {} question{} asked of two fresh instances: {twice}", self.asked, plural(self.asked))?;
        self.write_coverage(f)?;
        let fuel = self.groups().map(|group| group.fuel).max().unwrap_or_default();
        let memory = self.groups().map(|group| group.memory).max().unwrap_or_default();
        let (fuel, fuels) = (amount(fuel), amount(self.fuel_limit));
        let (memory, memories) = (bytes(memory), bytes(self.memory_limit));
        writeln!(f, "limits    at most {fuel} of {fuels} fuel and {memory} of {memories} were taken")?;
        let others =
            [("failed", Status::Failed), ("broken", Status::Broken), ("not deterministic", Status::NotDeterministic)];
        write!(f, "{} passed", count(Status::Passed))?;
        for (word, status) in others {
            match count(status) {
                0 if status != Status::Failed => {}
                number => write!(f, ", {number} {word}")?,
            }
        }
        writeln!(f, " in {} ms", self.milliseconds)
    }

    fn write_coverage(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(coverage) = &self.coverage else { return Ok(()) };
        let wanted = match self.min_coverage {
            Some(least) if self.too_little_coverage() => format!(", and at least {least} % are wanted"),
            Some(least) => format!(" (at least {least} % are wanted)"),
            None => String::new(),
        };
        writeln!(f, "coverage  {} % of the contract{wanted}", coverage.percent)?;
        coverage.lines().iter().try_for_each(|line| writeln!(f, "          {line}"))
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// A number in at most five characters: `950`, `3.1k`, `50M`.
fn amount(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => scaled(number, 1_000, "k"),
        _ => scaled(number, 1_000_000, "M"),
    }
}

/// A size: `512 B`, `64 KiB`, `1.1 MiB`.
fn bytes(size: usize) -> String {
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    match size {
        0..1_024 => format!("{size} B"),
        1_024..1_048_576 => scaled(size, 1_024, " KiB"),
        _ => scaled(size, 1_048_576, " MiB"),
    }
}

/// A time: `950 us`, `1.2 ms`.
fn span(nanoseconds: u128) -> String {
    let nanoseconds = u64::try_from(nanoseconds).unwrap_or(u64::MAX);
    match nanoseconds {
        0..1_000_000 => format!("{} us", nanoseconds / 1_000),
        _ => scaled(nanoseconds, 1_000_000, " ms"),
    }
}

/// With one digit behind the point, unless it is zero.
fn scaled(number: u64, unit: u64, name: &str) -> String {
    let tenths = number.saturating_mul(10) / unit;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}{name}"),
        (whole, tenth) => format!("{whole}.{tenth}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([amount(950), amount(3_140), amount(50_000_000)], ["950", "3.1k", "50M"]);
        assert_eq!([bytes(12), bytes(131_072), bytes(1_200_000)], ["12 B", "128 KiB", "1.1 MiB"]);
        assert_eq!([span(26_900), span(1_250_000)], ["26 us", "1.2 ms"]);
    }
}
