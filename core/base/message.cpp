#include "core/base/message.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace poolscope {

namespace {

std::string special_value(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-inf" : "inf";
}

std::string printed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

}  // namespace

std::string format_exact(float value) {
  if (!std::isfinite(value)) return special_value(value);
  for (int digits = 1; digits < 9; ++digits) {
    std::string text = printed(value, digits);
    if (std::strtof(text.c_str(), nullptr) == value) {
      // %g changes to an exponent when digits < magnitude; prefer 230400 to 2.304e+05 while it stays short.
      if (text.find('e') != std::string::npos && std::fabs(value) >= 1 && std::fabs(value) < 1e7f) continue;
      return text;
    }
  }
  return printed(value, 9);
}

std::string format_short(double value, int digits) {
  if (!std::isfinite(value)) return special_value(value);
  if (value == 0) return "0";
  std::string text = printed(value, digits);
  // %g changes to an exponent where whole digits would be left out: 12346 is easier to read than 1.235e+04.
  const double size = std::fabs(value);
  if (text.find('e') == std::string::npos || size < 1 || size >= 1e7) return text;
  char whole[64];
  std::snprintf(whole, sizeof whole, "%.0f", value);
  return whole;
}

std::string format_count(int64_t value) {
  std::string digits = std::to_string(value);
  const size_t first = value < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, " ");
  }
  return digits;
}

}  // namespace poolscope
