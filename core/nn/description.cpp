#include "core/nn/description.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

constexpr size_t kLongestText = 64 * 1024;

std::string text_of(Size2 size) {
  return std::to_string(size.h) + "x" + std::to_string(size.w);
}

/// A decimal that reads back as the same double.
std::string text_of(double value) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.17g", value);
  return text.data();
}

std::string describe_pool(const PoolSpec& spec) {
  const PoolSpec usual;
  std::string line = "pool kind=" + std::string(kind_info(spec.kind).name) +
                     " window=" + text_of(spec.window) + " stride=" + text_of(spec.stride);
  if (spec.padding != usual.padding) line += " padding=" + text_of(spec.padding);
  if (spec.dilation != usual.dilation) line += " dilation=" + text_of(spec.dilation);
  if (spec.rounding == Rounding::ceil) line += " ceil=1";
  if (!spec.count_padding) line += " count_padding=0";
  if (spec.divisor) line += " divisor=" + std::to_string(*spec.divisor);
  if (spec.seed != usual.seed) line += " seed=" + std::to_string(spec.seed);
  if (spec.norm != usual.norm) line += " norm=" + text_of(spec.norm);
  if (spec.normalise == Normalise::mean) line += " mean=1";
  if (spec.sharpness != usual.sharpness) line += " sharpness=" + text_of(spec.sharpness);
  if (spec.mix != usual.mix) line += " mix=" + text_of(spec.mix);
  if (spec.taps != usual.taps) line += " taps=" + std::to_string(spec.taps);
  if (spec.output_size != usual.output_size) line += " output=" + text_of(spec.output_size);
  if (spec.dialect != usual.dialect) line += " dialect=" + std::string(dialect_info(spec.dialect).name);
  return line;
}

struct Describer {
  std::string operator()(const Conv2d& conv) const {
    return "conv2d channels=" + std::to_string(conv.channels) + " window=" + text_of(conv.window) +
           " stride=" + text_of(conv.stride) + " padding=" + text_of(conv.padding) +
           " bias=" + (conv.bias ? "1" : "0");
  }
  std::string operator()(const Pool& pool) const { return describe_pool(pool.spec); }
  std::string operator()(const Dense& dense) const {
    return "dense units=" + std::to_string(dense.units) + " bias=" + (dense.bias ? "1" : "0") +
           (dense.inputs > 0 ? " inputs=" + std::to_string(dense.inputs) : "");
  }
  std::string operator()(const Dropout& dropout) const { return "dropout rate=" + text_of(dropout.rate); }
  std::string operator()(const Relu&) const { return "relu"; }
  std::string operator()(const GlobalAverage&) const { return "global-average"; }
  std::string operator()(const Flatten&) const { return "flatten"; }
};

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size();
}

/// from_chars for double is missing in the browser's library.
bool read_double(std::string_view text, double& value) {
  if (text.empty() || text.size() > 40 || text.find_first_not_of("0123456789+-.e") != std::string_view::npos)
    return false;
  const std::string copy(text);
  int used = 0;
  return std::sscanf(copy.c_str(), "%lf%n", &value, &used) == 1 && used == static_cast<int>(copy.size()) &&
         std::isfinite(value);
}

bool read_size(std::string_view text, Size2& size) {
  const size_t cross = text.find('x');
  return cross != std::string_view::npos && read_number(text.substr(0, cross), size.h) &&
         read_number(text.substr(cross + 1), size.w);
}

/// "name=value" pairs of one line. Each is taken once; what is left over in the end was not understood.
class Fields {
 public:
  explicit Fields(std::string_view line) {
    while (!line.empty()) {
      const size_t gap = std::min(line.find(' '), line.size());
      const std::string_view word = line.substr(0, gap);
      line.remove_prefix(std::min(gap + 1, line.size()));
      const size_t equals = word.find('=');
      if (equals == std::string_view::npos ||
          !fields_.emplace(word.substr(0, equals), word.substr(equals + 1)).second)
        fine_ = false;
    }
  }
  /// Everything was a number where one was wanted, and nothing is left.
  bool fine() const { return fine_ && fields_.empty(); }

  std::optional<std::string_view> take(std::string_view name) {
    const auto found = fields_.find(name);
    if (found == fields_.end()) return std::nullopt;
    const std::string_view text = found->second;
    fields_.erase(found);
    return text;
  }
  void whole(std::string_view name, int64_t& value) { read(name, value, read_number<int64_t>); }
  void whole(std::string_view name, uint64_t& value) { read(name, value, read_number<uint64_t>); }
  void real(std::string_view name, double& value) { read(name, value, read_double); }
  void size(std::string_view name, Size2& value) { read(name, value, read_size); }
  bool flag(std::string_view name, bool usual) {
    int64_t value = usual ? 1 : 0;
    whole(name, value);
    if (value != 0 && value != 1) fine_ = false;
    return value == 1;
  }
  void refuse() { fine_ = false; }

 private:
  template <class Value, class Read>
  void read(std::string_view name, Value& value, Read read_value) {
    if (const auto text = take(name); text && !read_value(*text, value)) fine_ = false;
  }
  std::map<std::string_view, std::string_view> fields_;
  bool fine_ = true;
};

Pool read_pool(Fields& fields) {
  PoolSpec spec;
  const KindInfo* kind = find_kind(fields.take("kind").value_or(""));
  if (kind == nullptr) fields.refuse();
  if (kind != nullptr) spec.kind = kind->kind;
  fields.size("window", spec.window);
  fields.size("stride", spec.stride);
  fields.size("padding", spec.padding);
  fields.size("dilation", spec.dilation);
  if (fields.flag("ceil", false)) spec.rounding = Rounding::ceil;
  spec.count_padding = fields.flag("count_padding", true);
  if (int64_t divisor = 0; fields.whole("divisor", divisor), divisor != 0) spec.divisor = divisor;
  fields.whole("seed", spec.seed);
  fields.real("norm", spec.norm);
  if (fields.flag("mean", false)) spec.normalise = Normalise::mean;
  fields.real("sharpness", spec.sharpness);
  fields.real("mix", spec.mix);
  fields.whole("taps", spec.taps);
  fields.size("output", spec.output_size);
  if (const auto name = fields.take("dialect")) {
    const DialectInfo* dialect = find_dialect(*name);
    if (dialect == nullptr) fields.refuse();
    if (dialect != nullptr) spec.dialect = dialect->dialect;
  }
  return {spec};
}

std::optional<Layer> read_layer(std::string_view line) {
  const size_t gap = std::min(line.find(' '), line.size());
  const std::string_view name = line.substr(0, gap);
  Fields fields(line.substr(std::min(gap + 1, line.size())));
  std::optional<Layer> layer;
  if (name == "conv2d") {
    Conv2d conv;
    fields.whole("channels", conv.channels);
    fields.size("window", conv.window);
    fields.size("stride", conv.stride);
    fields.size("padding", conv.padding);
    conv.bias = fields.flag("bias", true);
    layer = conv;
  } else if (name == "relu") {
    layer = Relu{};
  } else if (name == "pool") {
    layer = read_pool(fields);
  } else if (name == "global-average") {
    layer = GlobalAverage{};
  } else if (name == "flatten") {
    layer = Flatten{};
  } else if (name == "dense") {
    Dense dense;
    fields.whole("units", dense.units);
    dense.bias = fields.flag("bias", true);
    fields.whole("inputs", dense.inputs);
    layer = dense;
  } else if (name == "dropout") {
    Dropout dropout;
    fields.real("rate", dropout.rate);
    layer = dropout;
  }
  return layer && fields.fine() ? layer : std::nullopt;
}

bool read_input(std::string_view line, Shape& shape) {
  constexpr std::string_view kWord = "input ";
  if (!line.starts_with(kWord)) return false;
  line.remove_prefix(kWord.size());
  const size_t cross = line.find('x');
  Size2 plane;
  if (cross == std::string_view::npos || !read_number(line.substr(0, cross), shape.c) ||
      !read_size(line.substr(cross + 1), plane))
    return false;
  shape.h = plane.h;
  shape.w = plane.w;
  return true;
}

}  // namespace

std::string describe_network(const NetworkSpec& spec) {
  std::string text = "input " + std::to_string(spec.input.c) + "x" + std::to_string(spec.input.h) + "x" +
                     std::to_string(spec.input.w) + "\n";
  for (const Layer& layer : spec.layers)
    text += std::visit(Describer{}, layer) + "\n";
  return text;
}

Result<NetworkSpec> parse_network(std::string_view text) {
  const auto refuse = [](int64_t line, std::string_view what) {
    return Error("nn.error.description").with("line", line).with("text", std::string(what.substr(0, 60)));
  };
  if (text.size() > kLongestText) return refuse(1, text);
  NetworkSpec spec;
  int64_t number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number == 1) {
      if (!read_input(line, spec.input)) return refuse(number, line);
      continue;
    }
    std::optional<Layer> layer = read_layer(line);
    if (!layer || static_cast<int64_t>(spec.layers.size()) >= kMostLayers) return refuse(number, line);
    spec.layers.push_back(*layer);
  }
  if (number == 0) return refuse(1, "");
  return spec;
}

}  // namespace poolscope
