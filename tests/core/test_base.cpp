#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/base/message.h"
#include "core/base/random.h"

using namespace poolscope;

TEST_CASE("numbers are written as short as they read back") {
  CHECK(format_exact(3.0f) == "3");
  CHECK(format_exact(0.1f) == "0.1");
  CHECK(format_exact(-0.25f) == "-0.25");
  CHECK(format_exact(230400.0f) == "230400");
  CHECK(format_exact(1.0f / 3.0f) == "0.33333334");
  CHECK(format_exact(std::numeric_limits<float>::quiet_NaN()) == "NaN");
  CHECK(format_exact(-std::numeric_limits<float>::infinity()) == "-inf");
  CHECK(format_short(1.55555) == "1.556");
  CHECK(format_short(260.4, 2) == "260");
  CHECK(format_short(-12345.6) == "-12346");
  CHECK(format_short(9999999.0, 3) == "9999999");
  CHECK(format_short(3e20) == "3e+20");
  CHECK(format_short(0.00001234, 2) == "1.2e-05");
  CHECK(format_count(230400) == "230 400");
  CHECK(format_count(-1234567) == "-1 234 567");
  CHECK(format_count(999) == "999");
}

TEST_CASE("a keyed draw depends on its key alone") {
  CHECK(keyed_uniform(1, 2, 3, 4) == keyed_uniform(1, 2, 3, 4));
  CHECK(keyed_uniform(1, 2, 3, 4) != keyed_uniform(1, 2, 4, 3));
  double sum = 0;
  for (int i = 0; i < 10000; ++i)
    sum += keyed_uniform(7, 0, static_cast<uint64_t>(i / 100), static_cast<uint64_t>(i % 100));
  CHECK(std::fabs(sum / 10000 - 0.5) < 0.01);
}
