#include "core/pooling/kinds.h"

#include <array>
#include <cassert>
#include <iterator>

#include "core/pooling/kernels.h"

namespace poolscope {

namespace {

constexpr uint32_t kSliding = kWindow | kStride | kPadding | kDilation | kRounding;
constexpr uint32_t kUnpadded = kWindow | kStride | kDilation | kRounding;

/// What a kind is, beside its geometry and parameters.
enum Property : unsigned { kMixes = 0, kSelects = 1, kLooksAround = 2 };

constexpr KindRow row(Kind kind, std::string_view name, Geometry geometry, uint32_t parameters,
                      unsigned properties, Kernel kernel, const Words& words) {
  KindInfo info{};
  info.kind = kind;
  info.name = name;
  info.geometry = geometry;
  info.parameters = parameters;
  info.selects = (properties & kSelects) != 0;
  info.window_local = (properties & kLooksAround) == 0;
  info.random = info.uses(kSeed);
  info.uses_divisor = info.uses(kDivisor);
  info.allows_padding = info.uses(kPadding);
  info.uses_window = info.uses(kWindow);
  return {info, kernel, &words};
}

// One row per kind. Adding one: core/README.md.
constexpr KindRow kRows[] = {
    row(Kind::max, "max", Geometry::sliding, kSliding, kSelects, {evaluate_max, share_winner}, kMaxWords),
    row(Kind::average, "average", Geometry::sliding, kSliding | kDivisor, kMixes,
        {evaluate_average, share_average}, kAverageWords),
    row(Kind::stochastic, "stochastic", Geometry::sliding, kUnpadded | kSeed, kSelects,
        {evaluate_stochastic, share_stochastic}, kStochasticWords),
    row(Kind::stochastic_expectation, "stochastic-expectation", Geometry::sliding, kUnpadded, kMixes,
        {evaluate_expectation, share_expectation}, kExpectationWords),
    row(Kind::min, "min", Geometry::sliding, kSliding, kSelects, {evaluate_min, share_winner}, kMinWords),
    row(Kind::l2, "l2", Geometry::sliding, kSliding | kNormalise, kMixes, {evaluate_l2, share_l2}, kL2Words),
    row(Kind::lp, "lp", Geometry::sliding, kSliding | kNorm | kNormalise, kMixes, {evaluate_lp, share_lp},
        kLpWords),
    row(Kind::log_sum_exp, "log-sum-exp", Geometry::sliding, kSliding | kSharpness, kMixes,
        {evaluate_log_sum_exp, share_log_sum_exp}, kLogSumExpWords),
    row(Kind::softpool, "softpool", Geometry::sliding, kSliding, kMixes, {evaluate_softpool, share_softpool},
        kSoftpoolWords),
    row(Kind::mixed, "mixed", Geometry::sliding, kSliding | kDivisor | kMix, kMixes,
        {evaluate_mixed, share_mixed}, kMixedWords),
    row(Kind::none, "none", Geometry::sampling, kStride, kSelects, {evaluate_sample, share_winner},
        kSampleWords),
    row(Kind::blur, "blur", Geometry::blurred, kStride | kTaps, kMixes,
        {evaluate_blur, share_blur, spread_blur}, kBlurWords),
    row(Kind::max_blur, "max-blur", Geometry::blurred, kWindow | kStride | kPadding | kDilation | kTaps,
        kMixes, {evaluate_blur, share_blur, spread_blur}, kMaxBlurWords),
    row(Kind::global_max, "global-max", Geometry::whole, 0, kSelects, {evaluate_max, share_winner},
        kMaxWords),
    row(Kind::global_average, "global-average", Geometry::whole, 0, kMixes, {evaluate_mean, share_average},
        kAverageWords),
    row(Kind::adaptive_max, "adaptive-max", Geometry::bins, kOutputSize, kSelects,
        {evaluate_max, share_winner}, kMaxWords),
    row(Kind::adaptive_average, "adaptive-average", Geometry::bins, kOutputSize, kMixes,
        {evaluate_mean, share_average}, kAverageWords),
    row(Kind::fractional_max, "fractional-max", Geometry::fractional, kWindow | kOutputSize | kSeed, kSelects,
        {evaluate_max, share_winner}, kMaxWords),
    row(Kind::aps, "aps", Geometry::blocks, kStride, kSelects | kLooksAround,
        {evaluate_phase, share_winner, nullptr, prepare_phase}, kPhaseWords),
};

}  // namespace

const KindRow& kind_row(Kind kind) {
  for (const KindRow& one : kRows)
    if (one.info.kind == kind) return one;
  assert(false && "every Kind has a row in the table");
  return kRows[0];
}

std::span<const KindInfo> all_kinds() {
  static const auto infos = [] {
    std::array<KindInfo, std::size(kRows)> list{};
    for (size_t i = 0; i < list.size(); ++i)
      list[i] = kRows[i].info;
    return list;
  }();
  return infos;
}

const KindInfo& kind_info(Kind kind) {
  return kind_row(kind).info;
}

const KindInfo* find_kind(std::string_view name) {
  for (const KindRow& one : kRows)
    if (one.info.name == name) return &one.info;
  return nullptr;
}

}  // namespace poolscope
