// The whole answer of a mode: steps in order, and what Docker is told.

import { toAttributes } from "./wire.js";

/** Steps in order, and for an endpoint the reply: `plan.reply.routes`, say, for what no method is for. */
export class Plan {
  steps = [];
  reply = {};

  /**
   * Adds a step. The label names what it makes, for the steps that build on it; `why` is for people. What other networks of
   * the host have, too, and add with the same label and action, has the same `shared` key in all of them.
   */
  add(label, action, why, { shared = null } = {}) {
    if (!/^[A-Za-z0-9-]{1,32}$/.test(label)) {
      throw new TypeError(`"${label}" is not a label: 1 to 32 letters, digits and "-"`);
    }
    if (this.steps.some((step) => step.label === label)) throw new TypeError(`the label "${label}" is used twice`);
    this.steps.push({ label, action, why, shared });
  }

  /** Makes an address the container's default route, for its family. */
  gateway(address) {
    this.reply[address.family === 4 ? "gateway" : "gateway6"] = address;
  }

  toWit() {
    return { steps: this.steps, reply: toAttributes(this.reply) };
  }
}
