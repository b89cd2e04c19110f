#include "app/cli/evidence_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace poolscope {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values)
    list.push_back(number(value));
  return list;
}

Json settings_of(const EvidenceRequest& request) {
  Json settings = Json::object();
  const ClaimInfo& info = claim_info(request.claim);
  for (size_t i = 0; i < info.parameters.size(); ++i) {
    const ClaimParameter& parameter = info.parameters[i];
    const double value = request.values[i];
    settings[std::string(parameter.id)] =
        parameter.is_switch() ? Json(std::string(parameter.choices[static_cast<size_t>(value)]))
                              : number(value);
  }
  return settings;
}

Json measurement_of(const Measurement& one) {
  const Estimate& estimate = one.estimate;
  return {{"quantity", one.quantity},
          {"of", one.of},
          {"value", number(estimate.value)},
          {"standard_error", number(estimate.standard_error)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)},
          {"n", estimate.n},
          {"formula", one.theory ? number(*one.theory) : Json()}};
}

Json plot_of(const EvidencePlot& plot) {
  Json series = Json::array();
  for (const EvidenceSeries& one : plot.series)
    series.push_back({{"of", one.of},
                      {"formula", one.theory},
                      {"x", numbers(one.x)},
                      {"y", numbers(one.y)},
                      {"low", numbers(one.low)},
                      {"high", numbers(one.high)}});
  constexpr const char* forms[] = {"lines", "bars", "histogram"};
  return {{"id", plot.id},
          {"form", forms[static_cast<size_t>(plot.form)]},
          {"ticks", plot.ticks},
          {"series", series}};
}

}  // namespace

std::string evidence_as_json(const EvidenceResult& result, const Texts& texts) {
  const EvidenceRequest& request = result.request;
  const ClaimInfo& info = claim_info(request.claim);
  const std::string key = "evidence." + std::string(info.id), verdict(verdict_name(result.verdict));
  Json json;
  json["claim"] = std::string(info.id);
  json["sentence"] = texts.get(key + ".sentence");
  json["settings"] = settings_of(request);
  json["seed"] = request.seed;
  json["repeats"] = info.repeats > 0 ? Json(request.repeats) : Json();
  json["input"] = Json();
  if (request.input) {
    const Shape& shape = request.input->shape();
    json["input"] = {{"name", request.input_name}, {"shape", {shape.n, shape.c, shape.h, shape.w}}};
  }
  json["trials"] = result.trials;
  json["measurements"] = Json::array();
  for (const Measurement& one : result.measurements)
    json["measurements"].push_back(measurement_of(one));
  json["cases"] = Json::array();
  for (const EvidenceCase& one : result.cases)
    json["cases"].push_back({{"id", one.id},
                             {"text", texts.get(key + ".case." + one.id)},
                             {"measurement", one.measurement},
                             {"relation", std::string(relation_name(one.relation))},
                             {"threshold", one.threshold},
                             {"answer", std::string(answer_name(one.answer))}});
  json["verdict"] = verdict;
  json["verdict_text"] = texts.get(key + ".verdict." + verdict);
  json["rule"] = texts.get("evidence.rule");
  json["finding"] = texts.format(result.finding);
  json["plots"] = Json::array();
  for (const EvidencePlot& plot : result.plots)
    json["plots"].push_back(plot_of(plot));
  return json.dump(2) + "\n";
}

std::string claims_as_json(const Texts& texts) {
  Json json = Json::array();
  for (const ClaimInfo& info : all_claims()) {
    Json parameters = Json::array();
    for (const ClaimParameter& parameter : info.parameters) {
      Json one = {{"name", std::string(parameter.id)}};
      if (parameter.is_switch()) {
        one["choices"] = std::vector<std::string>(parameter.choices.begin(), parameter.choices.end());
        one["default"] = std::string(parameter.choices[static_cast<size_t>(parameter.normal)]);
      } else {
        one["least"] = parameter.least;
        one["most"] = parameter.most;
        one["default"] = parameter.normal;
      }
      parameters.push_back(one);
    }
    json.push_back({{"claim", std::string(info.id)},
                    {"sentence", texts.get("evidence." + std::string(info.id) + ".sentence")},
                    {"needs_input", info.needs_input},
                    {"repeats", info.repeats > 0 ? Json(info.repeats) : Json()},
                    {"parameters", parameters}});
  }
  return json.dump(2) + "\n";
}

}  // namespace poolscope
