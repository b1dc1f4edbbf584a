// One line in the driver's log, under the mode's name: the only thing a mode can say besides its answer. `console` has
// nowhere to go.

import host from "ovs:mode/log@1.0.0";

/** What helps the author of the mode. */
export const debug = (message) => host.log("debug", String(message));
/** What an operator may want to know. */
export const info = (message) => host.log("info", String(message));
/** What an operator should look at. */
export const warn = (message) => host.log("warn", String(message));
/** What went wrong. */
export const error = (message) => host.log("error", String(message));
