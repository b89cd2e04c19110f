#pragma once

#include <optional>
#include <string>

#include "app/export/code.h"

/// What the writers of code share. Inner vocabulary of app/export.
namespace poolscope {

/// Lines of a program.
class CodeWriter {
 public:
  CodeWriter(const CodeRequest& request_in, const Texts& texts_in)
      : request(request_in), texts(texts_in), plan(request_in.plan), spec(request_in.plan.spec) {}

  const CodeRequest& request;
  const Texts& texts;
  const PoolPlan& plan;
  const PoolSpec& spec;

  void line(const std::string& words = {}) { code_ += words + "\n"; }
  /// A comment from the text tables, in lines of a readable length.
  void say(const Message& message);
  const std::string& code() const { return code_; }

  // Parts of what is computed, as Python expressions.
  int64_t taps() const { return plan.rows.window * plan.columns.window; }

 private:
  std::string code_;
};

/// "2.5", "inf": as Python writes a number.
std::string py(double value);
/// "(2, 3)".
std::string py_pair(int64_t rows, int64_t columns);
/// A string literal.
std::string py_text(const std::string& words);

/// How many cells padding, written out, has on each side of an axis: so many that the windows end exactly at
/// its end. Negative where the last cells are read by no window.
struct WrittenPads {
  int64_t before = 0, after = 0;
};
WrittenPads written_pads(const AxisPlan& axis);

/// What an average divides by, cell by cell.
enum class WrittenDivisor {
  whole,   ///< every place of the window
  valid,   ///< cells inside the input
  framed,  ///< padding too, but not what sticks out past it
  given,
};
/// The simplest rule that gives the plan's divisors.
WrittenDivisor written_divisor(const PoolPlan& plan);
/// Some window holds no cell of the input.
bool has_empty_windows(const PoolPlan& plan);

/// The same pooling by another framework's own rules: where its windows lie where the plan's lie.
std::optional<PoolPlan> same_windows_in(const PoolPlan& plan, PoolSpec spec);

// A program's parts. Each expects `x` (NumPy, or a tensor of the framework) and gives `y`.
void write_numpy(CodeWriter& writer);
void write_numpy_draws(CodeWriter& writer);  ///< the function draw(), of Poolscope's generator
void write_pytorch(CodeWriter& writer);
void write_keras(CodeWriter& writer);
void write_onnx(CodeWriter& writer);

}  // namespace poolscope
