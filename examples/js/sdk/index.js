// What a mode in JavaScript is written with: the contract's values as JavaScript likes them, and back.
//
// Written by `docker-ovs mode new`; another docker-ovs writes another one. A mode is three functions, given to
// `exported`. They get a Network, an Endpoint and a list of published ports, with addresses as Address and Net and
// options as an object, and return a Plan or throw a Refusal. Anything else that is thrown is a defect of the mode: it
// goes to the driver's log, and Docker is told that the mode is broken.

export * from "./actions.js";
export { Address, Net } from "./address.js";
export { exported } from "./export.js";
export * from "./logical.js";
export * as log from "./log.js";
export { Plan } from "./plan.js";
export { Refusal } from "./refusal.js";
