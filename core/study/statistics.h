#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "core/base/random.h"

/// What a number that chance had a part in is worth.
namespace poolscope {

/// A measured number. `n` independent repeats stand behind it; 0: it was counted, so that it has no error and
/// the interval is the number itself.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = 0;
  double low = std::numeric_limits<double>::quiet_NaN();   ///< 95 % interval, Student's t with n - 1 degrees
  double high = std::numeric_limits<double>::quiet_NaN();  ///< of freedom
  int64_t n = 0;
  bool operator==(const Estimate&) const = default;
  bool contains(double other) const { return low <= other && other <= high; }
};

/// A number that is known, not estimated.
Estimate counted(double value);
/// The mean of independent repeats. One repeat alone has no interval: it reaches from -inf to inf.
Estimate mean_of(std::span<const double> repeats);
/// The mean of a - b, pair by pair: repeats that shared their chance.
Estimate mean_difference(std::span<const double> a, std::span<const double> b);

/// Sums that repeats leave behind (of values, of squares, counts), `width` of them for each repeat.
struct RepeatSums {
  size_t width = 0;
  std::vector<double> sums;  ///< repeat by repeat
  int64_t repeats() const { return static_cast<int64_t>(sums.size() / width); }
};
/// f of the sums of all repeats together, with the error that leaving out one repeat after the other shows
/// (the jackknife: Quenouille 1956, Tukey 1958). For deviations, quotients and whatever else is no mean.
Estimate jackknife(const RepeatSums& data, const std::function<double(std::span<const double>)>& f);

/// x with P(|T| <= x) = `coverage` for Student's t with `degrees` degrees of freedom, from 1 on.
double student_quantile(double coverage, int64_t degrees);

/// Independent draws of N(0, 1), two at a time (Box and Muller 1958).
class Normal {
 public:
  explicit Normal(uint64_t seed) : random_(seed) {}
  double next();

 private:
  Random random_;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// E and sd of the largest of `count` independent N(0, 1), by integration of the density n f F^(n-1).
struct LargestNormal {
  double mean = 0, deviation = 0;
};
LargestNormal largest_normal(int64_t count);

}  // namespace poolscope
