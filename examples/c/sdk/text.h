// Texts: bytes of UTF-8 with their length.
#pragma once

#include <stdarg.h>

#include "types.h"

// A copy of a C string.
text_t text_of(const char *string);

// A text with parts filled in: %s a C string, %t a text_t, %d an int64_t, %a an address_t, %n a net_t, %% itself.
text_t text_format(const char *format, ...);
text_t text_format_list(const char *format, va_list parts);

// Whether a text says just that.
bool text_is(text_t text, const char *string);

// Memory, zeroed. Ends the call where there is none.
void *allocate(size_t count, size_t size);
