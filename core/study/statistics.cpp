#include "core/study/statistics.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace poolscope {

namespace {

constexpr double kPi = std::numbers::pi;

/// P(|T| <= x): Abramowitz and Stegun 26.7.3 and 26.7.4.
double student_coverage(double x, int64_t degrees) {
  const double angle = std::atan(x / std::sqrt(static_cast<double>(degrees)));
  const double c = std::cos(angle), s = std::sin(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? c : 1, sum = degrees == 1 ? 0 : term;
  for (int64_t k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= c * c * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  return odd ? 2 / kPi * (angle + s * sum) : s * sum;
}

Estimate interval(double value, double variance_of_value, int64_t n) {
  Estimate estimate{value, 0, value, value, n};
  if (n < 2) {
    estimate.standard_error = estimate.high = std::numeric_limits<double>::infinity();
    estimate.low = -estimate.high;
    return estimate;
  }
  estimate.standard_error = std::sqrt(variance_of_value);
  const double reach = student_quantile(0.95, n - 1) * estimate.standard_error;
  estimate.low = value - reach;
  estimate.high = value + reach;
  return estimate;
}

}  // namespace

double student_quantile(double coverage, int64_t degrees) {
  assert(degrees >= 1 && coverage > 0 && coverage < 1);
  // Beyond these the difference to a normal is in the fourth digit and falls.
  degrees = std::min<int64_t>(degrees, 10'000);
  double low = 0, high = 1;
  while (student_coverage(high, degrees) < coverage)
    high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (student_coverage(middle, degrees) < coverage ? low : high) = middle;
  }
  return (low + high) / 2;
}

Estimate counted(double value) {
  return {value, 0, value, value, 0};
}

Estimate mean_of(std::span<const double> repeats) {
  const auto n = static_cast<double>(repeats.size());
  double sum = 0, squares = 0;
  for (const double value : repeats)
    sum += value;
  const double mean = sum / n;
  for (const double value : repeats)
    squares += (value - mean) * (value - mean);
  return interval(mean, squares / (n - 1) / n, static_cast<int64_t>(repeats.size()));
}

Estimate mean_difference(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  std::vector<double> differences(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    differences[i] = a[i] - b[i];
  return mean_of(differences);
}

Estimate jackknife(const RepeatSums& data, const std::function<double(std::span<const double>)>& f) {
  const int64_t n = data.repeats();
  std::vector<double> whole(data.width, 0), rest(data.width), left_out;
  for (size_t i = 0; i < data.sums.size(); ++i)
    whole[i % data.width] += data.sums[i];
  const double value = f(whole);
  if (n < 2) return interval(value, 0, n);
  double mean = 0, squares = 0;
  for (int64_t r = 0; r < n; ++r) {
    for (size_t i = 0; i < data.width; ++i)
      rest[i] = whole[i] - data.sums[static_cast<size_t>(r) * data.width + i];
    left_out.push_back(f(rest));
    mean += left_out.back() / static_cast<double>(n);
  }
  for (const double without : left_out)
    squares += (without - mean) * (without - mean);
  return interval(value, squares * static_cast<double>(n - 1) / static_cast<double>(n), n);
}

double Normal::next() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  // 1 - u is above 0, so that the logarithm is finite.
  const double radius = std::sqrt(-2 * std::log(1 - random_.uniform()));
  const double angle = 2 * kPi * random_.uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

LargestNormal largest_normal(int64_t count) {
  const auto n = static_cast<double>(count);
  double mean = 0, square = 0;
  constexpr double kReach = 9, kStep = 1.0 / 512;
  for (double x = -kReach; x <= kReach; x += kStep) {
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * kPi);
    const double below = 0.5 * std::erfc(-x / std::numbers::sqrt2);
    const double weight = n * density * std::pow(below, n - 1) * kStep;
    mean += weight * x;
    square += weight * x * x;
  }
  return {mean, std::sqrt(square - mean * mean)};
}

}  // namespace poolscope
