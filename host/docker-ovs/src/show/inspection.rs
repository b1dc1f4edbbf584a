//! What a module says about itself.

use mode_tools::schema::{OptionReport, fact};
use mode_tools::{Amount, Asked, Inspection};
use policy::Origin;

use super::{Style, Table};

/// `mode inspect`.
pub(crate) fn inspection(module: &Inspection) -> String {
    let title = Style::Strong.paint(&format!("{} {}", module.name, module.version));
    let mut text = format!("{title}  {}\n", module.summary);
    for (what, is) in head(module).into_iter().filter(|(_, is)| !is.is_empty()) {
        text.push_str(&format!("  {what:<13} {is}\n"));
    }
    section(&mut text, "capabilities", &capabilities(&module.capabilities));
    section(&mut text, "facts", &facts(&module.facts));
    if !module.options.is_empty() {
        heading(&mut text, "options");
        module.options.iter().for_each(|option| text.push_str(&self::option(option)));
    }
    section(&mut text, "size", &amounts(&module.amounts));
    if let Some(grant) = &module.grant {
        heading(&mut text, "to grant all that it asks for, in the configuration");
        grant.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    text
}

fn head(module: &Inspection) -> [(&'static str, String); 8] {
    let origin = match module.origin {
        Origin::BuiltIn => "built in",
        Origin::Site => "a site's module",
    };
    let form = if module.component { "component" } else { "core module, which the driver makes a component of" };
    [
        ("mode", format!("{}, {origin}", module.mode)),
        ("digest", format!("sha256:{}", module.digest)),
        ("contract", format!("ovs:mode {}", module.contract)),
        ("form", form.to_owned()),
        ("imports", module.imports.join(", ")),
        ("exports", module.exports.join(", ")),
        ("gateway", module.gateway.to_owned()),
        ("refusals", module.refusals.join(", ")),
    ]
}

fn capabilities(asked: &[Asked]) -> Table {
    let mut table = Table::new(["CAPABILITY", "GRANTED", "ITS PLANS MAY THEN"]);
    for asked in asked {
        let name = asked.capability.to_string();
        let granted = match &asked.granted[..] {
            [] => "no".to_owned(),
            whole if whole.contains(&name) => "yes".to_owned(),
            narrowed => narrowed.join(" "),
        };
        table.row([name, granted, asked.means.to_owned()]);
    }
    table
}

fn facts(facts: &[String]) -> Table {
    let mut table = Table::new(["FACT", "IT IS TOLD"]);
    for key in facts {
        table.row([key.clone(), fact(key).to_owned()]);
    }
    table
}

/// Some lines each: help and aliases are longer than columns should be.
pub(super) fn option(option: &OptionReport) -> String {
    let OptionReport { key, scope, values, default, required, help, aliases, .. } = option;
    let default = match default {
        Some(default) => format!(", default {default}"),
        None if *required => ", required".to_owned(),
        None => String::new(),
    };
    let mut text = format!(
        "    {}  {}\n      {help}\n",
        Style::Strong.paint(key),
        Style::Faint.paint(&format!("{scope}: {values}{default}"))
    );
    if !aliases.is_empty() {
        let names = aliases.iter().map(ToString::to_string).collect::<Vec<_>>();
        text.push_str(&format!("      also {}\n", names.join(", ")));
    }
    text
}

fn amounts(amounts: &[Amount]) -> Table {
    let mut table = Table::new(["OF", "IS", "LIMIT", "IN"]);
    for Amount { what, is, limit, unit } in amounts {
        table.row([(*what).to_owned(), is.to_string(), limit.to_string(), (*unit).to_owned()]);
    }
    table
}

fn section(text: &mut String, title: &str, table: &Table) {
    if !table.is_empty() {
        heading(text, title);
        table.to_string().lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
}

fn heading(text: &mut String, title: &str) {
    text.push_str(&format!("\n  {}\n", Style::Strong.paint(title)));
}
