//! A page about a mode for those who use it, in Markdown, and the table of options in it.
//!
//! `docs/options.md` is made of the same table. What a stranger wrote is text in here: it is neither markup, nor HTML, nor
//! more than one word of a command that somebody copies.

mod example;
mod markdown;
mod options;

use std::fmt::Write;

use plan::Capability;
use policy::{Checked, Manifest, Origin};

use self::markdown::{code, text};
pub use self::options::table;
use crate::schema;

/// A page about one module.
#[must_use]
pub fn page(module: &Checked) -> String {
    let (mode, manifest) = (module.name(), module.manifest());
    let Manifest { name, version, summary, contract, .. } = manifest;
    let mut page = format!("# Mode {mode}\n\n{}\n\n", text(summary));
    let digest = code(&format!("sha256:{}", module.digest()));
    let _ = writeln!(page, "Version {} of {}, for contract ovs:mode {contract}; {digest}.", text(version), code(name));
    page.push_str(&usage(mode, manifest));
    page.push_str("\n## Options\n\n");
    page.push_str(&table(manifest).unwrap_or_else(|| "It has none.\n".to_owned()));
    let (_, gateway) = schema::gateway(manifest.gateway);
    let _ = write!(page, "\n## Gateway\n\n{}.\n", capitalised(gateway));
    page.push_str(&permissions(module));
    page.push_str(&facts(manifest));
    page.push_str(&refusals(manifest));
    page
}

/// The table of options under a heading that says whose they are.
#[must_use]
pub fn section(mode: &str, manifest: &Manifest) -> String {
    let options = table(manifest).unwrap_or_else(|| "It has no options.\n".to_owned());
    format!("## Mode {mode}: {}\n\n{options}", text(&manifest.summary))
}

fn usage(mode: &str, manifest: &Manifest) -> String {
    let mut text = format!("\n## Use\n\n```sh\n{}", example::commands(mode, manifest));
    let _ = write!(text, "```\n\nIn Compose:\n\n```yaml\n{}```\n", example::compose(mode, manifest));
    text
}

fn permissions(module: &Checked) -> String {
    let capabilities = &module.manifest().capabilities;
    let mut text =
        "\n## What it may do\n\nIts networks' own bridges and its own containers' ports need no permission.".to_owned();
    if capabilities.is_empty() {
        return text + " It asks for no other.\n";
    }
    text.push_str(" Besides, it asks for:\n\n| capability | its plans may then |\n|---|---|\n");
    for capability in capabilities {
        let _ = writeln!(text, "| {} | {} |", code(&capability.to_string()), schema::capability(*capability));
    }
    text.push_str(&match module.origin() {
        Origin::BuiltIn => format!(
            "\nIt is built in, and has all of them unless `[grants.{}]` of the configuration narrows it.\n",
            module.name()
        ),
        Origin::Site => granting(module, capabilities),
    });
    text
}

fn granting(module: &Checked, capabilities: &[Capability]) -> String {
    let (name, authors) = (module.name(), &module.manifest().name);
    let section = schema::grant_section(name, module.digest(), capabilities);
    let named = if name == authors { String::new() } else { format!(" --name {name}") };
    let grants = capabilities.iter().map(|capability| format!(" --grant {capability}")).collect::<String>();
    format!(
        "\nAn operator grants them to this very file, by its digest; a plan that needs what is not granted is refused. \
         `bridge`, `uplink` and `vlan` can be narrowed, as in `uplink=eth1` and `vlan=100-199`.\n\n\
         ```sh\ndocker-ovs mode add {name}.wasm{named}{grants}\n```\n\nThe same in the configuration:\n\n\
         ```toml\n{section}```\n"
    )
}

fn facts(manifest: &Manifest) -> String {
    if manifest.facts.is_empty() {
        return String::new();
    }
    let mut text = "\n## What it is told about the host\n\n| fact | |\n|---|---|\n".to_owned();
    for fact in &manifest.facts {
        let _ = writeln!(text, "| {} | {} |", code(fact), schema::fact(fact));
    }
    text
}

fn refusals(manifest: &Manifest) -> String {
    if manifest.refusals.is_empty() {
        return String::new();
    }
    let codes = manifest.refusals.iter().map(|refusal| code(refusal)).collect::<Vec<_>>();
    format!("\n## What it refuses\n\nIts refusals have one of these codes, besides a message: {}.\n", codes.join(", "))
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
