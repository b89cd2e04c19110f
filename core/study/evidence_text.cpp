#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/study/evidence.h"

/// Results as text: numbers with their intervals, and the table.
namespace poolscope {

namespace {

/// How many decimals show `size` with two digits.
int decimals_for(double size) {
  if (!(size > 0) || !std::isfinite(size)) return 3;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(size))), 0, 6);
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return format_short(value);
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  // No zero with a sign.
  std::string out = text;
  if (out[0] == '-' && out.find_first_not_of("-0.") == std::string::npos) out.erase(0, 1);
  return out;
}

/// The shortest text that reads back as the same double; empty where there is no such number.
std::string exact(double value) {
  if (!std::isfinite(value)) return {};
  char text[64];
  for (int digits = 6; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  return text;
}

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string out = "\"";
  for (const char c : field)
    out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

/// One row; missing fields at the end stay empty.
void row(std::string& table, std::vector<std::string> fields) {
  constexpr size_t kColumns = 10;
  fields.resize(kColumns);
  for (size_t i = 0; i < kColumns; ++i)
    table += (i == 0 ? "" : ",") + quoted(fields[i]);
  table += "\r\n";
}

void settings(std::string& table, const EvidenceRequest& request) {
  const ClaimInfo& info = claim_info(request.claim);
  row(table, {"setting", "claim", "", "", std::string(info.id)});
  row(table, {"setting", "seed", "", "", std::to_string(request.seed)});
  if (info.repeats > 0) row(table, {"setting", "repeats", "", "", std::to_string(request.repeats)});
  if (info.needs_input) row(table, {"setting", "input", "", "", request.input_name});
  if (info.needs_input && request.input)
    row(table, {"setting", "input-shape", "", "", to_string(request.input->shape())});
  for (size_t i = 0; i < info.parameters.size(); ++i) {
    const ClaimParameter& parameter = info.parameters[i];
    const double value = request.values[i];
    row(table,
        {"setting", std::string(parameter.id), "", "",
         parameter.is_switch() ? std::string(parameter.choices[static_cast<size_t>(value)]) : exact(value)});
  }
}

void points(std::string& table, const EvidencePlot& plot) {
  for (const EvidenceSeries& series : plot.series)
    for (size_t i = 0; i < series.x.size(); ++i) {
      const bool bands = !series.low.empty();
      const auto tick = static_cast<size_t>(series.x[i]);
      const std::string x = tick < plot.ticks.size() ? plot.ticks[tick] : exact(series.x[i]);
      row(table, {series.theory ? "formula" : "point", plot.id, series.of, x, exact(series.y[i]), "",
                  bands ? exact(series.low[i]) : "", bands ? exact(series.high[i]) : ""});
    }
}

}  // namespace

std::string format_number(double value, Unit unit) {
  if (unit == Unit::share) return format_short(100 * value, 3) + " %";
  if (unit == Unit::count && std::isfinite(value) && std::fabs(value) < 9e15)
    return format_count(std::llround(value));
  return format_short(value, 3);
}

std::string format_estimate(const Estimate& estimate, Unit unit) {
  const double scale = unit == Unit::share ? 100 : 1;
  const double reach = scale * (estimate.high - estimate.low) / 2;
  if (estimate.n == 1) return format_number(estimate.value, unit) + " (n = 1)";
  if (estimate.n == 0 || !(reach > 0) || !std::isfinite(reach)) return format_number(estimate.value, unit);
  // Rounding of floats, not an effect.
  if (std::fabs(scale * estimate.value) + reach < 1e-6) return format_number(0, unit);
  if (reach < 1e-4 * std::max(1.0, std::fabs(scale * estimate.value)))
    return format_number(estimate.value, unit);
  const int decimals = decimals_for(reach);
  const std::string percent = unit == Unit::share ? " %" : "";
  return fixed(scale * estimate.value, decimals) + " ± " + fixed(reach, decimals) + percent;
}

std::string evidence_csv(const EvidenceResult& result) {
  std::string table;
  row(table, {"record", "name", "of", "x", "value", "standard_error", "low", "high", "n", "formula"});
  settings(table, result.request);
  row(table, {"result", "verdict", "", "", std::string(verdict_name(result.verdict))});
  row(table, {"result", "trials", "", "", std::to_string(result.trials)});
  for (const Measurement& one : result.measurements) {
    const Estimate& estimate = one.estimate;
    row(table, {"measurement", one.quantity, one.of, "", exact(estimate.value),
                exact(estimate.standard_error), exact(estimate.low), exact(estimate.high),
                std::to_string(estimate.n), one.theory ? exact(*one.theory) : ""});
  }
  for (const EvidenceCase& one : result.cases) {
    const Measurement& about = result.measurements[one.measurement];
    row(table, {"case", one.id, about.quantity + (about.of.empty() ? "" : " " + about.of),
                std::string(relation_name(one.relation)) + " " + exact(one.threshold),
                std::string(answer_name(one.answer))});
  }
  for (const EvidencePlot& plot : result.plots)
    points(table, plot);
  return table;
}

}  // namespace poolscope
