#include "options.h"

#include "log.h"
#include "text.h"

const value_t *find_option(const attributes_t *options, const char *key) {
  for (size_t at = 0; at < options->len; at++) {
    if (text_is(options->ptr[at].key, key)) return &options->ptr[at].value;
  }
  return NULL;
}

static const value_t *expect(const attributes_t *options, const char *key, uint8_t tag) {
  const value_t *value = find_option(options, key);
  if (!value) fail("\"%s\" is missing: mode.toml has to give it a default", key);
  if (value->tag != tag) fail("\"%s\" has another type than it is asked for", key);
  return value;
}

int64_t integer_option(const attributes_t *options, const char *key) {
  return expect(options, key, OVS_MODE_TYPES_VALUE_INTEGER)->val.integer;
}

bool boolean_option(const attributes_t *options, const char *key) {
  return expect(options, key, OVS_MODE_TYPES_VALUE_BOOLEAN)->val.boolean;
}

text_t text_option(const attributes_t *options, const char *key) {
  return expect(options, key, OVS_MODE_TYPES_VALUE_TEXT)->val.text;
}

int64_t integer_option_or(const attributes_t *options, const char *key, int64_t otherwise) {
  return find_option(options, key) ? integer_option(options, key) : otherwise;
}

bool boolean_option_or(const attributes_t *options, const char *key, bool otherwise) {
  return find_option(options, key) ? boolean_option(options, key) : otherwise;
}
