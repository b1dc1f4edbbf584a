//! Hosts in namespaces with their own Docker and Open vSwitch, for the tests, the demo and the bench
