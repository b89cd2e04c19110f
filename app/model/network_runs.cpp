#include "app/model/network_runs.h"

#include <cmath>
#include <cstdio>
#include <limits>

#include "core/data/display_name.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

std::string number(double value) {
  return std::isfinite(value) ? format_short(value, 6) : std::string();
}

/// A field in quotes where it needs them.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

const char* state_word(TrainerState state) {
  switch (state) {
    case TrainerState::paused:
      return "paused";
    case TrainerState::running:
      return "running";
    case TrainerState::done:
      return "done";
    case TrainerState::stopped:
      return "stopped";
    case TrainerState::failed:
      return "failed";
  }
  return "";
}

}  // namespace

std::string format_percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", 100 * share);
  return text;
}

std::string data_in_words(const NetworkRun& run) {
  if (!run.file.empty()) return run.data_words;
  const std::string count = std::to_string(run.train ? run.train->count() : 0) + " pictures";
  switch (run.data.source) {
    case DataSource::digits:
      return "digits, " + count + ", seed " + std::to_string(run.data.seed);
    case DataSource::mnist:
      return "mnist:" + display_name(run.data.folder) + ", " + count;
    case DataSource::folder:
      return "folder:" + display_name(run.data.folder) + ", " + count;
  }
  return count;
}

RunFigures run_figures(const NetworkRun& run) {
  RunFigures figures;
  figures.train = run.train_score ? run.train_score->accuracy : kUnknown;
  figures.test = run.test_score ? run.test_score->accuracy : kUnknown;
  figures.gap = figures.train - figures.test;
  figures.shifted = run.shifted.size() > kTableShift ? run.shifted[kTableShift] : kUnknown;
  return figures;
}

std::string runs_as_csv(std::span<const NetworkRun> runs) {
  std::string csv =
      "run,network,edited,pooling,parameters,train_accuracy,test_accuracy,gap,test_accuracy_shifted_by_" +
      std::to_string(kTableShift) + ",seconds,state,epochs,batch,learning_rate,random_shift,seed,data\r\n";
  for (const NetworkRun& run : runs) {
    const RunFigures figures = run_figures(run);
    const std::string kind = run.kind ? std::string(kind_info(*run.kind).name) : "";
    csv += std::to_string(run.id) + "," + quoted(run.file.empty() ? run.base : run.file) + "," +
           (run.edited ? "yes" : "no") + "," + kind + "," + std::to_string(run.plan->parameters) + "," +
           number(figures.train) + "," + number(figures.test) + "," + number(figures.gap) + "," +
           number(figures.shifted) + "," + number(run.snapshot->seconds) + "," +
           state_word(run.snapshot->state) + "," + std::to_string(run.snapshot->epoch) + "," +
           std::to_string(run.recipe.batch) + "," + number(run.recipe.rate) + "," +
           std::to_string(run.recipe.shift) + "," + std::to_string(run.recipe.seed) + "," +
           quoted(data_in_words(run)) + "\r\n";
  }
  return csv;
}

}  // namespace poolscope
