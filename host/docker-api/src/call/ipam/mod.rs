//! The calls of address management, one file each. Their errors stand under another name than those of networks.

pub(crate) mod address_spaces;
pub(crate) mod capabilities;
pub(crate) mod release_address;
pub(crate) mod release_pool;
pub(crate) mod request_address;
pub(crate) mod request_pool;

/// What an error is called in an answer about addresses.
const ERROR: &str = "Error";
