//! The sandbox: loads mode components, runs them, and turns their answers into plans
