// What a mode in C is: these three functions. Each one fills in the plan and returns true, or returns refuse(...).
//
// Everything lives as long as the call: the instance is thrown away after it, so there is nothing to free. What a plan
// holds is its own, though; the functions of plan.h copy what they are given.
#pragma once

#include "types.h"

// What has to exist for the network itself.
bool plan_network(const network_t *network, plan_t *plan, refusal_t *refusal);

// What has to exist for one endpoint: exactly one endpoint_port.
bool plan_endpoint(const network_t *network, const endpoint_t *endpoint, plan_t *plan, refusal_t *refusal);

// What has to exist for the ports an endpoint publishes.
bool plan_publish(const network_t *network, const endpoint_t *endpoint, const published_ports_t *ports, plan_t *plan,
                  refusal_t *refusal);
