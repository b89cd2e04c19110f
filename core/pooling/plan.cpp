#include "core/pooling/plan.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

/// What was asked on one axis. The checks run in the order in which the functions stand here: each may rely
/// on what the ones before have refused.
struct AxisSpec {
  int64_t in, window, stride, dilation, output_size;
  AxisPads pads;

  int64_t extent() const { return dilation * (window - 1) + 1; }
  int64_t padded() const { return in + pads.before + pads.after; }
};

struct Axes {
  AxisSpec rows, columns;
  bool any_padding() const {
    return std::max({rows.pads.before, rows.pads.after, columns.pads.before, columns.pads.after}) > 0;
  }
};

using Check = std::optional<Error>;
using Args = std::optional<std::vector<Arg>>;

/// A mistake concerns the rows, the columns or, with the same numbers, both: three sentences.
struct AxisKeys {
  const char *both, *rows, *columns;
};

/// The first axis whose `check` gives arguments for a sentence; one sentence for both where they agree.
template <class CheckAxis>
Check refuse(const Axes& axes, const AxisKeys& keys, CheckAxis check) {
  const Args on_rows = check(axes.rows), on_columns = check(axes.columns);
  if (on_rows && on_rows == on_columns) return Error(keys.both, *on_rows);
  if (on_rows) return Error(keys.rows, *on_rows);
  if (on_columns) return Error(keys.columns, *on_columns);
  return std::nullopt;
}

Args outside(int64_t value, int64_t low) {
  if (value >= low && value <= kLargestParameter) return std::nullopt;
  return std::vector<Arg>{{"value", std::to_string(value)}, {"limit", std::to_string(kLargestParameter)}};
}

Check check_shape(const Shape& shape) {
  bool too_large = false;
  int64_t count = 1;
  for (const int64_t side : {shape.n, shape.c, shape.h, shape.w}) {
    if (side < 1) return Error("error.pool.empty").with("shape", to_string(shape));
    // The product is checked before it can overflow.
    too_large = too_large || side > kLargestParameter || side > kLargestCount / count;
    if (!too_large) count *= side;
  }
  if (too_large) return Error("error.pool.too-large").with("shape", to_string(shape));
  return std::nullopt;
}

/// Numbers that make no sense on any input and with any kind.
Check check_sizes(const Axes& axes) {
  Check error =
      refuse(axes, {"error.pool.window.both", "error.pool.window.rows", "error.pool.window.columns"},
             [](const AxisSpec& axis) { return outside(axis.window, 1); });
  if (!error)
    error = refuse(axes, {"error.pool.stride.both", "error.pool.stride.rows", "error.pool.stride.columns"},
                   [](const AxisSpec& axis) { return outside(axis.stride, 1); });
  if (!error)
    error =
        refuse(axes, {"error.pool.dilation.both", "error.pool.dilation.rows", "error.pool.dilation.columns"},
               [](const AxisSpec& axis) { return outside(axis.dilation, 1); });
  if (!error)
    error = refuse(axes, {"error.pool.padding.both", "error.pool.padding.rows", "error.pool.padding.columns"},
                   [](const AxisSpec& axis) {
                     const Args before = outside(axis.pads.before, 0);
                     return before ? before : outside(axis.pads.after, 0);
                   });
  if (!error)
    error = refuse(
        axes,
        {"error.pool.output-size.both", "error.pool.output-size.rows", "error.pool.output-size.columns"},
        [](const AxisSpec& axis) { return outside(axis.output_size, 1); });
  return error;
}

Check check_scalars(const PoolSpec& spec) {
  if (spec.divisor == 0) return Error("error.pool.divisor");
  if (!(spec.norm > 0) || !std::isfinite(spec.norm))
    return Error("error.pool.norm").with("value", format_short(spec.norm));
  if (!std::isfinite(spec.sharpness))
    return Error("error.pool.sharpness").with("value", format_short(spec.sharpness));
  if (!(spec.mix >= 0 && spec.mix <= 1)) return Error("error.pool.mix").with("value", format_short(spec.mix));
  if (spec.taps < 2 || spec.taps > 7) return Error("error.pool.taps").with("value", spec.taps);
  if (spec.opset < 11) return Error("error.pool.opset").with("value", spec.opset);
  return std::nullopt;
}

/// What the dialect does not have, and what contradicts itself.
Check check_dialect(const PoolSpec& spec, const KindInfo& kind, const Axes& axes) {
  const DialectInfo& dialect = dialect_info(spec.dialect);
  const auto refusal = [&](const char* key) {
    return Error(key).with("dialect", "dialect." + std::string(dialect.name));
  };
  if (!dialect.allows_pads && (spec.pads || spec.auto_pad != AutoPad::none))
    return refusal("error.pool.dialect-pads");
  if (spec.auto_pad != AutoPad::none && axes.any_padding()) return Error("error.pool.auto-pad");
  if (dialect.own_padding && axes.any_padding()) return refusal("error.pool.dialect-padding");
  if (!dialect.allows_divisor && kind.uses_divisor && spec.divisor)
    return refusal("error.pool.dialect-divisor");
  if (!dialect.allows_dilation && kind.uses(kDilation) &&
      (axes.rows.dilation > 1 || axes.columns.dilation > 1))
    return refusal("error.pool.dialect-dilation");
  return std::nullopt;
}

Check check_padding(const PoolSpec& spec, const KindInfo& kind, const Axes& axes) {
  if (!kind.allows_padding && axes.any_padding()) {
    const int64_t padding = std::max(
        {axes.rows.pads.before, axes.rows.pads.after, axes.columns.pads.before, axes.columns.pads.after});
    return Error("error.pool.padding-kind")
        .with("kind", "kind." + std::string(kind.name))
        .with("padding", padding);
  }
  const auto too_much = [&](bool dilated) {
    return [&spec, dilated](const AxisSpec& axis) -> Args {
      const int64_t limit = largest_padding(spec.dialect, axis.extent());
      const int64_t padding = std::max(axis.pads.before, axis.pads.after);
      if ((axis.dilation > 1) != dilated || padding <= limit) return std::nullopt;
      return std::vector<Arg>{{"padding", std::to_string(padding)},
                              {"window", std::to_string(axis.extent())},
                              {"limit", std::to_string(limit)}};
    };
  };
  const bool half = spec.dialect == Dialect::pytorch;
  const AxisKeys plain = half ? AxisKeys{"error.pool.padding-half.both", "error.pool.padding-half.rows",
                                         "error.pool.padding-half.columns"}
                              : AxisKeys{"error.pool.padding-window.both", "error.pool.padding-window.rows",
                                         "error.pool.padding-window.columns"};
  const AxisKeys dilated =
      half ? AxisKeys{"error.pool.padding-half-dilated.both", "error.pool.padding-half-dilated.rows",
                      "error.pool.padding-half-dilated.columns"}
           : AxisKeys{"error.pool.padding-window-dilated.both", "error.pool.padding-window-dilated.rows",
                      "error.pool.padding-window-dilated.columns"};
  Check error = refuse(axes, plain, too_much(false));
  return error ? error : refuse(axes, dilated, too_much(true));
}

std::vector<Arg> no_room(const AxisSpec& axis) {
  return {{"window", std::to_string(axis.extent())},
          {"cells", std::to_string(axis.in)},
          {"padded", std::to_string(axis.padded())}};
}

constexpr AxisKeys kNoOutput{"error.pool.no-output.both", "error.pool.no-output.rows",
                             "error.pool.no-output.columns"};

AxisPlan sliding_plan(const AxisSpec& axis) {
  AxisPlan plan;
  plan.in = axis.in;
  plan.window = axis.window;
  plan.stride = axis.stride;
  plan.dilation = axis.dilation;
  plan.pad_before = axis.pads.before;
  plan.pad_after = axis.pads.after;
  return plan;
}

// Each geometry lays out `plan`, or says why it cannot.

Check lay_sliding(const PoolSpec& spec, Axes axes, PoolPlan& plan) {
  for (AxisSpec* axis : {&axes.rows, &axes.columns})
    axis->pads = axis_pads(spec, axis->in, axis->extent(), axis->stride, axis->pads);
  const auto outputs = [&](const AxisSpec& axis) {
    return axis_outputs(spec, axis.in, axis.extent(), axis.stride, axis.pads, axes.any_padding());
  };
  if (auto error = refuse(axes, kNoOutput, [&](const AxisSpec& axis) -> Args {
        if (outputs(axis) >= 1) return std::nullopt;
        return no_room(axis);
      }))
    return error;
  plan.rows = sliding_plan(axes.rows);
  plan.columns = sliding_plan(axes.columns);
  plan.rows.out = outputs(axes.rows);
  plan.columns.out = outputs(axes.columns);
  return std::nullopt;
}

Check lay_samples(const Axes& axes, PoolPlan& plan) {
  const auto lay = [](const AxisSpec& axis) {
    AxisPlan one;
    one.in = axis.in;
    one.stride = axis.stride;
    one.out = (axis.in - 1) / axis.stride + 1;
    return one;
  };
  plan.rows = lay(axes.rows);
  plan.columns = lay(axes.columns);
  return std::nullopt;
}

Check lay_blurred(const PoolSpec& spec, const KindInfo& kind, Axes axes, PoolPlan& plan) {
  if (!kind.uses_window)
    axes.rows.window = axes.columns.window = axes.rows.dilation = axes.columns.dilation = 1;
  const auto lay = [&](const AxisSpec& axis) {
    AxisPlan one;
    one.in = axis.in;
    one.stride = axis.stride;
    one.placement = Placement::blurred;
    one.blur_taps = spec.taps;
    one.max_window = axis.window;
    one.max_dilation = axis.dilation;
    one.pad_before = axis.pads.before;
    one.pad_after = axis.pads.after;
    one.window = axis.extent() + spec.taps - 1;
    one.out = (count_maxima(one) - 1) / one.stride + 1;
    return one;
  };
  if (auto error = refuse(axes, kNoOutput, [&](const AxisSpec& axis) -> Args {
        if (count_maxima(lay(axis)) >= 1) return std::nullopt;
        return no_room(axis);
      }))
    return error;
  // Mirroring needs a cell for every place past the edge.
  if (auto error = refuse(
          axes, {"error.pool.blur-reach.both", "error.pool.blur-reach.rows", "error.pool.blur-reach.columns"},
          [&](const AxisSpec& axis) -> Args {
            const int64_t count = count_maxima(lay(axis)), reach = spec.taps / 2;
            if (count > reach) return std::nullopt;
            return std::vector<Arg>{{"taps", std::to_string(spec.taps)},
                                    {"reach", std::to_string(reach)},
                                    {"cells", std::to_string(count)}};
          }))
    return error;
  plan.rows = lay(axes.rows);
  plan.columns = lay(axes.columns);
  return std::nullopt;
}

Check lay_whole(const Axes& axes, PoolPlan& plan) {
  const auto lay = [](const AxisSpec& axis) {
    AxisPlan one;
    one.in = one.window = one.stride = axis.in;
    one.out = 1;
    return one;
  };
  plan.rows = lay(axes.rows);
  plan.columns = lay(axes.columns);
  return std::nullopt;
}

/// Adaptive pooling may ask for more outputs than there are inputs; not for more than a computer holds.
Check check_growth(const Axes& axes, const Shape& in) {
  const int64_t h = axes.rows.output_size, w = axes.columns.output_size;
  if (h <= in.h && w <= in.w) return std::nullopt;
  if (h <= kLargestGrowth / w && h * w <= kLargestGrowth / in.planes()) return std::nullopt;
  return Error("error.pool.output-too-large")
      .with("size", std::to_string(h) + " × " + std::to_string(w))
      .with("limit", format_count(kLargestGrowth));
}

Check lay_bins(const Axes& axes, PoolPlan& plan) {
  if (auto error = check_growth(axes, plan.in)) return error;
  const auto lay = [](const AxisSpec& axis) {
    AxisPlan one;
    one.in = axis.in;
    one.out = axis.output_size;
    one.placement = Placement::bins;
    for (int64_t o = 0; o < one.out; ++o)
      one.window = std::max(one.window, one.length(o));
    one.stride = std::max(axis.in / one.out, int64_t{1});
    return one;
  };
  plan.rows = lay(axes.rows);
  plan.columns = lay(axes.columns);
  return std::nullopt;
}

Check lay_fractional(const PoolSpec& spec, const Axes& axes, PoolPlan& plan) {
  if (auto error = refuse(
          axes, {"error.pool.fractional.both", "error.pool.fractional.rows", "error.pool.fractional.columns"},
          [](const AxisSpec& axis) -> Args {
            const int64_t most = axis.in - axis.window + 1;
            if (axis.output_size <= most) return std::nullopt;
            return std::vector<Arg>{{"outputs", std::to_string(axis.output_size)},
                                    {"window", std::to_string(axis.window)},
                                    {"cells", std::to_string(axis.in)},
                                    {"limit", std::to_string(std::max(most, int64_t{0}))}};
          }))
    return error;
  const auto lay = [&](const AxisSpec& axis, uint64_t which) {
    AxisPlan one;
    one.in = axis.in;
    one.out = axis.output_size;
    one.window = axis.window;
    one.placement = Placement::fractional;
    one.draw_key = mix_bits(spec.seed) + which;
    one.stride = std::max((axis.in - axis.window) / std::max(one.out - 1, int64_t{1}), int64_t{1});
    return one;
  };
  plan.rows = lay(axes.rows, 1);
  plan.columns = lay(axes.columns, 2);
  return std::nullopt;
}

Check lay_blocks(const Axes& axes, PoolPlan& plan) {
  if (auto error = refuse(
          axes, {"error.pool.polyphase.both", "error.pool.polyphase.rows", "error.pool.polyphase.columns"},
          [](const AxisSpec& axis) -> Args {
            if (axis.in % axis.stride == 0) return std::nullopt;
            return std::vector<Arg>{{"cells", std::to_string(axis.in)},
                                    {"stride", std::to_string(axis.stride)}};
          }))
    return error;
  const auto lay = [](const AxisSpec& axis) {
    AxisPlan one;
    one.in = axis.in;
    one.window = one.stride = axis.stride;
    one.out = axis.in / axis.stride;
    return one;
  };
  plan.rows = lay(axes.rows);
  plan.columns = lay(axes.columns);
  return std::nullopt;
}

Check lay_windows(const PoolSpec& spec, const KindInfo& kind, const Axes& axes, PoolPlan& plan) {
  switch (kind.geometry) {
    case Geometry::sliding:
      return lay_sliding(spec, axes, plan);
    case Geometry::sampling:
      return lay_samples(axes, plan);
    case Geometry::blurred:
      return lay_blurred(spec, kind, axes, plan);
    case Geometry::whole:
      return lay_whole(axes, plan);
    case Geometry::bins:
      return lay_bins(axes, plan);
    case Geometry::fractional:
      return lay_fractional(spec, axes, plan);
    case Geometry::blocks:
      return lay_blocks(axes, plan);
  }
  return std::nullopt;
}

}  // namespace

Result<PoolPlan> validate(const PoolSpec& spec, const Shape& input) {
  const Pads pads = spec.pads.value_or(Pads{spec.padding.h, spec.padding.w, spec.padding.h, spec.padding.w});
  const Axes axes{
      {input.h, spec.window.h, spec.stride.h, spec.dilation.h, spec.output_size.h, {pads.top, pads.bottom}},
      {input.w, spec.window.w, spec.stride.w, spec.dilation.w, spec.output_size.w, {pads.left, pads.right}}};
  const KindInfo& kind = kind_info(spec.kind);
  PoolPlan plan;
  plan.spec = spec;
  plan.in = input;
  Check error = check_shape(input);
  if (!error) error = check_sizes(axes);
  if (!error) error = check_scalars(spec);
  if (!error) error = check_dialect(spec, kind, axes);
  if (!error) error = check_padding(spec, kind, axes);
  if (!error) error = lay_windows(spec, kind, axes, plan);
  if (error) return *error;
  plan.out = {input.n, input.c, plan.rows.out, plan.columns.out};
  return plan;
}

}  // namespace poolscope
