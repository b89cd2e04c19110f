#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/model/text.h"
#include "core/pooling/plan.h"

namespace poolscope {

/// Where a pooling can be taken to, as a Python program.
enum class CodeFramework { pytorch, keras, onnx };

struct CodeFrameworkInfo {
  CodeFramework framework;
  std::string_view name;   ///< command line: "pytorch"
  std::string_view title;  ///< "PyTorch"
};
std::span<const CodeFrameworkInfo> all_code_frameworks();
/// nullptr where none has that name.
const CodeFrameworkInfo* find_code_framework(std::string_view name);

struct CodeRequest {
  CodeFramework framework = CodeFramework::pytorch;
  PoolPlan plan;
  TensorPtr input;     ///< plan.in
  std::string source;  ///< file or built-in input, as the command line calls it
  std::string caption;
  bool backward = false;  ///< the gradient of the input as well, for a gradient of ones
};

/// A Python program that pools `x` into `y`, as the plan does, and prints y. Small inputs are written out; of
/// larger ones an .npy file is loaded, and a comment says how it is made. What the framework has a layer or
/// an operator for is written with it; of the rest a comment says so, and NumPy computes it.
std::string code_for(const CodeRequest& request, const Texts& texts);

}  // namespace poolscope
