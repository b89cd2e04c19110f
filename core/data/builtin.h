#pragma once

#include <span>
#include <string_view>

#include "core/tensor/tensor.h"

namespace poolscope {

/// An input that the program makes itself. Texts: "input.<name>".
struct BuiltinInput {
  std::string_view name;  ///< "textbook", "shift6", "scene", "lineart", "stripes", "digit"
  bool is_picture;        ///< values 0 to 255, drawn as a picture; else a matrix with its numbers
};

std::span<const BuiltinInput> builtin_inputs();
/// Draws the input (the same every time). nullptr for an unknown name.
TensorPtr make_builtin(std::string_view name);

}  // namespace poolscope
