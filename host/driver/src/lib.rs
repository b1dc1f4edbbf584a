//! The life of networks and endpoints: order of things, locks, store, reconcile
