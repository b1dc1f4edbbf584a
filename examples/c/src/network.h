// What of a network its containers need to know, too.
#pragma once

#include "types.h"

bool host_is_gateway(const network_t *network);

// Whether the network's links may have that MTU; refuses if not.
bool check_mtu(int64_t mtu, const network_t *network, refusal_t *refusal);
