#include "core/pooling/plan.h"

#include <optional>
#include <string>

#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

/// What was asked on one axis. The checks run in the order in which the functions stand here: each may rely
/// on what the ones before have refused.
struct AxisSpec {
  int64_t in, window, stride, padding, dilation;

  int64_t extent() const { return dilation * (window - 1) + 1; }
  /// PyTorch's limit in its newer form: half of the dilated window.
  int64_t largest_padding() const { return extent() / 2; }
};

/// A mistake concerns the rows, the columns or, with the same numbers, both: three sentences.
struct AxisKeys {
  const char *both, *rows, *columns;
};

/// The first axis whose `check` gives arguments for a sentence; one sentence for both where they agree.
template <class Check>
std::optional<Error> refuse(const AxisSpec& rows, const AxisSpec& columns, const AxisKeys& keys,
                            Check check) {
  const std::optional<std::vector<Arg>> on_rows = check(rows), on_columns = check(columns);
  if (on_rows && on_rows == on_columns) return Error(keys.both, *on_rows);
  if (on_rows) return Error(keys.rows, *on_rows);
  if (on_columns) return Error(keys.columns, *on_columns);
  return std::nullopt;
}

using Args = std::optional<std::vector<Arg>>;

Args outside(int64_t value, int64_t low) {
  if (value >= low && value <= kLargestParameter) return std::nullopt;
  return std::vector<Arg>{{"value", std::to_string(value)}, {"limit", std::to_string(kLargestParameter)}};
}

std::optional<Error> check_numbers(const AxisSpec& rows, const AxisSpec& columns) {
  std::optional<Error> error =
      refuse(rows, columns, {"error.pool.window.both", "error.pool.window.rows", "error.pool.window.columns"},
             [](const AxisSpec& axis) { return outside(axis.window, 1); });
  if (!error)
    error = refuse(rows, columns,
                   {"error.pool.stride.both", "error.pool.stride.rows", "error.pool.stride.columns"},
                   [](const AxisSpec& axis) { return outside(axis.stride, 1); });
  if (!error)
    error = refuse(rows, columns,
                   {"error.pool.dilation.both", "error.pool.dilation.rows", "error.pool.dilation.columns"},
                   [](const AxisSpec& axis) { return outside(axis.dilation, 1); });
  if (!error)
    error = refuse(rows, columns,
                   {"error.pool.padding.both", "error.pool.padding.rows", "error.pool.padding.columns"},
                   [](const AxisSpec& axis) { return outside(axis.padding, 0); });
  return error;
}

std::optional<Error> check_padding(const KindInfo& info, const AxisSpec& rows, const AxisSpec& columns) {
  if (!info.allows_padding && (rows.padding > 0 || columns.padding > 0)) {
    const int64_t padding = rows.padding > 0 ? rows.padding : columns.padding;
    return Error("error.pool.padding-kind")
        .with("kind", "kind." + std::string(info.name))
        .with("padding", padding);
  }
  const auto half = [](const AxisSpec& axis, bool dilated) -> Args {
    if ((axis.dilation > 1) != dilated || axis.padding <= axis.largest_padding()) return std::nullopt;
    return std::vector<Arg>{{"padding", std::to_string(axis.padding)},
                            {"window", std::to_string(axis.extent())},
                            {"limit", std::to_string(axis.largest_padding())}};
  };
  std::optional<Error> error = refuse(
      rows, columns,
      {"error.pool.padding-half.both", "error.pool.padding-half.rows", "error.pool.padding-half.columns"},
      [&](const AxisSpec& axis) { return half(axis, false); });
  if (!error)
    error = refuse(rows, columns,
                   {"error.pool.padding-half-dilated.both", "error.pool.padding-half-dilated.rows",
                    "error.pool.padding-half-dilated.columns"},
                   [&](const AxisSpec& axis) { return half(axis, true); });
  return error;
}

std::optional<Error> check_shape(const Shape& shape) {
  const int64_t sides[] = {shape.n, shape.c, shape.h, shape.w};
  bool too_large = false;
  int64_t count = 1;
  for (const int64_t side : sides) {
    if (side < 1) return Error("error.pool.empty").with("shape", to_string(shape));
    // The product is checked before it can overflow.
    if (side > kLargestParameter || side > kLargestCount / count) too_large = true;
    if (!too_large) count *= side;
  }
  if (too_large) return Error("error.pool.too-large").with("shape", to_string(shape));
  return std::nullopt;
}

/// a / b rounded towards minus infinity: numerators of output sizes are negative where a window does not fit.
int64_t floor_divide(int64_t a, int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t output_size(const AxisSpec& axis, Rounding rounding) {
  const int64_t room = axis.in + 2 * axis.padding - axis.extent();
  if (rounding == Rounding::floor) return floor_divide(room, axis.stride) + 1;
  const int64_t out = floor_divide(room + axis.stride - 1, axis.stride) + 1;
  // The last window must start inside the input or the padding before it.
  return (out - 1) * axis.stride >= axis.in + axis.padding ? out - 1 : out;
}

AxisPlan plan_axis(const AxisSpec& axis, Rounding rounding) {
  AxisPlan plan;
  plan.in = axis.in;
  plan.out = output_size(axis, rounding);
  plan.window = axis.window;
  plan.stride = axis.stride;
  plan.dilation = axis.dilation;
  plan.pad_before = plan.pad_after = axis.padding;
  return plan;
}

}  // namespace

Result<PoolPlan> validate(const PoolSpec& spec, const Shape& input) {
  if (auto error = check_shape(input)) return *error;
  AxisSpec rows{input.h, spec.window.h, spec.stride.h, spec.padding.h, spec.dilation.h};
  AxisSpec columns{input.w, spec.window.w, spec.stride.w, spec.padding.w, spec.dilation.w};
  if (auto error = check_numbers(rows, columns)) return *error;
  const KindInfo& info = kind_info(spec.kind);
  if (!info.uses_window) rows.window = columns.window = rows.dilation = columns.dilation = 1;
  if (auto error = check_padding(info, rows, columns)) return *error;
  if (info.uses_divisor && spec.divisor == 0) return Error("error.pool.divisor");

  const auto no_output = [&](const AxisSpec& axis) -> Args {
    if (output_size(axis, spec.rounding) >= 1) return std::nullopt;
    return std::vector<Arg>{{"window", std::to_string(axis.extent())},
                            {"cells", std::to_string(axis.in)},
                            {"padded", std::to_string(axis.in + 2 * axis.padding)}};
  };
  if (auto error =
          refuse(rows, columns,
                 {"error.pool.no-output.both", "error.pool.no-output.rows", "error.pool.no-output.columns"},
                 no_output))
    return *error;

  PoolPlan plan;
  plan.spec = spec;
  plan.in = input;
  plan.rows = plan_axis(rows, spec.rounding);
  plan.columns = plan_axis(columns, spec.rounding);
  plan.out = {input.n, input.c, plan.rows.out, plan.columns.out};
  return plan;
}

}  // namespace poolscope
