// Addresses.
#pragma once

#include "types.h"

bool is_ipv6(address_t address);

// Whether an address lies in a subnet.
bool net_contains(net_t net, address_t address);

// As people write it: 10.1.0.1, fd00::1 (RFC 5952).
text_t address_text(address_t address);

// With the length of the prefix: 10.1.0.0/24.
text_t net_text(net_t net);

// Whether a subnet is a real one: the pool of everything (0.0.0.0/0, ::/0) stands for none.
bool is_real(const subnet_t *subnet);

// The subnet of a network that an address lies in, or NULL.
const subnet_t *subnet_of(const network_t *network, address_t address);

// Whether containers get IPv6 addresses.
bool has_ipv6(const network_t *network);
