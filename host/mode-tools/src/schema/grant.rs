//! What an operator writes so that a module may do what it asks for.

use plan::{Capability, ModeDigest};

/// The section of the configuration that grants a module capabilities, whole. A grant belongs to a digest.
#[must_use]
pub fn grant_section(mode: &str, digest: &ModeDigest, capabilities: &[Capability]) -> String {
    let allow: Vec<_> = capabilities.iter().map(|capability| format!("\"{capability}\"")).collect();
    format!("[grants.{mode}]\ndigest = \"{digest}\"\nallow = [{}]\n", allow.join(", "))
}
