//! The values that Docker's requests are made of, each checked once, here.

pub(crate) mod address_data;
pub(crate) mod endpoint_options;
pub(crate) mod id;
pub(crate) mod mac;
pub(crate) mod net;
pub(crate) mod network_options;
pub(crate) mod pool_id;
pub(crate) mod port;
pub(crate) mod text;
