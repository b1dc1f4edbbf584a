//! What was measured.

use std::fmt;

use serde::Serialize;
use serde_json::json;

use crate::samples::Samples;
use crate::table::Table;

/// What stands below the table.
const NOTE: &str = "
Without driver: what it builds on takes by itself, measured in turns with it. Of Join and network up: the same rows
inserted by a bare OVSDB session, a port for a link that is there (all hundred in one transaction) or a bridge with an
internal port, until it has its number. Of Leave: the removal of the port's row. Of CreateEndpoint and DeleteEndpoint: one durable write of a page on
the store's disk. Its share: the p50 less that.";

/// What was measured, and on what.
#[derive(Debug)]
pub(crate) struct Report {
    machine: Vec<(&'static str, String)>,
    rows: Vec<Row>,
}

/// One thing that was measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    what: String,
    /// How many endpoints there were; none: it does not matter.
    endpoints: Option<usize>,
    unit: &'static str,
    n: usize,
    p50: f64,
    p99: f64,
    max: f64,
    /// What the same takes without the driver, by the median.
    alone: Option<f64>,
    /// The rest: the driver's own share.
    share: Option<f64>,
    aim: &'static str,
}

impl Row {
    /// Milliseconds.
    pub(crate) fn time(what: &str, samples: &Samples) -> Self {
        Self::new(what, "ms", samples)
    }

    /// Megabytes.
    pub(crate) fn memory(what: &str, samples: &Samples) -> Self {
        Self::new(what, "MB", samples)
    }

    fn new(what: &str, unit: &'static str, samples: &Samples) -> Self {
        Self {
            what: what.to_owned(),
            endpoints: None,
            unit,
            n: samples.len(),
            p50: samples.median(),
            p99: samples.percentile(0.99),
            max: samples.percentile(1.0),
            alone: None,
            share: None,
            aim: "",
        }
    }

    /// With so many endpoints.
    pub(crate) fn at(self, endpoints: usize) -> Self {
        Self { endpoints: Some(endpoints), ..self }
    }

    /// Beside what the same takes without the driver.
    pub(crate) fn beside(self, alone: &Samples) -> Self {
        let median = alone.median();
        Self { alone: Some(median), share: Some(self.p50 - median), ..self }
    }

    /// What it should be.
    pub(crate) fn aim(self, aim: &'static str) -> Self {
        Self { aim, ..self }
    }

    /// What it was measured with: rows of the same are shown together.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    fn cells(&self) -> [String; 9] {
        let number = |value: f64| format!("{} {}", significant(value), self.unit);
        let optional = |value: Option<f64>| value.map(number).unwrap_or_default();
        [
            self.what.clone(),
            self.endpoints.map(|count| count.to_string()).unwrap_or_default(),
            self.n.to_string(),
            number(self.p50),
            number(self.p99),
            number(self.max),
            optional(self.alone),
            optional(self.share),
            self.aim.to_owned(),
        ]
    }
}

impl Report {
    /// Nothing yet, of this machine.
    pub(crate) fn new(machine: Vec<(&'static str, String)>) -> Self {
        Self { machine, rows: Vec::new() }
    }

    /// Adds a row below the others of the same thing.
    pub(crate) fn push(&mut self, row: Row) {
        let below = self.rows.iter().rposition(|other| other.what() == row.what());
        self.rows.insert(below.map_or(self.rows.len(), |at| at + 1), row);
    }

    /// Adds rows.
    pub(crate) fn extend(&mut self, rows: impl IntoIterator<Item = Row>) {
        rows.into_iter().for_each(|row| self.push(row));
    }

    /// For programs: times in milliseconds, memory in megabytes.
    pub(crate) fn json(&self) -> String {
        let machine: serde_json::Map<_, _> =
            self.machine.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect();
        format!("{:#}", json!({ "machine": machine, "rows": self.rows }))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (key, value) in &self.machine {
            writeln!(f, "{key}: {value}")?;
        }
        let header = ["", "endpoints", "n", "p50", "p99", "max", "without driver", "its share", "aim"];
        let mut table = Table::new(header);
        self.rows.iter().for_each(|row| table.push(row.cells()));
        write!(f, "\n{table}")?;
        f.write_str(NOTE)
    }
}

/// Three digits that count.
fn significant(value: f64) -> String {
    let digits = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        small if small >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Samples {
        let mut samples = Samples::default();
        values.iter().for_each(|value| samples.push_value(*value));
        samples
    }

    #[test]
    fn rows_of_the_same_thing_stand_together_and_the_share_is_what_is_left() {
        let mut report = Report::new(vec![("kernel", "6.1".to_owned())]);
        report.push(Row::time("join", &samples(&[3.0])).at(1).beside(&samples(&[2.0])).aim("1 ms"));
        report.push(Row::memory("memory", &samples(&[20.0])).at(1));
        report.push(Row::time("join", &samples(&[64.0])).at(1000));
        let text = report.to_string();
        let lines: Vec<&str> =
            text.lines().filter(|line| line.contains("| join") || line.contains("| memory")).collect();
        assert!(lines[0].contains("3.00 ms") && lines[0].contains("2.00 ms") && lines[0].contains("1.00 ms"), "{text}");
        assert!(lines[1].contains("64.0 ms") && lines[2].contains("20.0 MB"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!(json["rows"][0]["share"], 1.0);
        assert_eq!(json["machine"]["kernel"], "6.1");
    }

    #[test]
    fn numbers_have_the_digits_that_count() {
        assert_eq!([0.0213, 1.234, 12.34, 123.4].map(significant), ["0.021", "1.23", "12.3", "123"]);
    }
}
