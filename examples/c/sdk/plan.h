// Plans: steps in order, and what Docker is told. What the actions mean is written in mode.h.
//
// A bridge, switch or port is named by the label of an earlier step, or of one of the network's plan. The rest of an
// action is set in it: action.val.host_port.mtu = some(1500). Tunnels and what OVN makes have no function here: those are
// structures of mode.h.
#pragma once

#include "types.h"

// Adds a step. The label names what it makes, for the steps that build on it; `why` is for people.
void plan_add(plan_t *plan, const char *label, action_t action, const char *why);

// Says of the step that was added last that other networks of the host have it, too, and add it with the same key, label
// and action: it is made for the first of them, used by the others, and goes with the last.
void plan_share(plan_t *plan, const char *key);

// Makes an address the container's default route, for its family.
void plan_gateway(plan_t *plan, address_t address);

// The network's own bridge, and one that a user named.
action_t own_bridge(void);
action_t named_bridge(text_t name);

// What a port is plugged into: a bridge, as host_port and endpoint_port have it, or a logical switch.
attachment_t on_bridge(const char *bridge);
attachment_t on_logical_switch(const char *logical_switch);

// A host interface on a bridge.
action_t uplink(const char *bridge, text_t name);

// The host's foot in the network, with its addresses there.
action_t host_port(const char *bridge, const net_t *addresses, size_t count);

// The container's link, with its Ethernet and IP addresses.
action_t endpoint_port(const char *bridge, const endpoint_t *endpoint);

// What leaves the host from `sources` by another way than the port carries the host's address.
action_t masquerade(const char *port, const net_t *sources, size_t count);

// New connections may leave the network through the host port.
action_t forward(const char *port, bool hairpin);

// A published port, translated to an address of the container.
action_t publish(const char *port, const published_port_t *published, address_t target);

// A number where there may be none: a VLAN or an MTU, and bits per second.
mode_option_u16_t some(int64_t number);
mode_option_u64_t rate(int64_t number);

// Says no: what was wrong and what would be right, in words for the user (a format of text_format). `code` is short and
// stable, for tests and scripts; `at` is the key of the option to change, or NULL. Returns false, as the caller has to.
bool refuse(refusal_t *refusal, refusal_class_t class, const char *code, const char *at, const char *message, ...);
