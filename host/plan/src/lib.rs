//! The vocabulary of networks, endpoints, actions and plans, and the guard that admits a plan
