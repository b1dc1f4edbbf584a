// Addresses, and what they are parts of.

/** An IPv4 address (four parts of 8 bits) or an IPv6 address (eight parts of 16 bits). */
export class Address {
  constructor(parts) {
    this.parts = parts;
  }

  static parse(text) {
    const parts = text.includes(":") ? ipv6(text) : ipv4(text);
    if (!parts) throw new TypeError(`"${text}" is not an address`);
    return new Address(parts);
  }

  /** 4 or 6. */
  get family() {
    return this.parts.length === 4 ? 4 : 6;
  }

  toString() {
    if (this.family === 4) return this.parts.join(".");
    // RFC 5952: the longest run of two or more zeros, the first of them, is left out.
    const groups = this.parts.map((part) => part.toString(16)).join(":");
    const runs = groups.match(/\b0(:0)+\b/g) ?? [];
    const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
    return longest ? groups.replace(new RegExp(`(^|:)${longest}(:|$)`), "::") : groups;
  }
}

/** An address with the length of its prefix. */
export class Net {
  constructor(address, prefixLength) {
    this.address = address;
    this.prefixLength = prefixLength;
  }

  static parse(text) {
    const [address, length] = text.split("/");
    const net = new Net(Address.parse(address), Number(length));
    if (/^\d+$/.test(length) && net.prefixLength <= (net.address.family === 4 ? 32 : 128)) return net;
    throw new TypeError(`"${text}" is not an address with its prefix length`);
  }

  /** Whether an address lies in this subnet. */
  contains(address) {
    if (address.family !== this.address.family) return false;
    const width = address.family === 4 ? 8 : 16;
    return this.address.parts.every((part, index) => {
      const bits = Math.min(Math.max(this.prefixLength - index * width, 0), width);
      return (part ^ address.parts[index]) >> (width - bits) === 0;
    });
  }

  toString() {
    return `${this.address}/${this.prefixLength}`;
  }
}

function ipv4(text) {
  const parts = text.split(".").map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  return parts.length === 4 && parts.every((part) => part < 256) ? parts : null;
}

function ipv6(text) {
  const [before, after, more] = text.split("::").map((half) => (half ? half.split(":") : []));
  const missing = 8 - before.length - (after?.length ?? 0);
  if (more || (after ? missing < 1 : missing !== 0)) return null;
  const groups = [...before, ...Array(missing).fill("0"), ...(after ?? [])];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.map((group) => parseInt(group, 16)) : null;
}
