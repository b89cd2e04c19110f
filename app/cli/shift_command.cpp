#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/pool_options.h"
#include "app/model/atomic_file.h"
#include "app/model/png.h"
#include "app/scene/colormap.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "core/study/shift.h"

namespace poolscope {

namespace {

constexpr int64_t kUsualRange = 8;
constexpr const char* kUsualKinds = "max,average,none";
constexpr const char* kEndings[] = {".json", ".csv", ".png"};

/// What `poolscope shift` was asked for, checked as far as it can be without reading a file.
struct ShiftRequest {
  std::string input, output, ending;
  int64_t range = kUsualRange;
  std::optional<ShiftEdges> edges;
  PoolSpec spec;
  std::vector<Kind> kinds;
};

struct KindMap {
  std::string_view name;
  ShiftMap map;
};

std::string edges_names() {
  std::vector<std::string> names;
  for (const ShiftEdgesInfo& info : all_shift_edges())
    names.emplace_back(info.name);
  return join(names);
}

Status read_kinds(const Arguments& arguments, ShiftRequest& request) {
  const std::string* typed = arguments.find("kinds");
  if (typed == nullptr && arguments.has("kind")) {
    request.kinds = {request.spec.kind};
    return {};
  }
  const std::string list = typed != nullptr ? *typed : kUsualKinds;
  for (size_t begin = 0; begin <= list.size();) {
    const size_t end = std::min(list.find(',', begin), list.size());
    const KindInfo* info = find_kind(list.substr(begin, end - begin));
    if (info == nullptr) return not_a_choice("--kinds", list, kind_names());
    if (std::find(request.kinds.begin(), request.kinds.end(), info->kind) == request.kinds.end())
      request.kinds.push_back(info->kind);
    begin = end + 1;
  }
  return {};
}

Status read_edges(const Arguments& arguments, ShiftRequest& request) {
  const std::string* typed = arguments.find("edges");
  if (typed == nullptr) return {};
  for (const ShiftEdgesInfo& info : all_shift_edges())
    if (info.name == *typed) request.edges = info.edges;
  if (!request.edges) return not_a_choice("--edges", *typed, edges_names());
  return {};
}

Status read_output(const Arguments& arguments, ShiftRequest& request) {
  const std::string* output = arguments.find("output");
  if (output == nullptr) return Error("cli.error.no_shift_output");
  request.output = *output;
  request.ending = std::filesystem::path(*output).extension().string();
  std::transform(request.ending.begin(), request.ending.end(), request.ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(std::begin(kEndings), std::end(kEndings), request.ending) != std::end(kEndings)) return {};
  return Error("cli.error.shift_output").with("value", *output);
}

Result<ShiftRequest> read_request(const Arguments& arguments) {
  ShiftRequest request;
  const std::string* input = arguments.find("INPUT");
  if (input == nullptr || input->empty()) return Error("cli.error.no_input").with("builtin", builtin_names());
  request.input = *input;
  if (Status status = read_output(arguments, request); !status.ok()) return status.error();
  const Result<PoolSpec> spec = parse_pool_options(arguments);
  if (!spec.ok()) return spec.error();
  request.spec = *spec;
  if (Status status = read_kinds(arguments, request); !status.ok()) return status.error();
  if (Status status = read_edges(arguments, request); !status.ok()) return status.error();
  if (const std::string* range = arguments.find("range")) {
    const Result<int64_t> number = to_integer("--range", *range, 0, kLargestShift);
    if (!number.ok()) return number.error();
    request.range = *number;
  }
  return request;
}

/// Shared by the kinds: every one of them must be able to pool what reveal leaves.
bool has_room(const ShiftRequest& request, const Shape& source) {
  for (const Kind kind : request.kinds) {
    PoolSpec spec = request.spec;
    spec.kind = kind;
    if (largest_reveal(source, spec, request.range) < request.range) return false;
  }
  return true;
}

/// Reveal where nothing was said and there is room for it, else around the edge.
Result<ShiftField> make_field(const ShiftRequest& request, const LoadedInput& input, const TensorPtr& wide) {
  const bool reveals = request.edges.value_or(ShiftEdges::reveal) == ShiftEdges::reveal;
  if (wide && reveals && request.range <= kUsualRange) {
    // What lies around a built-in matrix is there for shifts up to its margin.
    Result<ShiftField> field = shift_field(*wide, ShiftEdges::reveal, kUsualRange);
    if (field.ok()) return field;
  }
  const Shape& shape = input.tensor->shape();
  const ShiftEdges otherwise = has_room(request, shape) ? ShiftEdges::reveal : ShiftEdges::wrap;
  return shift_field(*input.tensor, request.edges.value_or(otherwise), request.range);
}

std::string to_json(const std::vector<KindMap>& maps) {
  nlohmann::ordered_json all;
  for (const KindMap& kind : maps)
    for (const ShiftMeasure& measure : shift_measures()) {
      if (!kind.map.selects && measure.value == &ShiftMetrics::winners_kept) continue;
      auto rows = nlohmann::ordered_json::array();
      for (int64_t dy = -kind.map.range; dy <= kind.map.range; ++dy) {
        auto row = nlohmann::ordered_json::array();
        for (int64_t dx = -kind.map.range; dx <= kind.map.range; ++dx) {
          const double value = kind.map.at({dy, dx}).*measure.value;
          // JSON has no NaN.
          row.push_back(std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value));
        }
        rows.push_back(std::move(row));
      }
      all[std::string(kind.name)][std::string(measure.name)] = std::move(rows);
    }
  return all.dump(1) + "\n";
}

std::string to_csv(const std::vector<KindMap>& maps) {
  std::string text = "kind,dy,dx";
  for (const ShiftMeasure& measure : shift_measures())
    text += "," + std::string(measure.name);
  text += "\n";
  for (const KindMap& kind : maps)
    for (int64_t dy = -kind.map.range; dy <= kind.map.range; ++dy)
      for (int64_t dx = -kind.map.range; dx <= kind.map.range; ++dx) {
        text += std::string(kind.name) + "," + std::to_string(dy) + "," + std::to_string(dx);
        for (const ShiftMeasure& measure : shift_measures()) {
          text += ",";
          const double value = kind.map.at({dy, dx}).*measure.value;
          if (std::isnan(value)) continue;
          char digits[32];
          const auto end = std::to_chars(std::begin(digits), std::end(digits), value);
          text.append(digits, end.ptr);
        }
        text += "\n";
      }
  return text;
}

/// Heat maps: a column for each kind, a row for each of the first three measures.
class HeatPicture {
 public:
  explicit HeatPicture(const std::vector<KindMap>& maps) : maps_(maps) {
    side_ = maps.front().map.side();
    cell_ = std::max<int64_t>(3, 272 / side_);
    width_ = kGap + static_cast<int64_t>(maps.size()) * (side_ * cell_ + kGap);
    height_ = kGap + kRows * (side_ * cell_ + kGap);
    bytes_.assign(static_cast<size_t>(width_ * height_ * 3), 255);
    for (const KindMap& kind : maps)
      for (const ShiftMetrics& metrics : kind.map.metrics)
        if (metrics.relative_change > largest_change_) largest_change_ = metrics.relative_change;
  }

  std::string encode() {
    for (size_t kind = 0; kind < maps_.size(); ++kind)
      for (int64_t row = 0; row < kRows; ++row)
        draw_map(maps_[kind].map, shift_measures()[static_cast<size_t>(row)], static_cast<int64_t>(kind),
                 row);
    return encode_png({width_, height_, 3, bytes_});
  }

 private:
  static constexpr int64_t kGap = 16, kRows = 3;

  void draw_map(const ShiftMap& map, const ShiftMeasure& measure, int64_t column, int64_t row) {
    const bool change = measure.value == &ShiftMetrics::relative_change;
    const double full = change && largest_change_ > 0 ? largest_change_ : 1;
    for (int64_t i = 0; i < side_ * side_; ++i) {
      const double value = map.metrics[static_cast<size_t>(i)].*measure.value;
      const Rgb8 colour =
          std::isnan(value) ? Rgb8{224, 224, 224} : colormap_at(Colormap::viridis, value / full);
      const int64_t x0 = kGap + column * (side_ * cell_ + kGap) + i % side_ * cell_;
      const int64_t y0 = kGap + row * (side_ * cell_ + kGap) + i / side_ * cell_;
      for (int64_t y = y0; y < y0 + cell_ - 1; ++y)
        for (int64_t x = x0; x < x0 + cell_ - 1; ++x) {
          uint8_t* pixel = bytes_.data() + (y * width_ + x) * 3;
          pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b;
        }
    }
  }

  const std::vector<KindMap>& maps_;
  int64_t side_ = 1, cell_ = 1, width_ = 1, height_ = 1;
  double largest_change_ = 0;
  std::vector<uint8_t> bytes_;
};

std::string encode(const std::string& ending, const std::vector<KindMap>& maps) {
  if (ending == ".json") return to_json(maps);
  if (ending == ".csv") return to_csv(maps);
  return HeatPicture(maps).encode();
}

}  // namespace

CommandInfo shift_command() {
  CommandInfo command{
      "shift", {{"INPUT", "INPUT", "input"}}, {{"kinds", kind_lines()}, {"builtin", builtin_names()}}};
  command.options.insert(command.options.end(),
                         {{"range", "R", "shift"}, {"kinds", "K,K", "shift"}, {"edges", "E", "shift"}});
  command.options.insert(command.options.end(), pool_options().begin(), pool_options().end());
  command.options.insert(
      command.options.end(),
      {{"output", "OUT", "output", "-o"}, {"lang", "LANG", "general"}, {"help", "", "general", "-h"}});
  return command;
}

int run_shift(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const Result<ShiftRequest> request = read_request(arguments);
  if (!request.ok()) return voice.bad_argument(request.error());
  const Result<LoadedInput> input = read_input(request.value().input);
  if (!input.ok()) return voice.failed(input.error());
  const ShiftRequest& asked = *request;
  const TensorPtr& tensor = input.value().tensor;
  // By the tensor and not by its name: a file may have the name of a built-in input.
  const TensorPtr around = shift_surroundings(asked.input);
  const TensorPtr wide = around && tensor == make_builtin(asked.input) ? around : nullptr;
  const Result<ShiftField> field = make_field(asked, *input, wide);
  if (!field.ok()) return voice.bad_argument(field.error());
  std::vector<KindMap> maps;
  std::vector<PoolPlan> plans;
  for (const Kind kind : asked.kinds) {
    PoolSpec spec = asked.spec;
    spec.kind = kind;
    const Result<PoolPlan> plan = validate(spec, field.value().shape);
    if (!plan.ok()) return voice.bad_argument(plan.error());
    plans.push_back(*plan);
  }
  for (const PoolPlan& plan : plans)
    maps.push_back({kind_info(plan.spec.kind).name, shift_map(*field, plan, asked.range)});
  const Status written = write_whole(asked.output, encode(asked.ending, maps));
  return written.ok() ? kExitDone : voice.failed(written.error());
}

}  // namespace poolscope
