//! Modes.

use admin::report::{Mode, ModeOrigin, ModeUser, Modes};

use super::{Style, Table, short};
use crate::command::mode::{Added, RemovedMode};

/// `mode ls`; without a driver nobody knows of networks.
pub(crate) fn modes(all: &Modes, driver: bool) -> String {
    let mut table = Table::new(["NAME", "VERSION", "DIGEST", "ORIGIN", "GRANTED", "NOT GRANTED", "NETWORKS", "STATE"]);
    all.modes.iter().for_each(|mode| table.row(row(mode)));
    let mut text = table.to_string();
    let errors = all.modes.iter().filter_map(|mode| Some(format!("{}: {}", mode.name, mode.error.as_ref()?)));
    // What a file's error is stands in a notice, too.
    let notices = all.notices.iter().filter(|notice| !all.modes.iter().any(|mode| is_about(mode, notice)));
    for line in errors.chain(notices.cloned()) {
        text.push_str(&format!("{} {line}\n", Style::Doubtful.paint("note")));
    }
    if !driver {
        text.push_str(&format!(
            "{} no driver answers: which networks use them is not known\n",
            Style::Doubtful.paint("note")
        ));
    }
    text
}

fn is_about(mode: &Mode, notice: &str) -> bool {
    mode.error.as_ref().is_some_and(|error| notice.ends_with(error.as_str()))
}

fn row(mode: &Mode) -> [String; 8] {
    let (origin, state) = match (mode.origin, &mode.error) {
        (origin, Some(_)) => (origin, "cannot be used"),
        (ModeOrigin::Store, None) => (mode.origin, "for its networks only"),
        (origin, None) => (origin, "usable"),
    };
    let origin = match origin {
        ModeOrigin::BuiltIn => "built-in",
        ModeOrigin::File => "mode_dir",
        ModeOrigin::Store => "store",
        ModeOrigin::Unknown => "",
    };
    [
        mode.name.clone(),
        mode.version.clone(),
        short(&mode.digest).to_owned(),
        origin.to_owned(),
        mode.granted.join(" "),
        missing(&mode.asked, &mode.granted).join(" "),
        users(&mode.users),
        state.to_owned(),
    ]
}

/// What is asked for and not granted any of.
fn missing(asked: &[String], granted: &[String]) -> Vec<String> {
    let capability = |grant: &String| grant.split('=').next().unwrap_or_default().to_owned();
    let granted: Vec<_> = granted.iter().map(capability).collect();
    asked.iter().filter(|asked| !granted.contains(asked)).cloned().collect()
}

fn users(users: &[ModeUser]) -> String {
    users.iter().map(user).collect::<Vec<_>>().join(" ")
}

/// A network by its name, or as much of its identifier as Docker shows.
pub(crate) fn user(user: &ModeUser) -> String {
    user.name.clone().unwrap_or_else(|| short(&user.id).to_owned())
}

/// `mode add`.
pub(crate) fn added(added: &Added) -> String {
    let Added { name, version, digest, path, asked, granted, grants, replaced, users, driver } = added;
    let mut text = format!("mode {name} {version} (sha256:{}) is in {}\n", short(digest), path.display());
    let mut line = |key: &str, value: &str| text.push_str(&format!("  {key:<14}{value}\n"));
    for capability in asked {
        let of_it = granted.iter().filter(|grant| grant.split('=').next() == Some(capability.as_str()));
        let parameters: Vec<_> =
            of_it.map(|grant| grant.split_once('=').map_or("granted", |(_, value)| value)).collect();
        let value = match &parameters[..] {
            [] => format!("not granted: --grant {capability} would; what needs it is refused"),
            parameters => parameters.join(" "),
        };
        line(capability, &value);
    }
    if asked.is_empty() {
        line("asks for", "nothing");
    }
    if let Some(grants) = grants {
        line("written to", &grants.display().to_string());
    }
    if let Some(replaced) = replaced {
        line("replaces", &format!("sha256:{}", short(replaced)));
    }
    if !users.is_empty() {
        let list = self::users(users);
        line("kept by", &format!("{list}: they keep their module until docker-ovs mode upgrade"));
    }
    match driver {
        true => line("driver", "has it now"),
        false => line("driver", "none answers here: one that is started has it"),
    }
    text
}

/// `mode rm`.
pub(crate) fn removed_mode(removed: &RemovedMode) -> String {
    let RemovedMode { name, file, users, revoked, kept, grants } = removed;
    let digests = |digests: &[String]| {
        digests.iter().map(|digest| format!("sha256:{}", short(digest))).collect::<Vec<_>>().join(", ")
    };
    let mut text = match (file, &revoked[..]) {
        (Some(file), _) => format!("removed mode {name} ({})\n", file.display()),
        (None, []) => format!("nothing was removed: mode {name} has no module here\n"),
        (None, _) => format!("removed what mode {name} was granted\n"),
    };
    if !revoked.is_empty() {
        text.push_str(&format!("  revoked       what was granted to {}\n", digests(revoked)));
    }
    if !users.is_empty() {
        text.push_str(&format!(
            "  kept by       {}: they keep their module and what it is granted\n",
            self::users(users)
        ));
    }
    if let Some(grants) = grants {
        let why = if users.is_empty() { "nobody could say whether networks need it" } else { "for them" };
        text.push_str(&format!("  still there   {}: what is granted to {}, {why}\n", grants.display(), digests(kept)));
    }
    text
}
