// PyTorch: its own modules where they pool as the plan does, else its functions on padding that is written
// out.

#include <algorithm>

#include "app/export/code_writer.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

std::string n(int64_t value) {
  return std::to_string(value);
}

/// One number where both are the same.
std::string size(const Size2& pair) {
  return pair.h == pair.w ? n(pair.h) : py_pair(pair.h, pair.w);
}

/// PyTorch's own setting with the plan's windows, or nothing.
std::optional<PoolPlan> native_plan(const PoolPlan& plan) {
  PoolSpec spec = plan.spec;
  spec.dialect = Dialect::pytorch;
  spec.auto_pad = AutoPad::none;
  spec.pads.reset();
  spec.padding = {plan.rows.pad_before, plan.columns.pad_before};
  for (const Rounding rounding : {Rounding::floor, Rounding::ceil}) {
    spec.rounding = rounding;
    if (auto same = same_windows_in(plan, spec)) return same;
  }
  return std::nullopt;
}

/// "kernel_size=2, stride=2, padding=1": without what is as usual.
std::string module_arguments(const PoolSpec& spec, bool with_padding, bool with_dilation) {
  std::string words = "kernel_size=" + size(spec.window);
  if (spec.stride != spec.window) words += ", stride=" + size(spec.stride);
  if (with_padding && spec.padding != Size2{0, 0}) words += ", padding=" + size(spec.padding);
  if (with_dilation && spec.dilation != Size2{1, 1}) words += ", dilation=" + size(spec.dilation);
  if (spec.rounding == Rounding::ceil) words += ", ceil_mode=True";
  return words;
}

/// Padding of `value`, written out as F.pad takes it: left, right, top, bottom. "x" where there is none.
std::string padded(const CodeWriter& writer, const std::string& what, const std::string& value) {
  const WrittenPads rows = written_pads(writer.plan.rows), columns = written_pads(writer.plan.columns);
  if (rows.before == 0 && rows.after == 0 && columns.before == 0 && columns.after == 0) return what;
  return "F.pad(" + what + ", (" + n(columns.before) + ", " + n(columns.after) + ", " + n(rows.before) +
         ", " + n(rows.after) + "), value=" + value + ")";
}

std::string function_arguments(const PoolSpec& spec) {
  return size(spec.window) + ", stride=" + size(spec.stride) +
         (spec.dilation != Size2{1, 1} ? ", dilation=" + size(spec.dilation) : "");
}

/// y = the largest (or, turned round, the smallest) of every window.
std::string maximum(const CodeWriter& writer, const std::string& what) {
  if (const auto native = native_plan(writer.plan))
    return "torch.nn.MaxPool2d(" + module_arguments(native->spec, true, true) + ")(" + what + ")";
  return "F.max_pool2d(" + padded(writer, what, "-torch.inf") + ", " + function_arguments(writer.spec) + ")";
}

/// def windows(t): every window's values along dimension 2.
void write_windows(CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  const PoolPlan& plan = writer.plan;
  writer.say(Message("export.code.torch_windows"));
  writer.line("def windows(t):");
  writer.line("    cells = F.unfold(t, " + py_pair(spec.window.h, spec.window.w) +
              ", stride=" + py_pair(spec.stride.h, spec.stride.w) +
              ", dilation=" + py_pair(spec.dilation.h, spec.dilation.w) + ")");
  writer.line("    return cells.view(t.shape[0], t.shape[1], " + n(writer.taps()) + ", " + n(plan.out.h) +
              ", " + n(plan.out.w) + ")");
  writer.line();
}

/// "count = ...": how many cells inside the input (or, framed, inside its padding) each window has.
void write_count(CodeWriter& writer, const std::string& name, bool framed) {
  const PoolPlan& plan = writer.plan;
  std::string ones = "torch.ones(1, 1, " + n(plan.in.h) + ", " + n(plan.in.w) + ")";
  WrittenPads rows = written_pads(plan.rows), columns = written_pads(plan.columns);
  if (framed) {
    ones = "torch.ones(1, 1, " + n(plan.in.h + plan.rows.pad_before + plan.rows.pad_after) + ", " +
           n(plan.in.w + plan.columns.pad_before + plan.columns.pad_after) + ")";
    rows = {0, rows.after - plan.rows.pad_after};
    columns = {0, columns.after - plan.columns.pad_after};
  }
  writer.line(name + " = windows(F.pad(" + ones + ", (" + n(columns.before) + ", " + n(columns.after) + ", " +
              n(rows.before) + ", " + n(rows.after) + "))).sum(2)");
}

/// Whether nn.AvgPool2d of this plan divides as `plan` does; `include` says how it must count padding.
bool divides_alike(const PoolPlan& plan, PoolPlan native, bool& include) {
  if (plan.spec.divisor) return true;
  for (const bool counted : {true, false}) {
    native.spec.count_padding = include = counted;
    bool same = true;
    const DivisorRule rule = divisor_rule(plan.spec), other = divisor_rule(native.spec);
    const auto count = [](const AxisWindow& w, DivisorRule how) {
      return how == DivisorRule::valid ? w.valid() : how == DivisorRule::framed ? w.framed : w.taps;
    };
    for (const auto& [a, b] :
         {std::pair{&plan.rows, &native.rows}, std::pair{&plan.columns, &native.columns}})
      for (int64_t o = 0; o < a->out && same; ++o)
        same = count(axis_window(*a, o), rule) == count(axis_window(*b, o), other);
    if (same) return true;
  }
  return false;
}

/// `name` = the mean of every window; expects windows() where it is no module.
std::optional<std::string> average_module(const CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  if (spec.dilation != Size2{1, 1}) return std::nullopt;
  const auto native = native_plan(writer.plan);
  bool include = true;
  if (!native || !divides_alike(writer.plan, *native, include)) return std::nullopt;
  std::string words = "torch.nn.AvgPool2d(" + module_arguments(native->spec, true, false);
  if (!include) words += ", count_include_pad=False";
  if (spec.divisor) words += ", divisor_override=" + n(*spec.divisor);
  return words + ")(x)";
}

void write_average(CodeWriter& writer, const std::string& name) {
  if (const auto module = average_module(writer)) return writer.line(name + " = " + *module);
  write_windows(writer);
  const WrittenDivisor divisor = written_divisor(writer.plan);
  std::string by = n(divisor == WrittenDivisor::given ? *writer.spec.divisor : writer.taps());
  if (divisor == WrittenDivisor::valid || divisor == WrittenDivisor::framed) {
    write_count(writer, "count", divisor == WrittenDivisor::framed);
    by = "count.clamp(min=1)";
  }
  writer.line(name + " = windows(" + padded(writer, "x", "0.0") + ").sum(2) / " + by);
}

void write_powers(CodeWriter& writer, double p) {
  const PoolSpec& spec = writer.spec;
  const bool signs = spec.dialect == Dialect::pytorch, mean = spec.normalise == Normalise::mean;
  const auto native = native_plan(writer.plan);
  const bool padding = writer.plan.rows.pad_before + writer.plan.columns.pad_before > 0;
  if (signs && !mean && native && spec.dilation == Size2{1, 1} && !padding) {
    std::string words = "y = torch.nn.LPPool2d(" + py(p) + ", " + size(spec.window);
    if (spec.stride != spec.window) words += ", stride=" + size(spec.stride);
    if (native->spec.rounding == Rounding::ceil) words += ", ceil_mode=True";
    return writer.line(words + ")(x)");
  }
  write_windows(writer);
  writer.line("total = (windows(" + padded(writer, signs ? "x" : "x.abs()", "0.0") + ") ** " + py(p) +
              ").sum(2)");
  if (mean) {
    write_count(writer, "count", false);
    writer.line("total = total / count.clamp(min=1)");
  } else if (signs) {
    write_count(writer, "count", true);
    writer.line("total = total * " + n(writer.taps()) + " / count.clamp(min=1)");
  }
  writer.line("y = total ** (1 / " + py(p) + ")");
}

void write_log_sum_exp(CodeWriter& writer) {
  write_windows(writer);
  write_count(writer, "count", false);
  const std::string r = py(writer.spec.sharpness);
  if (writer.spec.sharpness == 0)
    writer.line("y = windows(" + padded(writer, "x", "0.0") + ").sum(2) / count.clamp(min=1)");
  else
    writer.line("y = (torch.logsumexp(" + r + " * windows(" + padded(writer, "x", "-torch.inf") +
                "), 2) - torch.log(count)) / " + r);
}

void write_softpool(CodeWriter& writer) {
  write_windows(writer);
  writer.line("weights = torch.softmax(windows(" + padded(writer, "x", "-torch.inf") + "), 2)");
  writer.line("y = (weights * windows(" + padded(writer, "x", "0.0") + ")).sum(2)");
}

void write_mixed(CodeWriter& writer) {
  const double mix = writer.spec.mix;
  if (mix != 1) write_average(writer, mix == 0 ? "y" : "mean");
  if (mix != 0) writer.line(std::string(mix == 1 ? "y" : "largest") + " = " + maximum(writer, "x"));
  if (mix > 0 && mix < 1) writer.line("y = " + py(mix) + " * largest + " + py(1 - mix) + " * mean");
}

void write_stochastic(CodeWriter& writer) {
  const PoolPlan& plan = writer.plan;
  write_numpy_draws(writer);
  write_windows(writer);
  writer.line("w = windows(" + padded(writer, "x", "0.0") + ")");
  writer.line("sums = w.double().clamp(min=0).cumsum(2)");
  writer.line("u = torch.from_numpy(draw([" + std::to_string(writer.spec.seed) + "], np.arange(" +
              n(plan.in.planes()) + ").reshape(" + n(plan.in.n) + ", " + n(plan.in.c) +
              ", 1, 1), np.arange(" + n(plan.out.h) + ")[:, None], np.arange(" + n(plan.out.w) + ")))");
  writer.line("inside = windows(" + padded(writer, "torch.ones_like(x)", "0.0") + ") > 0");
  writer.line("reached = (sums >= (u * sums[:, :, -1]).unsqueeze(2)) & inside");
  writer.line("y = w.gather(2, reached.int().argmax(2, keepdim=True)).squeeze(2)");
}

void write_expectation(CodeWriter& writer) {
  write_windows(writer);
  writer.line("odds = windows(" + padded(writer, "x.clamp(min=0)", "0.0") + ")");
  writer.line("total = odds.sum(2)");
  writer.line("y = (odds ** 2).sum(2) / torch.where(total > 0, total, torch.ones_like(total))");
}

void write_blurred(CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  const AxisPlan &rows = writer.plan.rows, &columns = writer.plan.columns;
  std::string maxima = "x";
  if (spec.kind == Kind::max_blur) {
    std::string from = "x";
    if (rows.pad_before + rows.pad_after + columns.pad_before + columns.pad_after > 0)
      from = "F.pad(x, (" + n(columns.pad_before) + ", " + n(columns.pad_after) + ", " + n(rows.pad_before) +
             ", " + n(rows.pad_after) + "), value=-torch.inf)";
    writer.line("maxima = F.max_pool2d(" + from + ", " + size(spec.window) + ", stride=1" +
                (spec.dilation != Size2{1, 1} ? ", dilation=" + size(spec.dilation) : "") + ")");
    maxima = "maxima";
  }
  const std::string before = n((spec.taps - 1) / 2), after = n(spec.taps / 2), m = n(spec.taps);
  writer.line("f = np.poly1d([1, 1]) ** " + n(spec.taps - 1));
  writer.line("f = torch.tensor(f.coeffs / f.coeffs.sum(), dtype=torch.float32)");
  writer.line("kernel = torch.outer(f, f).expand(" + n(writer.plan.in.c) + ", 1, " + m + ", " + m + ")");
  writer.line("padded = F.pad(" + maxima + ", (" + before + ", " + after + ", " + before + ", " + after +
              "), mode=\"reflect\")");
  writer.line("y = F.conv2d(padded, kernel, stride=" + size(spec.stride) + ", groups=" + n(writer.plan.in.c) +
              ")");
}

void write_phases(CodeWriter& writer) {
  const std::string sh = n(writer.plan.rows.stride), sw = n(writer.plan.columns.stride);
  writer.line("phases = torch.stack([x[:, :, a::" + sh + ", b::" + sw + "] for a in range(" + sh +
              ") for b in range(" + sw + ")], 1)");
  writer.line("best = (phases.double() ** 2).sum((2, 3, 4)).argmax(1)");
  writer.line("y = phases[torch.arange(len(x)), best]");
}

/// What there is no function for: NumPy on the values.
void write_by_numpy(CodeWriter& writer, const char* why) {
  writer.say(Message(why).with("framework", "PyTorch"));
  writer.line("x = x.numpy()");
  write_numpy(writer);
}

void write_kind(CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  const Size2 out{writer.plan.out.h, writer.plan.out.w};
  switch (spec.kind) {
    case Kind::max:
      return writer.line("y = " + maximum(writer, "x"));
    case Kind::min:
      return writer.line("y = -" + maximum(writer, "-x"));
    case Kind::average:
      return write_average(writer, "y");
    case Kind::mixed:
      return write_mixed(writer);
    case Kind::l2:
      return write_powers(writer, 2);
    case Kind::lp:
      return write_powers(writer, spec.norm);
    case Kind::log_sum_exp:
      return write_log_sum_exp(writer);
    case Kind::softpool:
      return write_softpool(writer);
    case Kind::stochastic:
      return write_stochastic(writer);
    case Kind::stochastic_expectation:
      return write_expectation(writer);
    case Kind::none:
      return writer.line("y = x[:, :, ::" + n(spec.stride.h) + ", ::" + n(spec.stride.w) + "]");
    case Kind::blur:
    case Kind::max_blur:
      return write_blurred(writer);
    case Kind::global_max:
      return writer.line("y = torch.nn.AdaptiveMaxPool2d(1)(x)");
    case Kind::global_average:
      return writer.line("y = torch.nn.AdaptiveAvgPool2d(1)(x)");
    case Kind::adaptive_max:
      return writer.line("y = torch.nn.AdaptiveMaxPool2d(" + py_pair(out.h, out.w) + ")(x)");
    case Kind::adaptive_average:
      return writer.line("y = torch.nn.AdaptiveAvgPool2d(" + py_pair(out.h, out.w) + ")(x)");
    case Kind::aps:
      return write_phases(writer);
    case Kind::fractional_max:
      break;
  }
  write_by_numpy(writer, "export.code.other_draws");
}

bool differentiable(Kind kind) {
  return kind != Kind::fractional_max;
}

}  // namespace

void write_pytorch(CodeWriter& writer) {
  const bool gradient = writer.request.backward && differentiable(writer.spec.kind);
  writer.line(gradient ? "x = torch.from_numpy(x).requires_grad_()" : "x = torch.from_numpy(x)");
  // Windows that hold padding only: engine's rule, where PyTorch's functions have no answer.
  const bool sliding = kind_info(writer.spec.kind).geometry == Geometry::sliding;
  const bool plain = writer.spec.kind == Kind::max || writer.spec.kind == Kind::min;
  if (sliding && !plain && has_empty_windows(writer.plan))
    write_by_numpy(writer, "export.code.empty_windows");
  else
    write_kind(writer);
  if (gradient) {
    writer.line();
    writer.say(Message("export.code.gradient"));
    writer.line("y.sum().backward()");
    writer.line("print(x.grad)");
  }
}

}  // namespace poolscope
