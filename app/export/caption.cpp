#include "app/export/caption.h"

#include <vector>

#include "app/model/model.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

std::string size_text(const Size2& size) {
  return std::to_string(size.h) + " × " + std::to_string(size.w);
}

/// One number where both are the same.
std::string short_size(const Size2& size) {
  return size.h == size.w ? std::to_string(size.h) : size_text(size);
}

std::string shape_text(const Shape& shape) {
  const std::string plane = size_text({shape.h, shape.w});
  return shape.c == 1 ? plane : std::to_string(shape.c) + " × " + plane;
}

std::string kind_text(const Texts& texts, Kind kind) {
  return texts.get("kind." + std::string(kind_info(kind).name));
}

/// The kinds beside the first one that the Compare lab shows.
std::string kinds_text(const Model& model, const Texts& texts) {
  std::string words = kind_text(texts, model.document.spec.kind);
  if (model.session.lab != "compare") return words;
  for (const CompareColumn& column : model.document.compare.columns)
    words += " / " + kind_text(texts, column.kind);
  return words;
}

/// "window 3 × 3, stride 2, padding 1": sizes that the kind uses and that say something.
std::vector<Message> geometry_words(const PoolSpec& spec) {
  const KindInfo& kind = kind_info(spec.kind);
  std::vector<Message> words;
  const auto say = [&](Parameter parameter, const char* key, const std::string& value, bool unusual) {
    if (kind.uses(parameter) && unusual) words.push_back(Message(key).with("value", value));
  };
  say(kWindow, "export.caption.window", size_text(spec.window), true);
  say(kStride, "export.caption.stride", short_size(spec.stride), true);
  if (spec.pads) {
    const Pads& p = *spec.pads;
    say(kPadding, "export.caption.padding",
        std::to_string(p.top) + "," + std::to_string(p.left) + "," + std::to_string(p.bottom) + "," +
            std::to_string(p.right),
        true);
  } else {
    say(kPadding, "export.caption.padding", short_size(spec.padding), spec.padding != Size2{0, 0});
  }
  say(kDilation, "export.caption.dilation", short_size(spec.dilation), spec.dilation != Size2{1, 1});
  say(kRounding, "export.caption.ceil", "", spec.rounding == Rounding::ceil);
  say(kOutputSize, "export.caption.output_size", size_text(spec.output_size), true);
  return words;
}

/// Numbers of single kinds.
std::vector<Message> kind_words(const PoolSpec& spec) {
  const KindInfo& kind = kind_info(spec.kind);
  std::vector<Message> words;
  const auto say = [&](Parameter parameter, const char* key, const std::string& value) {
    if (kind.uses(parameter)) words.push_back(Message(key).with("value", value));
  };
  say(kNorm, "export.caption.norm", format_short(spec.norm));
  say(kSharpness, "export.caption.sharpness", format_short(spec.sharpness));
  say(kMix, "export.caption.mix", format_short(spec.mix));
  say(kTaps, "export.caption.taps", std::to_string(spec.taps));
  say(kSeed, "export.caption.seed", std::to_string(spec.seed));
  if (kind.uses(kDivisor) && spec.divisor)
    say(kDivisor, "export.caption.divisor", std::to_string(*spec.divisor));
  return words;
}

std::string input_text(const PoolPlan& plan, const std::string& name) {
  return name + " · " + shape_text(plan.in) + " → " + shape_text(plan.out);
}

/// "window 3 × 3, stride 2, padding 1 · ONNX": what follows the kind.
std::string setting_text(const PoolSpec& spec, const Texts& texts) {
  std::vector<Message> words = geometry_words(spec);
  for (Message& message : kind_words(spec))
    words.push_back(std::move(message));
  const std::string comma = texts.get("export.caption.comma");
  std::string caption;
  for (size_t i = 0; i < words.size(); ++i)
    caption += (i == 0 ? " · " : comma) + texts.format(words[i]);
  if (spec.dialect != Dialect::pytorch && kind_info(spec.kind).geometry == Geometry::sliding)
    caption += " · " + texts.get("dialect." + std::string(dialect_info(spec.dialect).name));
  return caption;
}

}  // namespace

std::string film_caption(const Model& model, const Texts& texts) {
  const Input& input = model.document.input;
  std::string caption = kinds_text(model, texts) + setting_text(model.document.spec, texts);
  if (model.document.direction == Direction::backward)
    caption += " · " + texts.get("export.caption.backward");
  const std::string name = input.path.empty() ? texts.get("input." + input.builtin) : input.name;
  return caption + " · " + input_text(model.plan(), name);
}

std::string code_caption(const PoolPlan& plan, const std::string& input_name, const Texts& texts) {
  return kind_text(texts, plan.spec.kind) + setting_text(plan.spec, texts) + " · " +
         input_text(plan, input_name);
}

std::string suggested_name(const Model& model) {
  const PoolSpec& spec = model.document.spec;
  const KindInfo& kind = kind_info(spec.kind);
  std::string name = model.session.lab + "-" + std::string(kind.name);
  if (kind.uses(kWindow)) name += "-" + std::to_string(spec.window.h) + "x" + std::to_string(spec.window.w);
  return name;
}

}  // namespace poolscope
