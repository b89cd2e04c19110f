#include "app/cli/trace_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN and no infinities: they are texts. A float32 is written as the double that it equals.
Json number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return value;
}

Json shape_of(const Shape& shape) {
  return Json::array({shape.n, shape.c, shape.h, shape.w});
}

Json pair(const Size2& size) {
  return Json::array({size.h, size.w});
}

Json cell(int64_t row, int64_t column) {
  return Json{{"row", row}, {"column", column}};
}

const char* reason_name(DivisorReason reason) {
  switch (reason) {
    case DivisorReason::whole_window:
      return "whole_window";
    case DivisorReason::valid_cells:
      return "valid_cells";
    case DivisorReason::clipped_window:
      return "clipped_window";
    case DivisorReason::given:
      return "given";
    case DivisorReason::none:
      break;
  }
  return nullptr;
}

Json pooling_of(const PoolSpec& spec) {
  Json json;
  json["kind"] = kind_info(spec.kind).name;
  json["window"] = pair(spec.window);
  json["stride"] = pair(spec.stride);
  json["padding"] = pair(spec.padding);
  json["dilation"] = pair(spec.dilation);
  json["rounding"] = spec.rounding == Rounding::ceil ? "ceil" : "floor";
  json["count_padding"] = spec.count_padding;
  json["divisor"] = spec.divisor ? Json(*spec.divisor) : Json();
  json["seed"] = spec.seed;
  return json;
}

Json taps_of(const StepRecord& step) {
  Json taps = Json::array();
  for (size_t i = 0; i < step.taps.size(); ++i) {
    const Tap& tap = step.taps[i];
    Json json = cell(tap.row, tap.column);
    json["inside"] = tap.inside;
    json["overhang"] = tap.overhang;
    json["value"] = tap.inside ? number(tap.value) : Json();
    json["weight"] = number(tap.weight);
    json["gradient"] = number(tap.gradient);
    json["winner"] = step.winner >= 0 && static_cast<size_t>(step.winner) == i;
    taps.push_back(std::move(json));
  }
  return taps;
}

/// File names need not be UTF-8; JSON must be.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// One line for each field and for each tap: to be read by people, too.
std::string layout(const Json& json) {
  std::string out = "{";
  for (const auto& [name, value] : json.items()) {
    out += (out.size() == 1 ? "\n  " : ",\n  ") + dump(name) + ": ";
    if (name != "taps") {
      out += dump(value);
      continue;
    }
    out += "[";
    for (size_t i = 0; i < value.size(); ++i)
      out += (i == 0 ? "\n    " : ",\n    ") + dump(value[i]);
    out += "\n  ]";
  }
  return out + "\n}\n";
}

}  // namespace

std::string trace_as_json(const LoadedInput& input, const PoolPlan& plan, const StepRecord& step,
                          const Texts& texts) {
  const KindInfo& kind = kind_info(plan.spec.kind);
  const char* reason = reason_name(step.divisor_reason);
  Json json;
  json["input"] = Json{{"name", input.name}, {"shape", shape_of(plan.in)}};
  json["pooling"] = pooling_of(plan.spec);
  json["output_shape"] = shape_of(plan.out);
  json["step"] = step.step;
  json["steps"] = plan.steps_per_plane();
  json["batch"] = step.n;
  json["channel"] = step.c;
  json["output_cell"] = cell(step.out_row, step.out_column);
  json["tap_count"] = step.tap_count;
  json["valid"] = step.valid;
  json["taps"] = taps_of(step);
  json["winner"] = step.winner < 0 ? Json() : Json(step.winner);
  json["winner_index"] = step.winner_index < 0 ? Json() : Json(step.winner_index);
  json["divisor"] = reason == nullptr ? Json() : number(step.divisor);
  json["divisor_reason"] = reason == nullptr ? Json() : Json(reason);
  json["draw"] = kind.random ? number(step.draw) : Json();
  json["total"] = number(step.total);
  json["result"] = number(step.result);
  json["narration"] = texts.format(narrate(plan, step));
  return layout(json);
}

}  // namespace poolscope
