//! `docker-ovs mode new`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use mode_tools::project::Language;

/// Write a project of a new mode that builds and passes its tests
///
/// What is written is a mode that works: a switch for each network, with options, refusals, IPv4 and IPv6, its fixtures,
/// a README, a CI file and the SDK. Make yours of it. Its language's ordinary tools are all that it needs; the README
/// says which.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  docker-ovs mode new lab --lang rust
  cd lab && cat README.md

Exit codes:
  64  the name is no mode's, or the directory is not empty")]
pub(crate) struct New {
    /// What the mode is called: --opt mode=NAME
    pub(crate) name: String,
    /// The language
    #[arg(long, value_parser = language())]
    pub(crate) lang: Language,
    /// Where to write it [default: NAME]
    #[arg(value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}

fn language() -> impl TypedValueParser<Value = Language> {
    let value = |language: Language| PossibleValue::new(language.word()).help(language.to_string());
    PossibleValuesParser::new(Language::ALL.map(value)).map(|word| {
        let named = Language::ALL.into_iter().find(|language| language.word() == word);
        named.expect("the parser has no other words")
    })
}
