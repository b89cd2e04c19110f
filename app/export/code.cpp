#include "app/export/code.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "app/export/code_writer.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/pooling/window.h"

namespace poolscope {

namespace {

// Beyond this a program would be mostly numbers.
constexpr int64_t kMostWrittenOut = 512;
constexpr size_t kCommentWidth = 92;

constexpr CodeFrameworkInfo kFrameworks[] = {{CodeFramework::pytorch, "pytorch", "PyTorch"},
                                             {CodeFramework::keras, "keras", "Keras"},
                                             {CodeFramework::onnx, "onnx", "ONNX"}};

std::string shape_of(const Shape& shape) {
  return std::to_string(shape.n) + ", " + std::to_string(shape.c) + ", " + std::to_string(shape.h) + ", " +
         std::to_string(shape.w);
}

/// The values, a row of a channel in each line.
void write_values(CodeWriter& writer) {
  const Tensor& input = *writer.request.input;
  const Shape& shape = input.shape();
  writer.line("x = np.array([");
  const int64_t rows = shape.planes() * shape.h;
  for (int64_t row = 0; row < rows; ++row) {
    std::string line = "    ";
    for (int64_t column = 0; column < shape.w; ++column)
      line += (column > 0 ? ", " : "") + py(input.data()[row * shape.w + column]);
    writer.line(line + ",");
  }
  writer.line("], dtype=np.float32).reshape(" + shape_of(shape) + ")");
}

void write_input(CodeWriter& writer) {
  const Shape& shape = writer.plan.in;
  if (shape.count() <= kMostWrittenOut) return write_values(writer);
  const std::filesystem::path source(writer.request.source);
  std::string file = source.string();
  if (source.extension() != ".npy") {
    file = source.stem().string() + ".npy";
    writer.say(Message("export.code.make_file").with("source", source.string()).with("file", file));
  }
  writer.line("x = np.load(" + py_text(file) + ").astype(np.float32).reshape(" + shape_of(shape) + ")");
}

}  // namespace

std::span<const CodeFrameworkInfo> all_code_frameworks() {
  return kFrameworks;
}

const CodeFrameworkInfo* find_code_framework(std::string_view name) {
  for (const CodeFrameworkInfo& info : kFrameworks)
    if (info.name == name) return &info;
  return nullptr;
}

void CodeWriter::say(const Message& message) {
  const std::string words = texts.format(message);
  std::string comment = "#";
  // Breaks at blanks; Chinese has none and is short.
  for (size_t at = 0; at < words.size();) {
    const size_t end = std::min(words.find(' ', at), words.size());
    const std::string word = words.substr(at, end - at);
    if (comment.size() > 1 && comment.size() + 1 + word.size() > kCommentWidth) {
      line(comment);
      comment = "#";
    }
    comment += " " + word;
    at = end + 1;
  }
  line(comment);
}

std::string py(double value) {
  if (std::isnan(value)) return "np.nan";
  if (std::isinf(value)) return value > 0 ? "np.inf" : "-np.inf";
  char digits[32];
  // Inputs are float32: their own shortest decimals.
  const bool single = static_cast<double>(static_cast<float>(value)) == value;
  const auto end = single ? std::to_chars(digits, digits + sizeof digits, static_cast<float>(value)).ptr
                          : std::to_chars(digits, digits + sizeof digits, value).ptr;
  return {digits, end};
}

std::string py_pair(int64_t rows, int64_t columns) {
  return "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")";
}

std::string py_text(const std::string& words) {
  std::string literal = "\"";
  for (const char c : words) {
    if (c == '"' || c == '\\') literal += '\\';
    if (c == '\n')
      literal += "\\n";
    else
      literal += c;
  }
  return literal + "\"";
}

WrittenPads written_pads(const AxisPlan& axis) {
  return {axis.pad_before, (axis.out - 1) * axis.stride + axis.extent() - axis.in - axis.pad_before};
}

WrittenDivisor written_divisor(const PoolPlan& plan) {
  if (plan.spec.divisor) return WrittenDivisor::given;
  const auto all = [&](auto same) {
    const auto along = [&](const AxisPlan& axis) {
      for (int64_t o = 0; o < axis.out; ++o)
        if (!same(axis_window(axis, o))) return false;
      return true;
    };
    return along(plan.rows) && along(plan.columns);
  };
  const DivisorRule rule = divisor_rule(plan.spec);
  const bool framed_is_whole = all([](const AxisWindow& w) { return w.framed == w.taps; });
  if (rule == DivisorRule::whole || (rule == DivisorRule::framed && framed_is_whole))
    return WrittenDivisor::whole;
  if (rule == DivisorRule::valid)
    return all([](const AxisWindow& w) { return w.valid() == w.taps; }) ? WrittenDivisor::whole
                                                                        : WrittenDivisor::valid;
  return all([](const AxisWindow& w) { return w.framed == w.valid(); }) ? WrittenDivisor::valid
                                                                        : WrittenDivisor::framed;
}

bool has_empty_windows(const PoolPlan& plan) {
  for (const AxisPlan* axis : {&plan.rows, &plan.columns})
    for (int64_t o = 0; o < axis->out; ++o)
      if (axis_window(*axis, o).valid() == 0) return true;
  return false;
}

std::optional<PoolPlan> same_windows_in(const PoolPlan& plan, PoolSpec spec) {
  const Result<PoolPlan> other = validate(spec, plan.in);
  if (!other.ok() || other->out != plan.out) return std::nullopt;
  const bool same =
      other->rows.pad_before == plan.rows.pad_before && other->columns.pad_before == plan.columns.pad_before;
  if (!same) return std::nullopt;
  return *other;
}

std::string code_for(const CodeRequest& request, const Texts& texts) {
  CodeWriter writer(request, texts);
  writer.line("# Poolscope: " + request.caption);
  writer.line("import numpy as np");
  const auto imports = [&](CodeFramework framework) -> std::string {
    switch (framework) {
      case CodeFramework::pytorch:
        return "import torch\nimport torch.nn.functional as F";
      case CodeFramework::keras:
        return "import keras  # 3";
      case CodeFramework::onnx:
        return "import onnx\nimport onnxruntime\nfrom onnx import TensorProto, helper, numpy_helper";
    }
    return {};
  };
  CodeWriter body(request, texts);
  write_input(body);
  body.line();
  switch (request.framework) {
    case CodeFramework::pytorch:
      write_pytorch(body);
      break;
    case CodeFramework::keras:
      write_keras(body);
      break;
    case CodeFramework::onnx:
      write_onnx(body);
      break;
  }
  body.line("print(y)");
  // A program that NumPy computes needs no framework.
  const char* sign = request.framework == CodeFramework::pytorch ? "torch"
                     : request.framework == CodeFramework::keras ? "keras."
                                                                 : "onnxruntime.";
  if (body.code().find(sign) != std::string::npos) writer.line(imports(request.framework));
  return writer.code() + "\n" + body.code();
}

}  // namespace poolscope
