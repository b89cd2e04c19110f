#include "core/data/builtin.h"

#include <array>
#include <atomic>
#include <mutex>

#include "core/data/drawn/canvas.h"

namespace poolscope {

namespace {

/// The example that textbooks step through.
Tensor textbook_matrix() {
  return Tensor::matrix({{1, 2, 1, 0}, {0, 1, 2, 3}, {3, 0, 1, 2}, {2, 4, 0, 1}});
}

/// Its maxima in 3 x 3 windows with stride 3 are 9 7 6 8, before and after a shift to the right by one.
Tensor shift_matrix() {
  return Tensor::matrix({{1, 2, 0, 7, 1, 0},
                         {0, 9, 2, 3, 2, 3},
                         {3, 0, 1, 2, 1, 2},
                         {2, 4, 0, 1, 0, 1},
                         {6, 0, 1, 2, 1, 2},
                         {2, 4, 0, 1, 8, 1}});
}

/// A line that moves by one cell and becomes another one when it is pooled (Zhang 2019).
Tensor line_matrix() {
  return Tensor::matrix({{0, 0, 1, 1, 0, 0, 1, 1}});
}

using Maker = Tensor (*)();

constexpr std::array<BuiltinInput, 8> kInputs = {{{"textbook", false},
                                                  {"shift6", false},
                                                  {"line8", false},
                                                  {"scene", true},
                                                  {"lineart", true},
                                                  {"stripes", true},
                                                  {"digit", true},
                                                  {"noise", true}}};
constexpr std::array<Maker, kInputs.size()> kMakers = {
    textbook_matrix,     shift_matrix,        line_matrix,       drawn::draw_scene,
    drawn::draw_lineart, drawn::draw_stripes, drawn::draw_digit, drawn::draw_noise};

/// Drawn once and shared: the pictures take a while, and a tensor that stays the same keeps its texture.
struct Made {
  std::once_flag once;
  std::atomic<bool> done{false};
  TensorPtr tensor;
};
std::array<Made, kInputs.size()> made;

size_t index_of(std::string_view name) {
  size_t i = 0;
  while (i < kInputs.size() && kInputs[i].name != name)
    ++i;
  return i;
}

}  // namespace

std::span<const BuiltinInput> builtin_inputs() {
  return kInputs;
}

TensorPtr make_builtin(std::string_view name) {
  const size_t i = index_of(name);
  if (i == kInputs.size()) return nullptr;
  std::call_once(made[i].once, [i] {
    made[i].tensor = std::make_shared<const Tensor>(kMakers[i]());
    made[i].done = true;
  });
  return made[i].tensor;
}

bool builtin_is_made(std::string_view name) {
  const size_t i = index_of(name);
  return i < kInputs.size() && made[i].done;
}

}  // namespace poolscope
