// The contract's exports, under the names that mode.h has for them.
#include "policy.h"

bool exports_ovs_mode_policy_plan_network(network_t *network, plan_t *plan, refusal_t *refusal) {
  *plan = (plan_t){0};
  return plan_network(network, plan, refusal);
}

bool exports_ovs_mode_policy_plan_endpoint(network_t *network, endpoint_t *endpoint, plan_t *plan, refusal_t *refusal) {
  *plan = (plan_t){0};
  return plan_endpoint(network, endpoint, plan, refusal);
}

bool exports_ovs_mode_policy_plan_publish(network_t *network, endpoint_t *endpoint, published_ports_t *ports,
                                          plan_t *plan, refusal_t *refusal) {
  *plan = (plan_t){0};
  return plan_publish(network, endpoint, ports, plan, refusal);
}
