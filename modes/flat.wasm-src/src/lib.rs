//! Mode flat: a layer 2 segment, with an uplink if you want one
