//! Calls, both ways. Compiled for each version's types: `super` is the one that includes this file.

use plan::{Plan, Refusal};
use wasmtime::Store;

use super::policy::Guest as Policy;
use super::{lift, log, lower, types};
use crate::guest::Guest;
use crate::{BadValue, LogLevel, Question};

/// Asks a mode. What it answers is a plan, one that cannot be, or a refusal.
pub(crate) fn ask(
    policy: &Policy,
    store: &mut Store<Guest>,
    question: &Question,
) -> wasmtime::Result<Result<Result<Plan, BadValue>, Refusal>> {
    let answer = match question {
        Question::Network(network) => policy.call_plan_network(store, &lower::network(network)),
        Question::Endpoint(network, endpoint) => {
            policy.call_plan_endpoint(store, &lower::network(network), &lower::endpoint(endpoint))
        }
        Question::Publish(network, endpoint, ports) => {
            let ports: Vec<_> = ports.iter().map(lower::published).collect();
            policy.call_plan_publish(store, &lower::network(network), &lower::endpoint(endpoint), &ports)
        }
    };
    Ok(answer?.map(|plan| lift::plan(&plan)).map_err(|refusal| lift::refusal(&refusal)))
}

impl log::Host for Guest {
    fn log(&mut self, level: log::Level, message: String) {
        let level = match level {
            log::Level::Debug => LogLevel::Debug,
            log::Level::Info => LogLevel::Info,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Error => LogLevel::Error,
        };
        self.log.add(level, &message);
    }
}

impl types::Host for Guest {}
