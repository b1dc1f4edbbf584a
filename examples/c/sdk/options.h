// Options and facts by name. The host has read them by the types that mode.toml gives them.
#pragma once

#include "types.h"

// The value under a key, or NULL.
const value_t *find_option(const attributes_t *options, const char *key);

// The value of an option that is always there, because it has a default or is required. One that is not, or has another
// type, ends the call: then mode.toml says something else.
int64_t integer_option(const attributes_t *options, const char *key);
bool boolean_option(const attributes_t *options, const char *key);
text_t text_option(const attributes_t *options, const char *key);

// The value of an option that may be absent, and then is the other one.
int64_t integer_option_or(const attributes_t *options, const char *key, int64_t otherwise);
bool boolean_option_or(const attributes_t *options, const char *key, bool otherwise);
