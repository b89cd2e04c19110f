#include "app/model/document.h"

#include <algorithm>
#include <cassert>

#include "core/data/builtin.h"

namespace poolscope {

namespace {
// A cell needs about 20 px for a number of three digits: 20 of them still fit into the smallest stage.
constexpr int64_t kLargestMatrixSide = 20;
}  // namespace

bool shown_as_matrix(const Document& document) {
  const Shape& shape = document.shape();
  const Size2& padding = document.spec.padding;
  return !document.input.is_picture &&
         std::max(shape.h + 2 * padding.h, shape.w + 2 * padding.w) <= kLargestMatrixSide;
}

Input builtin_input(const std::string& name) {
  for (const BuiltinInput& builtin : builtin_inputs()) {
    if (builtin.name != name) continue;
    Input input;
    input.builtin = name;
    input.is_picture = builtin.is_picture;
    input.tensor = make_builtin(name);
    return input;
  }
  assert(false && "builtin_input() is called with names from builtin_inputs()");
  return {};
}

Document start_document() {
  Document document;
  document.input = builtin_input("textbook");
  return document;
}

}  // namespace poolscope
