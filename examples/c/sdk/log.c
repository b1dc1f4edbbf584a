#include "log.h"

#include "text.h"

static void write(ovs_mode_log_level_t level, const char *format, va_list parts) {
  text_t text = text_format_list(format, parts);
  ovs_mode_log_log(level, &text);
}

#define LOG(level)                \
  va_list parts;                  \
  va_start(parts, format);        \
  write((level), format, parts);  \
  va_end(parts)

void log_debug(const char *format, ...) { LOG(OVS_MODE_LOG_LEVEL_DEBUG); }

void log_info(const char *format, ...) { LOG(OVS_MODE_LOG_LEVEL_INFO); }

void log_warn(const char *format, ...) { LOG(OVS_MODE_LOG_LEVEL_WARN); }

_Noreturn void fail(const char *format, ...) {
  LOG(OVS_MODE_LOG_LEVEL_ERROR);
  __builtin_trap();
}
