//! What wit-bindgen makes of `wit/mode.wit`. Nobody but the conversions in `wire` and the code behind
//! [`crate::export!`] has to look at it.

#![allow(
    missing_docs,
    unsafe_code,
    reason = "generated: the canonical ABI is raw memory, and the documentation is in the WIT file"
)]

wit_bindgen::generate!({
    path: "../wit",
    world: "mode",
    pub_export_macro: true,
    export_macro_name: "export_contract",
    default_bindings_module: "guest_modes::bindings",
});
