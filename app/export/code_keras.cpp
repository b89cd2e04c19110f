// Keras 3: its layers, channels last, on padding that is written out where it has no such rule.

#include <algorithm>

#include "app/export/code_writer.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

std::string n(int64_t value) {
  return std::to_string(value);
}

std::string pair(const Size2& size) {
  return py_pair(size.h, size.w);
}

/// "valid" or "same" where Keras's own padding gives these windows; empty where neither does.
std::string own_padding(const PoolPlan& plan) {
  PoolSpec spec = plan.spec;
  spec.auto_pad = AutoPad::none;
  spec.pads.reset();
  spec.padding = {0, 0};
  spec.rounding = Rounding::floor;
  spec.divisor.reset();
  for (const Dialect dialect : {Dialect::keras_valid, Dialect::keras_same}) {
    spec.dialect = dialect;
    if (same_windows_in(plan, spec)) return dialect == Dialect::keras_valid ? "valid" : "same";
  }
  return {};
}

/// Padding of `value` around channels-last `what`.
std::string padded(const CodeWriter& writer, const std::string& what, const std::string& value) {
  const WrittenPads rows = written_pads(writer.plan.rows), columns = written_pads(writer.plan.columns);
  const auto after = [](const WrittenPads& pads) { return std::max<int64_t>(pads.after, 0); };
  if (rows.before + columns.before + after(rows) + after(columns) == 0) return what;
  return "np.pad(" + what + ", [(0, 0), (" + n(rows.before) + ", " + n(after(rows)) + "), (" +
         n(columns.before) + ", " + n(after(columns)) + "), (0, 0)], constant_values=" + value + ")";
}

std::string layer(const CodeWriter& writer, const char* name, const std::string& padding,
                  const std::string& what) {
  const PoolSpec& spec = writer.spec;
  return std::string("keras.layers.") + name + "(" + pair(spec.window) + ", strides=" + pair(spec.stride) +
         ", padding=\"" + padding + "\")(" + what + ")";
}

std::string maximum(const CodeWriter& writer, const std::string& what) {
  const std::string own = own_padding(writer.plan);
  return own.empty() ? layer(writer, "MaxPooling2D", "valid", padded(writer, what, "-np.inf"))
                     : layer(writer, "MaxPooling2D", own, what);
}

/// The mean of every whole window of `what`, padding counting as 0.
std::string whole_mean(const CodeWriter& writer, const std::string& what) {
  return "np.asarray(" + layer(writer, "AveragePooling2D", "valid", padded(writer, what, "0")) + ")";
}

/// "count = ...": as a share of the whole window, how many of its cells are inside.
void write_share(CodeWriter& writer) {
  const Shape& in = writer.plan.in;
  writer.line("share = " +
              whole_mean(writer, "np.ones((1, " + n(in.h) + ", " + n(in.w) + ", 1), np.float32)"));
}

/// True where an average could be written; else NumPy has to.
bool write_average(CodeWriter& writer, const std::string& name) {
  const WrittenDivisor divisor = written_divisor(writer.plan);
  const std::string own = own_padding(writer.plan);
  if (!own.empty() &&
      (divisor == WrittenDivisor::valid || (divisor == WrittenDivisor::whole && own == "valid"))) {
    writer.line(name + " = " + layer(writer, "AveragePooling2D", own, "x"));
    return true;
  }
  if (divisor == WrittenDivisor::framed) return false;
  if (divisor == WrittenDivisor::valid) {
    write_share(writer);
    writer.line(name + " = " + whole_mean(writer, "x") + " / share");
  } else if (divisor == WrittenDivisor::given) {
    writer.line(name + " = " + whole_mean(writer, "x") + " * " + n(writer.taps()) + " / " +
                n(*writer.spec.divisor));
  } else {
    writer.line(name + " = " + whole_mean(writer, "x"));
  }
  return true;
}

bool write_mixed(CodeWriter& writer) {
  const double mix = writer.spec.mix;
  if (mix != 1 && !write_average(writer, mix == 0 ? "y" : "mean")) return false;
  if (mix != 0) writer.line(std::string(mix == 1 ? "y" : "largest") + " = " + maximum(writer, "x"));
  if (mix > 0 && mix < 1) writer.line("y = " + py(mix) + " * largest + " + py(1 - mix) + " * mean");
  return true;
}

bool write_powers(CodeWriter& writer, double p) {
  const PoolSpec& spec = writer.spec;
  const bool signs = spec.dialect == Dialect::pytorch, mean = spec.normalise == Normalise::mean;
  PoolPlan counted = writer.plan;
  counted.spec.divisor.reset();
  counted.spec.count_padding = true;
  if (!mean && signs && written_divisor(counted) != WrittenDivisor::whole) return false;
  if (mean) write_share(writer);
  writer.line("total = " + whole_mean(writer, std::string(signs ? "x" : "abs(x)") + " ** " + py(p)) +
              (mean ? " / share" : " * " + n(writer.taps())));
  writer.line("y = total ** (1 / " + py(p) + ")");
  return true;
}

void write_expectation(CodeWriter& writer) {
  writer.line("odds = x.clip(0)");
  writer.line("total = " + whole_mean(writer, "odds"));
  writer.line("y = " + whole_mean(writer, "odds ** 2") + " / np.where(total > 0, total, 1)");
}

/// True where Keras has layers for it.
bool write_sliding(CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  switch (spec.kind) {
    case Kind::max:
      writer.line("y = " + maximum(writer, "x"));
      return true;
    case Kind::min:
      writer.line("y = -" + maximum(writer, "-x"));
      return true;
    case Kind::average:
      return write_average(writer, "y");
    case Kind::mixed:
      return write_mixed(writer);
    case Kind::l2:
      return write_powers(writer, 2);
    case Kind::lp:
      return write_powers(writer, spec.norm);
    case Kind::stochastic_expectation:
      write_expectation(writer);
      return true;
    default:
      return false;
  }
}

bool write_kind(CodeWriter& writer) {
  const PoolSpec& spec = writer.spec;
  switch (spec.kind) {
    case Kind::none:
      writer.line("y = keras.layers.MaxPooling2D((1, 1), strides=" + pair(spec.stride) + ")(x)");
      return true;
    case Kind::global_max:
      writer.line("y = keras.layers.GlobalMaxPooling2D(keepdims=True)(x)");
      return true;
    case Kind::global_average:
      writer.line("y = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)");
      return true;
    default:
      return kind_info(spec.kind).geometry == Geometry::sliding && write_sliding(writer);
  }
}

}  // namespace

void write_keras(CodeWriter& writer) {
  const bool dilated = kind_info(writer.spec.kind).uses(kDilation) && writer.spec.dilation != Size2{1, 1};
  CodeWriter attempt(writer.request, writer.texts);
  if (!dilated && write_kind(attempt)) {
    writer.line("x = x.transpose(0, 2, 3, 1)  # Keras: channels last");
    std::string code = attempt.code();
    code.pop_back();
    writer.line(code);
    writer.line("y = np.asarray(y).transpose(0, 3, 1, 2)");
  } else {
    writer.say(
        Message(dilated ? "export.code.no_dilation" : "export.code.no_layer").with("framework", "Keras"));
    write_numpy(writer);
  }
  if (writer.request.backward) writer.say(Message("export.code.no_gradient"));
}

}  // namespace poolscope
