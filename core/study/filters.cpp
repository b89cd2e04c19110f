#include "core/study/filters.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/thread_pool.h"

namespace poolscope {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr int64_t kEdges = 8, kBlurs = 4;

int64_t side_for(double sigma) {
  return 2 * static_cast<int64_t>(std::ceil(2 * sigma)) + 1;
}

template <class Weight>
Filter make_filter(Filter filter, Weight weight) {
  filter.side = side_for(filter.sigma);
  const int64_t half = filter.side / 2;
  for (int64_t y = -half; y <= half; ++y)
    for (int64_t x = -half; x <= half; ++x) {
      const auto dx = static_cast<double>(x), dy = static_cast<double>(y);
      const double bell = std::exp(-(dx * dx + dy * dy) / (2 * filter.sigma * filter.sigma));
      const double along = dx * std::cos(filter.angle) + dy * std::sin(filter.angle);
      filter.weights.push_back(weight(bell, along));
    }
  if (filter.family == FilterFamily::gabor) {
    double sum = 0, bells = 0;
    std::vector<double> bell;
    for (int64_t y = -half; y <= half; ++y)
      for (int64_t x = -half; x <= half; ++x)
        bell.push_back(std::exp(-static_cast<double>(x * x + y * y) / (2 * filter.sigma * filter.sigma)));
    for (size_t i = 0; i < bell.size(); ++i) {
      sum += filter.weights[i];
      bells += bell[i];
    }
    // A flat input must give 0: take the mean off, under the same bell.
    for (size_t i = 0; i < bell.size(); ++i)
      filter.weights[i] -= sum / bells * bell[i];
  }
  double size = 0;
  for (const double w : filter.weights)
    size += std::fabs(w);
  for (double& w : filter.weights)
    w /= size;
  return filter;
}

}  // namespace

std::vector<Filter> filter_bank(int64_t count) {
  std::vector<Filter> bank;
  for (int64_t i = 0; i < count; ++i) {
    Filter filter;
    if (i < kEdges) {
      filter.angle = static_cast<double>(i % 4) * kPi / 4;
      filter.sigma = i < 4 ? 0.8 : 1.6;
      bank.push_back(make_filter(filter, [](double bell, double along) { return along * bell; }));
    } else if (i < kEdges + kBlurs) {
      filter.family = FilterFamily::blur;
      filter.sigma = 0.7 * static_cast<double>(i - kEdges + 1);
      bank.push_back(make_filter(filter, [](double bell, double) { return bell; }));
    } else {
      const int64_t g = i - kEdges - kBlurs;
      filter.family = FilterFamily::gabor;
      filter.angle = static_cast<double>(g % 8) * kPi / 8;
      filter.wavelength = 3.0 + 1.5 * static_cast<double>(g / 8);
      filter.sigma = 0.45 * filter.wavelength;
      const double wave = 2 * kPi / filter.wavelength;
      bank.push_back(
          make_filter(filter, [wave](double bell, double along) { return bell * std::cos(wave * along); }));
    }
  }
  return bank;
}

Tensor feature_maps(const Tensor& input, const std::vector<Filter>& filters, Progress* progress) {
  const Shape& shape = input.shape();
  const int64_t h = shape.h, w = shape.w;
  std::vector<float> grey(static_cast<size_t>(h * w));
  for (int64_t i = 0; i < h * w; ++i) {
    double sum = 0;
    for (int64_t c = 0; c < shape.c; ++c)
      sum += input.plane(c)[i];
    grey[static_cast<size_t>(i)] = static_cast<float>(sum / static_cast<double>(shape.c));
  }
  Tensor maps(Shape{1, static_cast<int64_t>(filters.size()), h, w});
  const auto clamped = [](int64_t i, int64_t n) { return std::clamp<int64_t>(i, 0, n - 1); };
  for (size_t f = 0; f < filters.size(); ++f) {
    if (progress != nullptr && progress->cancelled) return maps;
    const Filter& filter = filters[f];
    const int64_t half = filter.side / 2;
    float* out = maps.plane(static_cast<int64_t>(f));
    run_in_pieces(h, hardware_threads(), [&](int64_t begin, int64_t end) {
      std::vector<double> row(static_cast<size_t>(w));
      for (int64_t y = begin; y < end; ++y) {
        std::fill(row.begin(), row.end(), 0.0);
        for (int64_t a = 0; a < filter.side; ++a) {
          const float* from = grey.data() + clamped(y + a - half, h) * w;
          for (int64_t b = 0; b < filter.side; ++b) {
            const double weight = filter.weights[static_cast<size_t>(a * filter.side + b)];
            for (int64_t x = 0; x < w; ++x)
              row[static_cast<size_t>(x)] += weight * from[clamped(x + b - half, w)];
          }
        }
        for (int64_t x = 0; x < w; ++x)
          out[y * w + x] = static_cast<float>(row[static_cast<size_t>(x)]);
      }
    });
    if (progress != nullptr) ++progress->done;
  }
  return maps;
}

}  // namespace poolscope
