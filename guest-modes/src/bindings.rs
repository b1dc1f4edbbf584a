wit_bindgen::generate!({
    path: "../wit",
    world: "mode",
    pub_export_macro: true,
    export_macro_name: "export_contract",
    default_bindings_module: "guest_modes::bindings",
});
