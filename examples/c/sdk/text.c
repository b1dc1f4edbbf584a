#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "log.h"

void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (!memory && count) __builtin_trap();
  return memory;
}

text_t text_of(const char *string) {
  text_t text = {allocate(strlen(string) + 1, 1), strlen(string)};
  memcpy(text.ptr, string, text.len);
  return text;
}

bool text_is(text_t text, const char *string) {
  return text.len == strlen(string) && memcmp(text.ptr, string, text.len) == 0;
}

static void add(text_t *text, const void *bytes, size_t length) {
  uint8_t *longer = allocate(text->len + length + 1, 1);
  if (text->len) memcpy(longer, text->ptr, text->len);
  memcpy(longer + text->len, bytes, length);
  text->ptr = longer;
  text->len += length;
}

static void add_text(text_t *text, text_t part) { add(text, part.ptr, part.len); }

static void add_number(text_t *text, int64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do digits[--at] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0) digits[--at] = '-';
  add(text, digits + at, sizeof digits - at);
}

text_t text_format_list(const char *format, va_list parts) {
  text_t text = {0};
  for (const char *at = format; *at; at++) {
    if (*at != '%') {
      size_t length = strcspn(at, "%");
      add(&text, at, length);
      at += length - 1;
      continue;
    }
    switch (*++at) {
      case 's': {
        const char *string = va_arg(parts, const char *);
        add(&text, string, strlen(string));
        break;
      }
      case 't': add_text(&text, va_arg(parts, text_t)); break;
      case 'd': add_number(&text, va_arg(parts, int64_t)); break;
      case 'a': add_text(&text, address_text(va_arg(parts, address_t))); break;
      case 'n': add_text(&text, net_text(va_arg(parts, net_t))); break;
      case '%': add(&text, "%", 1); break;
      default: fail("text_format knows %%s, %%t, %%d, %%a, %%n and %%%%");
    }
  }
  return text;
}

text_t text_format(const char *format, ...) {
  va_list parts;
  va_start(parts, format);
  text_t text = text_format_list(format, parts);
  va_end(parts);
  return text;
}
