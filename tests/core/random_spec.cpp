#include "tests/core/random_spec.h"

#include "core/pooling/dialects.h"

namespace poolscope {

namespace {

Size2 pair(Random& random, int64_t low, int64_t high) {
  const int64_t h = between(random, low, high);
  return {h, random.below(3) == 0 ? h : between(random, low, high)};
}

void choose_padding(Random& random, PoolSpec& spec) {
  const DialectInfo& dialect = dialect_info(spec.dialect);
  if (dialect.own_padding) return;
  const int64_t high = largest_padding(spec.dialect, spec.dilation.h * (spec.window.h - 1) + 1);
  const int64_t wide = largest_padding(spec.dialect, spec.dilation.w * (spec.window.w - 1) + 1);
  spec.padding = {random.below(high + 1), random.below(wide + 1)};
  if (!dialect.allows_pads || random.below(2) == 0) return;
  spec.padding = {0, 0};
  if (random.below(3) == 0) {
    const AutoPad ways[] = {AutoPad::same_upper, AutoPad::same_lower, AutoPad::valid};
    spec.auto_pad = ways[random.below(3)];
  } else {
    spec.pads =
        Pads{random.below(high + 1), random.below(wide + 1), random.below(high + 1), random.below(wide + 1)};
  }
}

}  // namespace

PoolSpec random_spec(Random& random, const KindInfo& info) {
  PoolSpec spec;
  spec.kind = info.kind;
  if (info.geometry == Geometry::sliding && random.below(2) == 0) {
    const auto dialects = all_dialects();
    spec.dialect = dialects[static_cast<size_t>(random.below(static_cast<int64_t>(dialects.size())))].dialect;
  }
  const DialectInfo& dialect = dialect_info(spec.dialect);
  const int64_t opsets[] = {11, 18, 19, 21, 22};
  spec.opset = opsets[random.below(5)];
  spec.window = pair(random, 1, 5);
  spec.stride = pair(random, 1, info.kind == Kind::aps ? 3 : 5);
  if (dialect.allows_dilation && random.below(3) == 0) spec.dilation = pair(random, 1, 3);
  if (info.allows_padding) choose_padding(random, spec);
  spec.rounding = random.below(2) == 0 ? Rounding::floor : Rounding::ceil;
  spec.count_padding = random.below(2) == 0;
  if (dialect.allows_divisor && random.below(8) == 0) spec.divisor = between(random, 1, 9);
  spec.seed = random.next();
  const double norms[] = {1, 2, 3, 4, 1.5, 0.5};
  spec.norm = norms[random.below(6)];
  spec.normalise = random.below(3) == 0 ? Normalise::mean : Normalise::sum;
  const double sharpnesses[] = {1, 0.25, 4, 0, -1};
  spec.sharpness = sharpnesses[random.below(5)];
  spec.mix = static_cast<double>(random.below(5)) / 4;
  spec.taps = between(random, 2, 7);
  spec.output_size = pair(random, 1, 6);
  return spec;
}

std::string describe(const PoolSpec& spec, const Shape& in) {
  const auto pair_text = [](Size2 size) { return std::to_string(size.h) + "x" + std::to_string(size.w); };
  std::string text = std::string(kind_info(spec.kind).name) + " in " +
                     std::string(dialect_info(spec.dialect).name) + " on " + to_string(in) + ", window " +
                     pair_text(spec.window) + ", stride " + pair_text(spec.stride) + ", padding " +
                     pair_text(spec.padding) + ", dilation " + pair_text(spec.dilation) +
                     (spec.rounding == Rounding::ceil ? ", ceil" : ", floor") +
                     (spec.count_padding ? ", padding counts" : ", padding does not count") + ", opset " +
                     std::to_string(spec.opset) + ", auto-pad " +
                     std::to_string(static_cast<int>(spec.auto_pad)) + ", norm " + std::to_string(spec.norm) +
                     ", sharpness " + std::to_string(spec.sharpness) + ", mix " + std::to_string(spec.mix) +
                     ", taps " + std::to_string(spec.taps) + ", output " + pair_text(spec.output_size);
  if (spec.divisor) text += ", divisor " + std::to_string(*spec.divisor);
  if (spec.pads)
    text += ", pads " + std::to_string(spec.pads->top) + "," + std::to_string(spec.pads->left) + "," +
            std::to_string(spec.pads->bottom) + "," + std::to_string(spec.pads->right);
  return text;
}

}  // namespace poolscope
