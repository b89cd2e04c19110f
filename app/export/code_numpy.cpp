// Plain NumPy, for every kind and every dialect: what a framework cannot say.

#include <cmath>

#include "app/export/code_writer.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

std::string n(int64_t value) {
  return std::to_string(value);
}

/// "np.arange(2)[:, None] * 2 - 1 + np.arange(3)": the cells that the windows of an axis read.
std::string cells(const AxisPlan& axis) {
  std::string start = "np.arange(" + n(axis.out) + ")[:, None] * " + n(axis.stride);
  if (axis.pad_before > 0) start += " - " + n(axis.pad_before);
  return start + " + np.arange(" + n(axis.window) + ")" + (axis.dilation > 1 ? " * " + n(axis.dilation) : "");
}

/// Windows of a sliding kind: w (n, c, rows, columns, window rows, window columns) and which of it is inside.
void write_windows(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  writer.say(Message("export.code.windows"));
  writer.line("rows = " + cells(plan.rows));
  writer.line("columns = " + cells(plan.columns));
  const std::string h = n(plan.in.h), w = n(plan.in.w);
  writer.line("inside = (((rows >= 0) & (rows < " + h + "))[:, None, :, None]");
  writer.line("          & ((columns >= 0) & (columns < " + w + "))[None, :, None, :])");
  writer.line("w = x[:, :, rows.clip(0, " + n(plan.in.h - 1) + ")[:, None, :, None],");
  writer.line("      columns.clip(0, " + n(plan.in.w - 1) + ")[None, :, None, :]].astype(np.float64)");
}

void write_divisor(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  switch (written_divisor(plan)) {
    case WrittenDivisor::given:
      return writer.line("divisor = " + n(*writer.spec.divisor));
    case WrittenDivisor::whole:
      return writer.line("divisor = " + n(writer.taps()));
    case WrittenDivisor::valid:
      return writer.line("divisor = inside.sum((-2, -1)).clip(1)");
    case WrittenDivisor::framed:
      break;
  }
  writer.line("divisor = np.outer((rows < " + n(plan.in.h + plan.rows.pad_after) + ").sum(1), (columns < " +
              n(plan.in.w + plan.columns.pad_after) + ").sum(1)).clip(1)");
}

void write_average(CodeWriter& writer, const std::string& name) {
  write_divisor(writer);
  writer.line(name + " = np.where(inside, w, 0).sum((-2, -1)) / divisor");
}

void write_powers(CodeWriter& writer, double p) {
  const bool signs = writer.spec.dialect == Dialect::pytorch;
  const bool mean = writer.spec.normalise == Normalise::mean;
  writer.line("total = np.where(inside, " + std::string(signs ? "w" : "abs(w)") + " ** " + py(p) +
              ", 0).sum((-2, -1))");
  if (mean) writer.line("total = total / inside.sum((-2, -1)).clip(1)");
  PoolPlan counted = writer.plan;
  counted.spec.divisor.reset();
  counted.spec.count_padding = true;
  if (!mean && signs && written_divisor(counted) != WrittenDivisor::whole) {
    // PyTorch averages over what is not past the padding and multiplies by the whole window.
    writer.line("total = total * " + n(writer.taps()) + " / np.outer((rows < " +
                n(writer.plan.in.h + writer.plan.rows.pad_after) + ").sum(1), (columns < " +
                n(writer.plan.in.w + writer.plan.columns.pad_after) + ").sum(1)).clip(1)");
  }
  writer.line("y = total ** (1 / " + py(p) + ")");
}

void write_log_sum_exp(CodeWriter& writer) {
  const std::string r = py(writer.spec.sharpness);
  if (writer.spec.sharpness == 0) {
    writer.line("y = np.where(inside, w, 0).sum((-2, -1)) / inside.sum((-2, -1)).clip(1)");
    return;
  }
  writer.line("peak = np.where(inside, " + r + " * w, -np.inf).max((-2, -1), keepdims=True)");
  writer.line("total = np.where(inside, np.exp(" + r + " * w - peak), 0).sum((-2, -1))");
  writer.line("y = (peak[..., 0, 0] + np.log(total / inside.sum((-2, -1)))) / " + r);
}

void write_softpool(CodeWriter& writer) {
  writer.line("peak = np.where(inside, w, -np.inf).max((-2, -1), keepdims=True)");
  writer.line("weights = np.where(inside, np.exp(w - peak), 0)");
  writer.line("y = (weights * w).sum((-2, -1)) / weights.sum((-2, -1))");
}

void write_stochastic(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  writer.line("odds = np.where(inside, w.clip(0), 0).reshape(*w.shape[:4], -1)");
  writer.line("u = draw([" + std::to_string(writer.spec.seed) + "], np.arange(" + n(plan.in.planes()) +
              ").reshape(" + n(plan.in.n) + ", " + n(plan.in.c) + ", 1, 1), np.arange(" + n(plan.out.h) +
              ")[:, None], np.arange(" + n(plan.out.w) + "))");
  writer.line("sums = odds.cumsum(-1)");
  writer.line("reached = (sums >= (u * sums[..., -1])[..., None]) & inside.reshape(*inside.shape[:2], -1)");
  writer.line("y = np.take_along_axis(w.reshape(odds.shape), reached.argmax(-1)[..., None], -1)[..., 0]");
}

void write_expectation(CodeWriter& writer) {
  writer.line("odds = np.where(inside, w.clip(0), 0)");
  writer.line("total = odds.sum((-2, -1))");
  writer.line("y = (odds ** 2).sum((-2, -1)) / np.where(total > 0, total, 1)");
}

void write_sliding(CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  if (spec.kind == Kind::stochastic) write_numpy_draws(writer);
  write_windows(writer);
  const bool empty = has_empty_windows(writer.plan);
  if (empty) writer.line("old = np.seterr(all=\"ignore\")  # some windows hold padding only");
  double of_nothing = 0;
  switch (spec.kind) {
    case Kind::max:
      writer.line("y = np.where(inside, w, -np.inf).max((-2, -1))");
      of_nothing = -HUGE_VAL;
      break;
    case Kind::min:
      writer.line("y = np.where(inside, w, np.inf).min((-2, -1))");
      of_nothing = HUGE_VAL;
      break;
    case Kind::average:
      write_average(writer, "y");
      break;
    case Kind::mixed:
      write_average(writer, "mean");
      writer.line("largest = np.where(inside, w, -np.inf).max((-2, -1))");
      writer.line(spec.mix == 1   ? "y = largest"
                  : spec.mix == 0 ? "y = mean"
                                  : "y = " + py(spec.mix) + " * largest + " + py(1 - spec.mix) + " * mean");
      of_nothing = spec.mix == 0 ? 0 : -HUGE_VAL;
      break;
    case Kind::l2:
      write_powers(writer, 2);
      break;
    case Kind::lp:
      write_powers(writer, spec.norm);
      break;
    case Kind::log_sum_exp:
      write_log_sum_exp(writer);
      of_nothing = spec.sharpness == 0 ? 0 : -HUGE_VAL;
      break;
    case Kind::softpool:
      write_softpool(writer);
      break;
    case Kind::stochastic:
      write_stochastic(writer);
      break;
    default:
      write_expectation(writer);
      break;
  }
  if (empty) writer.line("np.seterr(**old)");
  if (empty) writer.line("y = np.where(inside.any((-2, -1)), y, " + py(of_nothing) + ")");
}

/// Bins of different lengths, one after the other.
void write_bins(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  const auto span = [](const char* o, int64_t in, int64_t out) {
    const std::string i(o);
    return i + " * " + n(in) + " // " + n(out) + ":-((" + i + " + 1) * " + n(in) + " // -" + n(out) + ")";
  };
  const bool max = writer.spec.kind == Kind::adaptive_max;
  writer.line("y = np.empty((" + n(plan.in.n) + ", " + n(plan.in.c) + ", " + n(plan.out.h) + ", " +
              n(plan.out.w) + "))");
  writer.line("for i in range(" + n(plan.out.h) + "):");
  writer.line("    for j in range(" + n(plan.out.w) + "):");
  writer.line("        window = x[:, :, " + span("i", plan.in.h, plan.out.h) + ", " +
              span("j", plan.in.w, plan.out.w) + "]");
  writer.line(std::string("        y[:, :, i, j] = ") +
              (max ? "window.max((2, 3))" : "window.mean((2, 3), dtype=np.float64)"));
}

void write_fractional(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  write_numpy_draws(writer);
  writer.line("def starts(axis, size, window, outputs):  # of every channel's windows");
  writer.line("    u = draw(mix_bits(np.array([" + std::to_string(writer.spec.seed) +
              "], np.uint64)) + np.uint64(axis), np.arange(" + n(plan.in.planes()) + ")[:, None], 0, 0)");
  writer.line(
      "    alpha, o, last = (size - window) / max(outputs - 1, 1), np.arange(outputs), size - window");
  writer.line("    first = np.floor((o + u) * alpha) - np.floor(u * alpha)");
  writer.line("    return np.where(o == outputs - 1, last, np.minimum(first, last)).astype(int)");
  writer.line();
  writer.line("rows = starts(1, " + n(plan.in.h) + ", " + n(plan.rows.window) + ", " + n(plan.out.h) +
              ")[:, :, None] + np.arange(" + n(plan.rows.window) + ")");
  writer.line("columns = starts(2, " + n(plan.in.w) + ", " + n(plan.columns.window) + ", " + n(plan.out.w) +
              ")[:, :, None] + np.arange(" + n(plan.columns.window) + ")");
  writer.line("y = np.stack([plane[r[:, None, :, None], c[None, :, None, :]].max((-2, -1))");
  writer.line("              for plane, r, c in zip(x.reshape(-1, *x.shape[2:]), rows, columns)])");
  writer.line("y = y.reshape(*x.shape[:2], *y.shape[1:])");
}

void write_phases(CodeWriter& writer) {
  const std::string sh = n(writer.plan.rows.stride), sw = n(writer.plan.columns.stride);
  writer.line("phases = np.stack([x[:, :, a::" + sh + ", b::" + sw + "] for a in range(" + sh +
              ") for b in range(" + sw + ")], 1)");
  writer.line("best = (phases.astype(np.float64) ** 2).sum((2, 3, 4)).argmax(1)");
  writer.line("y = phases[np.arange(len(x)), best]");
}

void write_blurred(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  const PoolSpec& spec = writer.spec;
  writer.line("maxima = x.astype(np.float64)");
  if (spec.kind == Kind::max_blur) {
    const AxisPlan &rows = plan.rows, &columns = plan.columns;
    writer.line("padded = np.pad(maxima, [(0, 0), (0, 0), (" + n(rows.pad_before) + ", " + n(rows.pad_after) +
                "), (" + n(columns.pad_before) + ", " + n(columns.pad_after) +
                ")], constant_values=-np.inf)");
    const int64_t h =
        plan.in.h + rows.pad_before + rows.pad_after - rows.max_dilation * (rows.max_window - 1);
    const int64_t w =
        plan.in.w + columns.pad_before + columns.pad_after - columns.max_dilation * (columns.max_window - 1);
    writer.line("maxima = np.max([padded[:, :, a:a + " + n(h) + ", b:b + " + n(w) + "]");
    writer.line("                 for a in range(0, " + n(rows.max_dilation * (rows.max_window - 1) + 1) +
                ", " + n(rows.max_dilation) + ") for b in range(0, " +
                n(columns.max_dilation * (columns.max_window - 1) + 1) + ", " + n(columns.max_dilation) +
                ")], 0)");
  }
  const std::string m = n(spec.taps), before = n((spec.taps - 1) / 2), after = n(spec.taps / 2);
  writer.line("f = np.poly1d([1, 1]) ** " + n(spec.taps - 1));
  writer.line("f = f.coeffs / f.coeffs.sum()");
  writer.line("padded = np.pad(maxima, [(0, 0), (0, 0), (" + before + ", " + after + "), (" + before + ", " +
              after + ")], mode=\"reflect\")");
  writer.line("h, w = maxima.shape[2:]");
  writer.line("y = sum(f[a] * f[b] * padded[:, :, a:a + h:" + n(spec.stride.h) +
              ", b:b + w:" + n(spec.stride.w) + "]");
  writer.line("        for a in range(" + m + ") for b in range(" + m + "))");
}

}  // namespace

void write_numpy_draws(CodeWriter& writer) {
  writer.say(Message("export.code.draws"));
  writer.line("def mix_bits(v):");
  writer.line("    v = v + np.uint64(0x9E3779B97F4A7C15)");
  writer.line("    v = (v ^ (v >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)");
  writer.line("    v = (v ^ (v >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)");
  writer.line("    return v ^ (v >> np.uint64(31))");
  writer.line();
  writer.line("def draw(seed, *keys):  # 0 <= u < 1");
  writer.line("    v = mix_bits(np.array(seed, np.uint64))");
  writer.line("    for key in keys:");
  writer.line("        v = mix_bits(v ^ np.asarray(key, np.uint64))");
  writer.line("    return (v >> np.uint64(11)) * 2.0**-53");
  writer.line();
}

void write_numpy(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  switch (kind_info(writer.spec.kind).geometry) {
    case Geometry::sliding:
      write_sliding(writer);
      break;
    case Geometry::sampling:
      writer.line("y = x[:, :, ::" + n(plan.rows.stride) + ", ::" + n(plan.columns.stride) + "]");
      break;
    case Geometry::whole:
      writer.line(writer.spec.kind == Kind::global_max
                      ? "y = x.max((2, 3), keepdims=True)"
                      : "y = x.mean((2, 3), keepdims=True, dtype=np.float64)");
      break;
    case Geometry::bins:
      write_bins(writer);
      break;
    case Geometry::fractional:
      write_fractional(writer);
      break;
    case Geometry::blurred:
      write_blurred(writer);
      break;
    case Geometry::blocks:
      write_phases(writer);
      break;
  }
  writer.line("y = y.astype(np.float32)");
}

}  // namespace poolscope
