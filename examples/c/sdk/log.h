// One line in the driver's log, under the mode's name: the only thing a mode can say besides its answer. Formats are
// those of text_format.
#pragma once

// What helps the author of the mode.
void log_debug(const char *format, ...);
// What an operator may want to know.
void log_info(const char *format, ...);
// What an operator should look at.
void log_warn(const char *format, ...);

// Says what went wrong and ends the call: the mode is broken. What the user did wrong is a refusal instead.
_Noreturn void fail(const char *format, ...);
