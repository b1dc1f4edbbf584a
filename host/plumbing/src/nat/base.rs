//! The static part of our tables. Everything that comes and goes is an element of a set or map, so that the rules a
//! packet meets do not grow with the number of networks and ports.
//!
//! - `guard`: on ovs-vswitchd's datapath the host kernel sees every frame of a container behind the switch's back, and
//!   would answer and route it. Frames on the host's ends of containers' links, and on uplinks in `uplinks`, end here.
//!   On the kernel's datapath none gets this far.
//! - `forward`: what is not opened is closed. Traffic from a host port needs that port in `gateways`; traffic towards one
//!   has to be an answer, translated by a published port, opened (`opened*`), a ping of what has an open port (`pinged*`),
//!   or between endpoints that may (`hairpins`).
//!   A drop here is final, an accept is not: other tables (Docker's) have their say, too.
//! - `prerouting` and `output`: published ports. Not for loopback addresses: those would need `route_localnet`, which
//!   lets containers reach what the host keeps on 127.0.0.1.
//! - `postrouting`: masquerade, and for a connection that comes back out of the port that it came in by (`loops`), so
//!   that the answer comes by the host, too.
//! - `unguarded6`: Docker's bridges, where Docker keeps no rules for IPv6 (20.10 without `ip6tables`): what comes from a
//!   host port gets there only by a published port.
//! - `closed*`: links that were there when this driver turned forwarding on: nothing new enters by them, as before.
//!   `advertised6`: those that took router advertisements as hosts do, and get that back.

/// A set or map, with its type.
pub(super) struct Set {
    pub(super) name: &'static str,
    spec: &'static str,
    is_map: bool,
}

/// A chain, with its rules.
pub(super) struct Chain {
    pub(super) name: &'static str,
    hook: &'static str,
    pub(super) rules: Vec<String>,
}

/// One table's static part.
pub(super) struct Base {
    pub(super) family: &'static str,
    pub(super) sets: Vec<Set>,
    pub(super) chains: Vec<Chain>,
}

const LOCAL: &str = "fib daddr type local";

/// Both tables' static parts. Host ports and container links are known by what their names begin with.
pub(super) fn bases(prefix: &str) -> [Base; 2] {
    let ends = format!("iifname \"{prefix}e*\" drop");
    let uplinks = "iifname @uplinks drop".to_owned();
    let arp = Base {
        family: "arp",
        sets: vec![set("uplinks", "type ifname;")],
        chains: vec![Chain {
            name: "guard",
            hook: "type filter hook input priority 0; policy accept;",
            rules: vec![ends.clone(), uplinks.clone()],
        }],
    };
    let guard = Chain {
        name: "guard",
        hook: "type filter hook prerouting priority -450; policy accept;",
        rules: vec![ends, uplinks],
    };
    let mut chains = vec![guard];
    chains.extend(filter(prefix));
    chains.extend(translation());
    [Base { family: "inet", sets: sets(), chains }, arp]
}

fn sets() -> Vec<Set> {
    vec![
        set("uplinks", "type ifname;"),
        set("gateways", "type ifname;"),
        set("loops", "type ifname . ifname;"),
        set("hairpins", "type ifname . ifname;"),
        set("opened4", "type ifname . ipv4_addr . inet_proto . inet_service;"),
        set("opened6", "type ifname . ipv6_addr . inet_proto . inet_service;"),
        set("pinged4", "type ifname . ipv4_addr;"),
        set("pinged6", "type ifname . ipv6_addr;"),
        set("closed4", "type ifname;"),
        set("closed6", "type ifname;"),
        set("unguarded6", "type ifname;"),
        set("advertised6", "type ifname;"),
        set("masquerade4", "type ifname . ipv4_addr; flags interval;"),
        set("masquerade6", "type ifname . ipv6_addr; flags interval;"),
        map("published4", "type inet_proto . inet_service : ipv4_addr . inet_service;"),
        map("published6", "type inet_proto . inet_service : ipv6_addr . inet_service;"),
        map("published4_at", "type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;"),
        map("published6_at", "type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service;"),
    ]
}

fn filter(prefix: &str) -> [Chain; 2] {
    let (from, to) = (format!("iifname \"{prefix}h*\""), format!("oifname \"{prefix}h*\""));
    let closed = |family, set| format!("meta nfproto {family} iifname @{set} ct status & dnat != dnat drop");
    let forward = Chain {
        name: "forward",
        hook: "type filter hook forward priority -5; policy accept;",
        rules: vec![
            "ct state established,related accept".to_owned(),
            format!("{from} iifname != @gateways drop"),
            format!("{from} ct state invalid drop"),
            format!("{from} meta nfproto ipv6 oifname @unguarded6 ct status & dnat != dnat drop"),
            format!("{to} jump entering"),
            format!("{from} accept"),
            closed("ipv4", "closed4"),
            closed("ipv6", "closed6"),
        ],
    };
    let entering = [
        "ct status dnat accept",
        "iifname . oifname @hairpins accept",
        "oifname . ip daddr . meta l4proto . th dport @opened4 accept",
        "oifname . ip6 daddr . meta l4proto . th dport @opened6 accept",
        "icmp type echo-request oifname . ip daddr @pinged4 accept",
        "icmpv6 type echo-request oifname . ip6 daddr @pinged6 accept",
        "drop",
    ];
    [Chain { name: "entering", hook: "", rules: entering.map(str::to_owned).to_vec() }, forward]
}

fn translation() -> [Chain; 4] {
    let rules = |rules: &[&str]| rules.iter().map(|rule| (*rule).to_owned()).collect();
    let published = rules(&[
        "dnat ip to ip daddr . meta l4proto . th dport map @published4_at",
        "dnat ip6 to ip6 daddr . meta l4proto . th dport map @published6_at",
        "dnat ip to meta l4proto . th dport map @published4",
        "dnat ip6 to meta l4proto . th dport map @published6",
    ]);
    let local = vec![
        format!("{LOCAL} ip daddr != 127.0.0.0/8 jump published"),
        format!("{LOCAL} ip6 daddr != ::1 jump published"),
    ];
    let postrouting = rules(&[
        "iifname . oifname @loops ct status dnat masquerade",
        "iifname . oifname @loops return",
        "iifname . ip saddr @masquerade4 masquerade",
        "iifname . ip6 saddr @masquerade6 masquerade",
    ]);
    [
        Chain { name: "published", hook: "", rules: published },
        Chain {
            name: "prerouting",
            hook: "type nat hook prerouting priority -100; policy accept;",
            rules: local.clone(),
        },
        Chain { name: "output", hook: "type nat hook output priority -100; policy accept;", rules: local },
        Chain {
            name: "postrouting",
            hook: "type nat hook postrouting priority 100; policy accept;",
            rules: postrouting,
        },
    ]
}

fn set(name: &'static str, spec: &'static str) -> Set {
    Set { name, spec, is_map: false }
}

fn map(name: &'static str, spec: &'static str) -> Set {
    Set { name, spec, is_map: true }
}

impl Base {
    /// The statements that make it, in a table that may have it already; elements stay.
    pub(super) fn statements(&self, table: &str) -> String {
        let family = self.family;
        let mut text = format!("add table {family} {table}\n");
        for Set { name, spec, is_map } in &self.sets {
            let kind = if *is_map { "map" } else { "set" };
            text += &format!("add {kind} {family} {table} {name} {{ {spec} }}\n");
        }
        for Chain { name, hook, rules } in &self.chains {
            let hook = if hook.is_empty() { String::new() } else { format!(" {{ {hook} }}") };
            text += &format!("add chain {family} {table} {name}{hook}\nflush chain {family} {table} {name}\n");
            for rule in rules {
                text += &format!("add rule {family} {table} {name} {rule}\n");
            }
        }
        text
    }
}
