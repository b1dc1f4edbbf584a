//! What a mode answers.

use super::action::text;
use crate::bindings::ovs::mode::types;
use crate::{Plan, Protocol, Refusal, RefusalClass, Step};

impl From<Plan> for types::Plan {
    fn from(plan: Plan) -> Self {
        Self { steps: plan.steps.into_iter().map(Into::into).collect(), reply: plan.reply.into() }
    }
}

impl From<Step> for types::Step {
    fn from(step: Step) -> Self {
        Self { label: text(&step.label), action: step.action.into(), why: Some(step.why), shared: step.shared }
    }
}

impl From<Protocol> for types::Protocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Tcp => Self::Tcp,
            Protocol::Udp => Self::Udp,
            Protocol::Sctp => Self::Sctp,
        }
    }
}

impl From<Refusal> for types::Refusal {
    fn from(refusal: Refusal) -> Self {
        Self { class: refusal.class.into(), code: refusal.code, message: refusal.message, at: refusal.at }
    }
}

impl From<RefusalClass> for types::RefusalClass {
    fn from(class: RefusalClass) -> Self {
        match class {
            RefusalClass::Invalid => Self::Invalid,
            RefusalClass::Unsupported => Self::Unsupported,
            RefusalClass::Conflict => Self::Conflict,
            RefusalClass::Exhausted => Self::Exhausted,
            RefusalClass::Denied => Self::Denied,
            RefusalClass::Internal => Self::Internal,
        }
    }
}
