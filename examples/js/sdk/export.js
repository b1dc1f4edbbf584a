// What makes three functions a module.

import { Endpoint, Network, PublishedPort } from "./inputs.js";
import { error } from "./log.js";
import { Refusal } from "./refusal.js";

/** What the contract calls. The module exports it as `policy`. */
export function exported({ planNetwork, planEndpoint, planPublish }) {
  return {
    planNetwork: (network) => answer(() => planNetwork(new Network(network))),
    planEndpoint: (network, endpoint) => answer(() => planEndpoint(new Network(network), new Endpoint(endpoint))),
    planPublish: (network, endpoint, ports) =>
      answer(() => planPublish(new Network(network), new Endpoint(endpoint), ports.map((port) => new PublishedPort(port)))),
  };
}

/** A refusal is an answer. Anything else that is thrown ends the call, and would end it without a word. */
function answer(plan) {
  try {
    return plan().toWit();
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown.toWit();
    // What it was comes last: that line is shown where there is room for one.
    for (const line of `${thrown?.stack ?? ""}`.trimEnd().split("\n")) error(line);
    error(thrown);
    throw thrown;
  }
}
