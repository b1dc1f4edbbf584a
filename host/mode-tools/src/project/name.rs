//! The name of an example, replaced by a project's.

/// What the examples are called.
const EXAMPLE: &str = "lab";

/// A text of an example with the name of a project: wherever `lab` stands alone. Where cargo has made `_` of `-`, in
/// `mode_lab`, so does this.
pub(super) fn renamed(text: &str, name: &str) -> String {
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(EXAMPLE) {
        let (before, after) = (&rest[..at], &rest[at + EXAMPLE.len()..]);
        renamed.push_str(before);
        let joined = renamed.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        match joined {
            true => renamed.push_str(EXAMPLE),
            false if renamed.ends_with('_') => renamed.push_str(&name.replace('-', "_")),
            false => renamed.push_str(name),
        }
        rest = after;
    }
    renamed.push_str(rest);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_stands_alone() {
        for (text, expected) in [
            ("lab", "my-net"),
            ("Mode lab: lab.wasm, mode-lab", "Mode my-net: my-net.wasm, mode-my-net"),
            ("mode_lab.wasm", "mode_my_net.wasm"),
            ("a label, collab and labs stay", "a label, collab and labs stay"),
            ("lablab lab", "lablab my-net"),
        ] {
            assert_eq!(renamed(text, "my-net"), expected);
        }
    }

    #[test]
    fn an_example_renamed_to_itself_is_itself() {
        assert_eq!(renamed("mode lab, mode_lab, label", EXAMPLE), "mode lab, mode_lab, label");
    }
}
