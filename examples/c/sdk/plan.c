#include "plan.h"

#include <string.h>

#include "address.h"
#include "log.h"
#include "text.h"

// A list with one more place at its end.
static void *longer(const void *list, size_t count, size_t size) {
  void *copy = allocate(count + 1, size);
  if (count) memcpy(copy, list, count * size);
  return copy;
}

void plan_add(plan_t *plan, const char *label, action_t action, const char *why) {
  size_t count = plan->steps.len;
  for (size_t at = 0; at < count; at++) {
    if (text_is(plan->steps.ptr[at].label, label)) fail("the label \"%s\" is used twice", label);
  }
  plan->steps.ptr = longer(plan->steps.ptr, count, sizeof(step_t));
  plan->steps.ptr[count] = (step_t){.label = text_of(label), .action = action, .why = {true, text_of(why)}};
  plan->steps.len = count + 1;
}

void plan_share(plan_t *plan, const char *key) {
  if (!plan->steps.len) fail("no step is there to be shared as \"%s\"", key);
  plan->steps.ptr[plan->steps.len - 1].shared = (mode_option_string_t){true, text_of(key)};
}

void plan_gateway(plan_t *plan, address_t address) {
  const char *key = is_ipv6(address) ? "gateway6" : "gateway";
  size_t at = 0;
  while (at < plan->reply.len && !text_is(plan->reply.ptr[at].key, key)) at++;
  if (at == plan->reply.len) {
    plan->reply.ptr = longer(plan->reply.ptr, plan->reply.len++, sizeof(ovs_mode_types_attribute_t));
    plan->reply.ptr[at].key = text_of(key);
  }
  plan->reply.ptr[at].value.tag = OVS_MODE_TYPES_VALUE_ADDRESS;
  plan->reply.ptr[at].value.val.address = address;
}

static text_t copy(text_t text) { return text_format("%t", text); }

static ovs_mode_types_list_ip_net_t nets(const net_t *from, size_t count) {
  ovs_mode_types_list_ip_net_t list = {count ? allocate(count, sizeof(net_t)) : NULL, count};
  if (count) memcpy(list.ptr, from, count * sizeof(net_t));
  return list;
}

action_t own_bridge(void) { return (action_t){.tag = OVS_MODE_TYPES_ACTION_BRIDGE}; }

action_t named_bridge(text_t name) {
  action_t action = own_bridge();
  action.val.bridge.name = (mode_option_string_t){true, copy(name)};
  return action;
}

attachment_t on_bridge(const char *bridge) {
  return (attachment_t){.tag = OVS_MODE_TYPES_ATTACHMENT_BRIDGE, .val.bridge = text_of(bridge)};
}

attachment_t on_logical_switch(const char *logical_switch) {
  return (attachment_t){.tag = OVS_MODE_TYPES_ATTACHMENT_LOGICAL_SWITCH, .val.logical_switch = text_of(logical_switch)};
}

action_t uplink(const char *bridge, text_t name) {
  action_t action = {.tag = OVS_MODE_TYPES_ACTION_UPLINK};
  action.val.uplink.bridge = text_of(bridge);
  action.val.uplink.name = copy(name);
  return action;
}

action_t host_port(const char *bridge, const net_t *addresses, size_t count) {
  action_t action = {.tag = OVS_MODE_TYPES_ACTION_HOST_PORT};
  action.val.host_port.on = on_bridge(bridge);
  action.val.host_port.addresses = nets(addresses, count);
  return action;
}

action_t endpoint_port(const char *bridge, const endpoint_t *endpoint) {
  action_t action = {.tag = OVS_MODE_TYPES_ACTION_ENDPOINT_PORT};
  action.val.endpoint_port.on = on_bridge(bridge);
  action.val.endpoint_port.mac = endpoint->mac;
  action.val.endpoint_port.addresses = nets(endpoint->addresses.ptr, endpoint->addresses.len);
  return action;
}

action_t masquerade(const char *port, const net_t *sources, size_t count) {
  action_t action = {.tag = OVS_MODE_TYPES_ACTION_MASQUERADE};
  action.val.masquerade.port = text_of(port);
  action.val.masquerade.sources = nets(sources, count);
  return action;
}

action_t forward(const char *port, bool hairpin) {
  action_t action = {.tag = OVS_MODE_TYPES_ACTION_FORWARD};
  action.val.forward.port = text_of(port);
  action.val.forward.hairpin = hairpin;
  return action;
}

action_t publish(const char *port, const published_port_t *published, address_t target) {
  action_t action = {.tag = OVS_MODE_TYPES_ACTION_PUBLISH};
  action.val.publish = (ovs_mode_types_publish_t){
      .port = text_of(port),
      .protocol = published->protocol,
      .host_address = published->host_address,
      .host_port = published->host_port,
      .target = target,
      .target_port = published->container_port,
      .translate = true,
  };
  return action;
}

mode_option_u16_t some(int64_t number) {
  if (number < 0 || number > UINT16_MAX) fail("%d is not from 0 to 65535", number);
  return (mode_option_u16_t){true, (uint16_t)number};
}

mode_option_u64_t rate(int64_t number) {
  if (number < 0) fail("%d is no number of bits per second", number);
  return (mode_option_u64_t){true, (uint64_t)number};
}

bool refuse(refusal_t *refusal, refusal_class_t class, const char *code, const char *at, const char *message, ...) {
  va_list parts;
  va_start(parts, message);
  *refusal = (refusal_t){.class_ = class, .code = text_of(code), .message = text_format_list(message, parts)};
  va_end(parts);
  if (at) refusal->at = (mode_option_string_t){true, text_of(at)};
  return false;
}
