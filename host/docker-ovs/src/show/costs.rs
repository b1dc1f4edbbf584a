//! What a mode costs.

use std::time::Duration;

use mode_tools::bench::{AnswerCost, BenchReport, Comparison, ModuleCost};

use super::Table;

/// A table of answers, and the module, each beside its limit.
pub(crate) fn costs(report: &BenchReport, comparison: Option<&Comparison>) -> String {
    let ModuleCost { name, digest, size, compile, compiled, limits } = &report.module;
    let mut table = Table::new(["CASE", "CALL", "FUEL", "LAST", "MEMORY", "FIRST", "MEDIAN"]);
    for answer in &report.answers {
        let AnswerCost { name, call, fuel, memory, first, median } = answer;
        let change = comparison.and_then(|comparison| comparison.changed.get(name));
        let change = change.map(|percent| format!("{percent:+.1} %")).unwrap_or_default();
        let call = (*call).to_owned();
        table.row([name.clone(), call, fuel.to_string(), change, kibibytes(*memory), short(*first), short(*median)]);
    }
    let worst = |of: fn(&AnswerCost) -> u64| report.answers.iter().map(of).max().unwrap_or_default();
    let fuel = worst(|answer| answer.fuel);
    let memory = worst(|answer| answer.memory as u64) as usize;
    let time = report.answers.iter().map(|answer| answer.first.max(answer.median)).max().unwrap_or_default();
    let mut limited = Table::new(["WORST", "TAKES", "LIMIT", "OF IT"]);
    let mut row = |what: &str, takes: String, limit: String, share: f64| {
        limited.row([what.to_owned(), takes, limit, format!("{:.1} %", share * 100.0)]);
    };
    row("fuel", fuel.to_string(), limits.fuel.to_string(), fuel as f64 / limits.fuel as f64);
    row("memory", kibibytes(memory), kibibytes(limits.memory), memory as f64 / limits.memory as f64);
    row("processor time", short(time), short(limits.time), time.as_secs_f64() / limits.time.as_secs_f64());
    row("module", kibibytes(*size), kibibytes(limits.size), *size as f64 / limits.size as f64);
    let most = Duration::from_secs(limits.compile_seconds);
    row("compiling", short(*compile), short(most), compile.as_secs_f64() / most.as_secs_f64());
    format!(
        "{name}  sha256:{}\n\n{table}\n{limited}\ncompiled to {} of machine code\nFIRST is the first time a question was \
         asked, MEDIAN of up to 200 times after that: processor time, each in a fresh instance.\n",
        super::short(digest),
        kibibytes(*compiled),
    )
}

fn kibibytes(bytes: usize) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

/// A time in a unit that fits it.
fn short(time: Duration) -> String {
    match time {
        time if time < Duration::from_millis(1) => format!("{:.1} us", time.as_secs_f64() * 1e6),
        time if time < Duration::from_secs(1) => format!("{:.1} ms", time.as_secs_f64() * 1e3),
        time => format!("{:.1} s", time.as_secs_f64()),
    }
}
