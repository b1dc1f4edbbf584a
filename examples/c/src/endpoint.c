// What exists for one container: its link, and its way to the gateway. And what a switch says to published ports.
#include "address.h"
#include "network.h"
#include "options.h"
#include "plan.h"
#include "policy.h"

// The container's own, else the network's. What is larger than the network's would be lost on the way.
static bool find_mtu(const network_t *network, const endpoint_t *endpoint, int64_t *mtu, refusal_t *refusal) {
  int64_t most = integer_option(&network->options, "mtu");
  *mtu = integer_option_or(&endpoint->options, "mtu", most);
  if (*mtu <= most) return check_mtu(*mtu, network, refusal);
  return refuse(refusal, OVS_MODE_TYPES_REFUSAL_CLASS_INVALID, "mtu-too-large", "mtu",
                "an MTU of %d is more than the %d of the network: give %d or less", *mtu, most, most);
}

bool plan_endpoint(const network_t *network, const endpoint_t *endpoint, plan_t *plan, refusal_t *refusal) {
  int64_t mtu;
  if (!find_mtu(network, endpoint, &mtu, refusal)) return false;
  bool isolated =
      boolean_option_or(&endpoint->options, "isolated", boolean_option(&network->options, "isolated"));
  action_t port = endpoint_port("bridge", endpoint);
  port.val.endpoint_port.mtu = some(mtu);
  port.val.endpoint_port.isolated = isolated;
  plan_add(plan, "port", port,
           isolated ? "the container's link, kept from other isolated ones" : "the container's link");
  if (!host_is_gateway(network)) return true;
  for (size_t at = 0; at < endpoint->addresses.len; at++) {
    const subnet_t *subnet = subnet_of(network, endpoint->addresses.ptr[at].address);
    if (subnet && subnet->gateway.is_some) plan_gateway(plan, subnet->gateway.val.address);
  }
  return true;
}

bool plan_publish(const network_t *network, const endpoint_t *endpoint, const published_ports_t *ports, plan_t *plan,
                  refusal_t *refusal) {
  (void)network, (void)endpoint, (void)ports, (void)plan;
  return refuse(refusal, OVS_MODE_TYPES_REFUSAL_CLASS_UNSUPPORTED, "publish", NULL,
                "mode lab publishes no ports: leave out -p, or connect the container to a network of mode nat, too");
}
