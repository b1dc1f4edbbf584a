//! Docker's remote network driver protocol: HTTP on a unix socket in, typed calls out
