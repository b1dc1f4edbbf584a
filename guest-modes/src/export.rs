//! What makes a crate a module: its exports, and its manifest beside them.

use std::marker::PhantomData;
use std::panic;
use std::sync::Once;

use crate::bindings::exports::ovs::mode::policy;
use crate::bindings::ovs::mode::types;
use crate::{Mode, log, wire};

/// Makes the crate a module: exports a [`Mode`] and embeds the `mode.toml` beside the crate's `Cargo.toml`.
///
/// The crate's `crate-type` is `["cdylib", "rlib"]`, and one invocation stands at its root. On other targets than
/// WebAssembly it only checks that the type is a mode, so that the crate's tests run natively.
#[macro_export]
macro_rules! export {
    ($mode:ty) => {
        const _: () = {
            const fn is_a_mode<M: $crate::Mode>() {}
            is_a_mode::<$mode>();
        };

        #[cfg(target_family = "wasm")]
        #[allow(unsafe_code, reason = "symbol and section names of the component model's ABI; no memory is touched here")]
        mod exported_mode {
            use super::*;

            type Exported = $crate::Exported<$mode>;
            $crate::bindings::export_contract!(Exported with_types_in $crate::bindings);

            const MANIFEST: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/mode.toml"));

            #[used]
            #[unsafe(link_section = "ovs-mode-manifest")]
            static SECTION: [u8; MANIFEST.len()] = *include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/mode.toml"));
        }
    };
}

/// A [`Mode`] with the contract's functions.
#[doc(hidden)]
pub struct Exported<M>(PhantomData<M>);

impl<M: Mode> policy::Guest for Exported<M> {
    fn plan_network(network: types::Network) -> Result<types::Plan, types::Refusal> {
        panics_go_to_the_log();
        wire::answer(M::plan_network(&network.into()))
    }

    fn plan_endpoint(network: types::Network, endpoint: types::Endpoint) -> Result<types::Plan, types::Refusal> {
        panics_go_to_the_log();
        wire::answer(M::plan_endpoint(&network.into(), &endpoint.into()))
    }

    fn plan_publish(
        network: types::Network,
        endpoint: types::Endpoint,
        ports: Vec<types::PublishedPort>,
    ) -> Result<types::Plan, types::Refusal> {
        panics_go_to_the_log();
        let ports: Vec<_> = ports.into_iter().map(Into::into).collect();
        wire::answer(M::plan_publish(&network.into(), &endpoint.into(), &ports))
    }
}

/// A module has no standard error: without this a panic would be a bare `unreachable`.
fn panics_go_to_the_log() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| panic::set_hook(Box::new(|panic| log::error(panic))));
}
