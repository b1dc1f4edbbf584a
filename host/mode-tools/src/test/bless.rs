//! Writing down what cases get that expect nothing yet, into the files that they stand in: comments and layout stay.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use toml_edit::ser::ValueSerializer;
use toml_edit::{DocumentMut, Item, Table, Value};

use super::ask::Subject;
use super::group::Ready;
use super::invariant;
use super::run::{Answer, Unable};
use super::suite::{Suite, TestError};
use crate::fixture::{Denied, Expect, FixtureError, Group, Invariant, Kind, Plan, Refusal};

/// What was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessed {
    /// The file.
    pub file: PathBuf,
    /// The names of the cases and matrices.
    pub names: Vec<String>,
}

/// What came of blessing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blessing {
    /// What was written down.
    pub written: Vec<Blessed>,
    /// Why nothing was for others, which still expect nothing: each with its file and name.
    pub left: Vec<String>,
}

impl fmt::Display for Blessed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: wrote down what to expect of {}", self.file.display(), self.names.join(", "))
    }
}

impl Suite {
    /// Asks what expects nothing yet, and writes the answers down as what is expected. Of a matrix that is what holds of
    /// all of its answers. Where an answer is none that could be expected, nothing is written for that one.
    ///
    /// # Errors
    ///
    /// Where the mode cannot be run, or a file cannot be written.
    pub fn bless(&self, subject: &Subject) -> Result<Blessing, TestError> {
        let mut blessing = Blessing::default();
        for (file, groups) in &self.files {
            let mut expected = Vec::new();
            for group in groups.iter().filter(|group| group.expect.is_none()) {
                match self::expected(subject, file, group)? {
                    Ok(expect) => expected.push((group, expect)),
                    Err(why) => blessing.left.push(why),
                }
            }
            if expected.is_empty() {
                continue;
            }
            write(file, &expected).map_err(|error| TestError::Fixtures(vec![error]))?;
            let names = expected.iter().map(|(group, _)| format!("\"{}\"", group.name)).collect();
            blessing.written.push(Blessed { file: file.clone(), names });
        }
        Ok(blessing)
    }
}

/// What can be expected of a group, by what its questions get now; or why nothing can.
fn expected(subject: &Subject, file: &Path, group: &Group) -> Result<Result<Expect, String>, Unable> {
    let mut invariants = Invariant::ALL.to_vec();
    let mut single = Expect::default();
    let unblessable =
        |why: &str| Ok(Err(format!("{}: \"{}\": {why}: that cannot be expected", file.display(), group.name)));
    let mut refused = Vec::new();
    for run in &group.runs {
        let prepared = match super::group::ready(subject, file, group, run) {
            Ok(Ready::Ask(prepared)) => prepared,
            Ok(Ready::BadOption(error)) => {
                refused.push(error);
                continue;
            }
            Err(wrong) => return Ok(Err(wrong.to_string())),
        };
        let asked = subject.ask(&prepared)?;
        invariants.retain(|invariant| invariant::broken(*invariant, &prepared, &asked).is_none());
        single = match asked.answer {
            Answer::Planned { plan, .. } => Expect { plan: Some(short(Plan::of(&plan))), ..Expect::default() },
            Answer::Refused(refusal) => {
                let plan::Refusal { class, code, at, .. } = refusal;
                Expect { refusal: Some(Refusal { class, code, at }), ..Expect::default() }
            }
            Answer::Denied { denial, .. } => {
                let step = denial.step.map(|step| step.label);
                Expect { denied: Some(Denied { rule: denial.rule, step }), ..Expect::default() }
            }
            answer @ (Answer::NoNetwork(_) | Answer::Broken(_)) => {
                return unblessable(&super::judge::said(&answer));
            }
        };
    }
    if let [first, others @ ..] = &refused[..] {
        let all = refused.len() == group.runs.len() && others.iter().all(|other| other.key() == first.key());
        return match all {
            true => Ok(Ok(Expect { bad_option: Some(first.key().to_owned()), ..Expect::default() })),
            false => unblessable(&format!("some of it the manifest refuses ({first})")),
        };
    }
    Ok(Ok(match group.kind {
        Kind::Case => single,
        Kind::Matrix => Expect { invariants, ..Expect::default() },
    }))
}

/// A plan without what goes without saying: the guard admits no Ethernet address but the endpoint's.
fn short(mut plan: Plan) -> Plan {
    plan.steps.iter_mut().filter_map(|step| step.endpoint_port.as_mut()).for_each(|port| port.mac = None);
    plan
}

fn write(file: &Path, expected: &[(&Group, Expect)]) -> Result<(), FixtureError> {
    let wrong = |what: &dyn fmt::Display| FixtureError::in_file(file, what);
    let text = fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| wrong(&error))?;
    for (group, expect) in expected {
        let tables = document.get_mut(group.kind.table()).and_then(Item::as_array_of_tables_mut);
        let table = tables.and_then(|tables| tables.get_mut(group.index));
        let table =
            table.ok_or_else(|| wrong(&format_args!("write \"{}\" as [[{}]]", group.name, group.kind.table())))?;
        table.insert("expect", Item::Table(said(expect)));
    }
    replace(file, &document.to_string()).map_err(|error| wrong(&error))
}

/// Writes a file anew, behind whatever links lead to it: a reader sees the old one or the new one.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = &file.canonicalize()?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let new = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(new.path(), text)?;
    fs::set_permissions(new.path(), fs::metadata(file)?.permissions())?;
    new.persist(file).map_err(|error| error.error).map(drop)
}

/// As keys with dots, and a line for each step.
fn said(expect: &Expect) -> Table {
    let mut table = dotted();
    if let Some(plan) = &expect.plan {
        let mut inner = dotted();
        let mut steps = value(&plan.steps);
        if let Some(steps) = steps.as_array_mut().filter(|steps| !steps.is_empty()) {
            steps.iter_mut().for_each(|step| step.decor_mut().set_prefix("\n    "));
            steps.set_trailing("\n");
            steps.set_trailing_comma(true);
        }
        inner.insert("steps", Item::Value(steps));
        let reply = value(&plan.reply);
        if reply.as_inline_table().is_some_and(|reply| !reply.is_empty()) {
            inner.insert("reply", Item::Value(reply));
        }
        table.insert("plan", Item::Table(inner));
    }
    if let Some(refusal) = &expect.refusal {
        table.insert("refusal", Item::Value(value(refusal)));
    }
    if let Some(denied) = &expect.denied {
        table.insert("denied", Item::Value(value(denied)));
    }
    if let Some(key) = &expect.bad_option {
        table.insert("bad-option", Item::Value(value(key)));
    }
    if !expect.invariants.is_empty() {
        table.insert("invariants", Item::Value(value(&expect.invariants)));
    }
    table
}

fn dotted() -> Table {
    let mut table = Table::new();
    table.set_dotted(true);
    table
}

fn value(value: &impl Serialize) -> Value {
    value.serialize(ValueSerializer::new()).expect("what is expected is tables, lists, texts and numbers")
}
