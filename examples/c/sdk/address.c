#include "address.h"

#include "text.h"

bool is_ipv6(address_t address) { return address.tag == OVS_MODE_TYPES_IP_ADDRESS_IPV6; }

// The bit of an address, the first one is 0.
static unsigned bit(const address_t *address, unsigned at) {
  if (!is_ipv6(*address)) return (((const uint8_t *)&address->val.ipv4)[at / 8] >> (7 - at % 8)) & 1;
  return (((const uint16_t *)&address->val.ipv6)[at / 16] >> (15 - at % 16)) & 1;
}

bool net_contains(net_t net, address_t address) {
  if (net.address.tag != address.tag) return false;
  for (unsigned at = 0; at < net.prefix_length; at++) {
    if (bit(&net.address, at) != bit(&address, at)) return false;
  }
  return true;
}

static text_t hexadecimal(uint16_t group) {
  char digits[5] = {0};
  unsigned at = 0;
  for (int shift = 12; shift >= 0; shift -= 4) {
    unsigned digit = (group >> shift) & 15;
    if (digit || at || !shift) digits[at++] = "0123456789abcdef"[digit];
  }
  return text_of(digits);
}

static text_t ipv6_text(const uint16_t *groups) {
  // The longest run of two or more zeros, the first of them, is left out.
  unsigned best = 8, longest = 1;
  for (unsigned start = 0; start < 8; start++) {
    unsigned length = 0;
    while (start + length < 8 && !groups[start + length]) length++;
    if (length > longest) best = start, longest = length;
  }
  text_t text = text_of("");
  for (unsigned at = 0; at < 8; at++) {
    if (at == best) {
      text = text_format("%t::", text);
      at += longest - 1;
    } else {
      text = text_format(at && at != best + longest ? "%t:%t" : "%t%t", text, hexadecimal(groups[at]));
    }
  }
  return text;
}

text_t address_text(address_t address) {
  if (is_ipv6(address)) return ipv6_text((const uint16_t *)&address.val.ipv6);
  const uint8_t *octets = (const uint8_t *)&address.val.ipv4;
  int64_t a = octets[0], b = octets[1], c = octets[2], d = octets[3];
  return text_format("%d.%d.%d.%d", a, b, c, d);
}

text_t net_text(net_t net) { return text_format("%a/%d", net.address, (int64_t)net.prefix_length); }

bool is_real(const subnet_t *subnet) { return subnet->pool.prefix_length > 0; }

const subnet_t *subnet_of(const network_t *network, address_t address) {
  for (size_t at = 0; at < network->subnets.len; at++) {
    const subnet_t *subnet = &network->subnets.ptr[at];
    if (is_real(subnet) && net_contains(subnet->pool, address)) return subnet;
  }
  return NULL;
}

bool has_ipv6(const network_t *network) {
  for (size_t at = 0; at < network->subnets.len; at++) {
    const subnet_t *subnet = &network->subnets.ptr[at];
    if (is_real(subnet) && is_ipv6(subnet->pool.address)) return true;
  }
  return false;
}
