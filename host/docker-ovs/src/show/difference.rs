//! What changed between two modules.

use mode_tools::Difference;
use mode_tools::difference::{Change, ChangedOption, Moved, OptionChanges, Permissions, Upgrade, Which};
use mode_tools::schema::OptionReport;

use super::{Style, short};

/// `mode diff`.
pub(crate) fn difference(of: &Difference) -> String {
    if of.same {
        return format!("{} and {} are one file: sha256:{}\n", of.from.mode, of.to.mode, of.from.digest);
    }
    let mut text = format!("{} -> {}\n", which(&of.from), which(&of.to));
    section(&mut text, "permissions", &permissions(&of.permissions));
    section(&mut text, "options", &options(&of.options));
    section(&mut text, "refusals", &moved("code", &of.refusals));
    section(&mut text, "about", &all_changed(&of.about));
    section(&mut text, "interfaces", &[moved("import", &of.imports), moved("export", &of.exports)].concat());
    section(&mut text, "size", &all_changed(&of.amounts));
    if of.is_code_alone() {
        text.push_str("\n  Nothing but the code differs.\n");
    }
    upgrade(&mut text, &of.upgrade);
    text
}

fn which(module: &Which) -> String {
    let digest = Style::Faint.paint(&format!("sha256:{}", short(&module.digest)));
    format!("{} {digest}", Style::Strong.paint(&format!("{} {}", module.mode, module.version)))
}

fn permissions(of: &Permissions) -> Vec<String> {
    let Permissions { capabilities, facts, gateway } = of;
    let mut lines = moved("capability", capabilities);
    lines.extend(moved("fact", facts));
    lines.extend(gateway.iter().map(changed));
    lines
}

fn options(of: &OptionChanges) -> Vec<String> {
    let described = |option: &OptionReport| {
        let required = if option.required { ", required" } else { "" };
        format!("{}  {}: {}{required}", option.key, option.scope, option.values)
    };
    let mut lines: Vec<_> = of.added.iter().map(|option| added(&described(option))).collect();
    lines.extend(of.removed.iter().map(|option| removed(&described(option))));
    for ChangedOption { key, changes, aliases } in &of.changed {
        lines.extend(changes.iter().map(|change| format!("{} {key}  {change}", Style::Doubtful.paint("~"))));
        lines.extend(moved(&format!("{key}  also"), aliases));
    }
    lines
}

/// Always the last thing: what it comes to.
fn upgrade(text: &mut String, of: &Upgrade) {
    heading(text, "upgrade");
    match &of.grant {
        None => text.push_str("    no new grant is needed\n"),
        Some(grant) => {
            let asked = of.grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let line = format!("    a new grant is needed for {asked}: a grant belongs to one file's digest\n");
            text.push_str(&line);
            grant.lines().for_each(|line| text.push_str(&format!("      {line}\n")));
        }
    }
    if of.refused.is_empty() {
        text.push_str("    every option that networks have today is taken\n");
        return;
    }
    text.push_str("    refused of what networks may have today:\n");
    for option in &of.refused {
        let line = format!("{} of {}: {}", option.names.join(", "), option.of, option.reason);
        text.push_str(&format!("      {}\n", Style::Bad.paint(&line)));
    }
}

fn moved(what: &str, of: &Moved) -> Vec<String> {
    let all = of.added.iter().map(|item| added(&format!("{what} {item}")));
    all.chain(of.removed.iter().map(|item| removed(&format!("{what} {item}")))).collect()
}

fn added(line: &str) -> String {
    format!("{} {line}", Style::Good.paint("+"))
}

fn removed(line: &str) -> String {
    format!("{} {line}", Style::Bad.paint("-"))
}

fn changed(change: &Change) -> String {
    format!("{} {change}", Style::Doubtful.paint("~"))
}

fn all_changed(changes: &[Change]) -> Vec<String> {
    changes.iter().map(changed).collect()
}

fn section(text: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        heading(text, title);
        lines.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
}

fn heading(text: &mut String, title: &str) {
    text.push_str(&format!("\n  {}\n", Style::Strong.paint(title)));
}
