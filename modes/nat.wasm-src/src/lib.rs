//! Mode nat: a private network behind the host address
