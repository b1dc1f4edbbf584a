//! Whether a refusal helps who reads it.

use plan::Refusal;
use policy::Manifest;

/// The codes with which the host itself refuses what a user gave and a mode handed on.
const HOSTS: [&str; 2] = ["bad-value", "secret-in-plan"];

/// What is wrong with a refusal; nothing: it has a code, one of the manifest's where that lists them, and the option that
/// it names exists.
pub(crate) fn unclear(refusal: &Refusal, manifest: &Manifest) -> Option<String> {
    let Refusal { code, at, .. } = refusal;
    if code.is_empty() {
        return Some(format!("it refuses without a code: {}", refusal.message));
    }
    if let Some(at) = at.as_ref().filter(|at| manifest.spec(at).is_none()) {
        return Some(format!("it refuses at option {at}, and its manifest has none of that name"));
    }
    let promised = manifest.refusals.is_empty() || manifest.refusals.contains(code) || HOSTS.contains(&code.as_str());
    (!promised).then(|| format!("it refuses with {code}, which is not among the refusals of its manifest"))
}
