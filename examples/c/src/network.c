// Mode lab: a switch of its own for each network.
//
// Containers reach each other and nobody else. With `gateway=host` this host is in the network, too, at the gateway's
// address, and the containers' default route leads to it. `isolated` keeps containers from each other, but for those
// that say `isolated=false` themselves: a server that every client reaches, and no client another.
//
// In here: what exists for the network itself, its switch, and the host's port if the host is the gateway.
#include "network.h"

#include "address.h"
#include "options.h"
#include "plan.h"
#include "policy.h"
#include "text.h"

// The least MTU that IPv6 works with (RFC 8200, section 5).
static const int64_t IPV6_MINIMUM_MTU = 1280;

bool host_is_gateway(const network_t *network) { return text_is(text_option(&network->options, "gateway"), "host"); }

bool check_mtu(int64_t mtu, const network_t *network, refusal_t *refusal) {
  if (mtu >= IPV6_MINIMUM_MTU || !has_ipv6(network)) return true;
  return refuse(refusal, OVS_MODE_TYPES_REFUSAL_CLASS_INVALID, "mtu-too-small", "mtu",
                "an MTU of %d is too small for IPv6: give %d or more, or no IPv6 subnet", mtu, IPV6_MINIMUM_MTU);
}

static size_t find_gateways(const network_t *network, net_t *gateways) {
  size_t count = 0;
  for (size_t at = 0; at < network->subnets.len; at++) {
    const subnet_t *subnet = &network->subnets.ptr[at];
    if (is_real(subnet) && subnet->gateway.is_some) gateways[count++] = subnet->gateway.val;
  }
  return count;
}

bool plan_network(const network_t *network, plan_t *plan, refusal_t *refusal) {
  int64_t mtu = integer_option(&network->options, "mtu");
  if (!check_mtu(mtu, network, refusal)) return false;
  plan_add(plan, "bridge", own_bridge(), "the network's own switch");
  if (!host_is_gateway(network)) return true;
  if (network->internal) {
    return refuse(refusal, OVS_MODE_TYPES_REFUSAL_CLASS_INVALID, "internal-gateway", "gateway",
                  "an internal network has no gateway: leave out gateway=host, or --internal");
  }
  net_t *gateways = allocate(network->subnets.len, sizeof(net_t));
  size_t count = find_gateways(network, gateways);
  if (count == 0) {
    return refuse(refusal, OVS_MODE_TYPES_REFUSAL_CLASS_INVALID, "no-gateway", "gateway",
                  "no subnet of the network has a gateway that this host could be: give --subnet");
  }
  action_t port = host_port("bridge", gateways, count);
  port.val.host_port.mtu = some(mtu);
  plan_add(plan, "host", port, "option gateway: this host at the gateway's address");
  return true;
}
