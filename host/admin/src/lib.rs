//! The operators' socket: protocol, server and the client that the commands use
