#pragma once

#include <span>
#include <string_view>

#include "core/tensor/tensor.h"

namespace poolscope {

/// An input that the program makes itself. Texts: "input.<name>".
struct BuiltinInput {
  std::string_view name;  ///< "textbook", "shift6", "line8", "scene", "lineart", "stripes", "digit", "noise"
  bool is_picture;        ///< values 0 to 255, drawn as a picture; else a matrix with its numbers
};

std::span<const BuiltinInput> builtin_inputs();
/// The input, drawn at the first call (the same every time) and shared from then on. nullptr for an unknown
/// name.
TensorPtr make_builtin(std::string_view name);
/// Whether make_builtin() answers at once. From any thread.
bool builtin_is_made(std::string_view name);

}  // namespace poolscope
