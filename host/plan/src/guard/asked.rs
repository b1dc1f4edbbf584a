//! Whose a value is. A mode hands on what a user named: where that cannot be, the user has to change it, not the mode.

use super::denial::{Broken, Rule, escaped};
use super::{Asked, Request};
use crate::{Attribute, Value};

impl Broken {
    /// Blames the option that says a text, if one does. What a mode may do is between it and the operator.
    pub(super) fn blame_option(self, text: &str, request: &Request<'_>) -> Self {
        if self.rule() == Rule::Grant {
            return self;
        }
        match option(text, request) {
            Some(option) => self.blame(format!("option {}={}", escaped(&option.key), escaped(text))),
            None => self,
        }
    }
}

/// The option that says a text: the endpoint's own before the network's. What of it cannot be seen comes back from a mode
/// written out.
fn option<'a>(text: &str, request: &'a Request<'_>) -> Option<&'a Attribute> {
    let of_endpoint = match request.asked {
        Asked::Network => &[][..],
        Asked::Endpoint { endpoint, .. } | Asked::Publish { endpoint, .. } => &endpoint.options,
    };
    let is_said = |said: &str| said == text || escaped(said) == text;
    of_endpoint.iter().chain(&request.network.options).find(|option| match &option.value {
        Value::Text(said) => is_said(said),
        Value::Texts(texts) => texts.iter().any(|said| is_said(said)),
        Value::Address(address) => address.to_string() == text,
        Value::Net(net) => net.to_string() == text || net.addr().to_string() == text,
        Value::Integer(_) | Value::Boolean(_) | Value::Mac(_) => false,
    })
}
