#include "app/probe_file.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

using nlohmann::json;

const char* dialog_name(Dialog dialog) {
  switch (dialog) {
    case Dialog::none:
      return "none";
    case Dialog::open_file:
      return "open_file";
    case Dialog::keys:
      return "keys";
    case Dialog::about:
      return "about";
    case Dialog::save_study:
      return "save_study";
    case Dialog::save_log:
      return "save_log";
    case Dialog::save_model:
      return "save_model";
    case Dialog::save_runs:
      return "save_runs";
    case Dialog::palette:
      return "palette";
    case Dialog::lessons:
      return "lessons";
    case Dialog::take_away:
      return "export";
  }
  return "";
}

json pair_of(const Size2& size) {
  return {size.h, size.w};
}

json document_facts(const Model& model) {
  const Document& document = model.document;
  const Shape& shape = document.shape();
  const Input& input = document.input;
  return {{"input", input.builtin.empty() ? input.name : input.builtin},
          {"input_shape", {shape.n, shape.c, shape.h, shape.w}},
          {"input_edited", input.edited},
          {"channel", document.channel},
          {"kind", std::string(kind_info(document.spec.kind).name)},
          {"window", pair_of(document.spec.window)},
          {"stride", pair_of(document.spec.stride)},
          {"padding", pair_of(document.spec.padding)},
          {"dilation", pair_of(document.spec.dilation)},
          {"ceil", document.spec.rounding == Rounding::ceil},
          {"seed", document.spec.seed},
          {"direction", document.direction == Direction::forward ? "forward" : "backward"},
          {"channel", document.channel},
          {"undo", model.history.depth()},
          {"redo", model.history.redo_depth()}};
}

json session_facts(const Shell& shell, const Surface& surface) {
  const Model& model = shell.model;
  const Session& session = model.session;
  json facts = {{"lab", session.lab},
                {"step", session.playback.step()},
                {"steps", model.steps()},
                {"playing", session.playback.playing},
                {"moving", session.playback.moving()},
                {"loop", session.playback.loop},
                {"speed", session.playback.speed},
                {"shift", {session.shift.by.dy, session.shift.by.dx}},
                {"sweeping", session.shift.sweep.playing},
                {"zoom", session.view.zoom},
                {"language", model.settings.language},
                {"theme", model.settings.theme == ThemeName::night ? "night" : "paper"},
                {"text_percent", model.settings.text_percent},
                {"reduced_motion", model.settings.reduced_motion},
                {"dialog", dialog_name(session.dialog)},
                {"opening", session.opening},
                {"busy", model.busy() || model.network.busy()},
                {"exporting", session.exporting.has_value()},
                {"errors", shell.errors_shown()},
                {"width", surface.width()},
                {"height", surface.height()}};
  const float result = model.record().result;
  facts["result"] = std::isfinite(result) ? json(result) : json(format_exact(result));
  facts["winner_index"] = model.record().winner_index;
  const Prediction& prediction = session.prediction;
  facts["predict"] = {{"on", prediction.on},
                      {"open", question_open(model)},
                      {"guesses", prediction.guesses},
                      {"right", prediction.right}};
  const NetworkRun* run = model.network.shown();
  const bool answered = model.network.apply.latest() != nullptr && run != nullptr &&
                        model.network.apply.latest()->request.plan == run->plan;
  facts["network_page"] = static_cast<int>(session.network_page);
  facts["network_runs"] = model.network.runs.size();
  facts["network_training"] = model.network.training();
  facts["network_batches"] = run != nullptr ? json(run->snapshot->step) : json();
  facts["network_test_accuracy"] = run != nullptr && !run->snapshot->epochs.empty()
                                       ? json(run->snapshot->epochs.back().test.accuracy)
                                       : json();
  facts["network_answer"] = answered ? json(run->classes[model.network.apply.latest()->answer()]) : json();
  facts["claim"] = std::string(claim_info(model.document.evidence.claim).id);
  facts["experiments"] = json::array();
  for (const ClaimInfo& info : all_claims())
    if (model.evidence.running(info.claim)) facts["experiments"].push_back(std::string(info.id));
  facts["study"] = session.study.string();
  facts["unsaved"] = model.unsaved();
  facts["presenting"] = session.presenting;
  facts["left_over"] = session.left_over.has_value();
  facts["lesson"] = json();
  if (const LessonRun* lesson = present_lesson(model))
    facts["lesson"] = {{"id", lesson->lesson->id},
                       {"step", lesson->step},
                       {"done", lesson->done},
                       {"answered", lesson->answer.has_value()}};
  facts["editing"] = session.editing ? json{session.editing->row, session.editing->column} : json();
  facts["hovered"] = json();
  if (const auto& hovered = session.hovered)
    facts["hovered"] = {hovered->in_output ? "output" : "input", hovered->row, hovered->column};
  return facts;
}

}  // namespace

void write_probe(const std::filesystem::path& file, int64_t frame, const Shell& shell,
                 const Surface& surface) {
  json root;
  root["frame"] = frame;
  root["widgets"] = json::array();
  for (const ui::ProbeItem& item : shell.probe.items()) {
    if (!item.visible()) continue;
    root["widgets"].push_back({{"key", item.key},
                               {"kind", item.kind},
                               {"value", item.value},
                               {"x", item.min.x},
                               {"y", item.min.y},
                               {"w", item.max.x - item.min.x},
                               {"h", item.max.y - item.min.y},
                               {"enabled", item.enabled},
                               {"selected", item.selected},
                               {"focused", item.focused}});
  }
  root["state"] = document_facts(shell.model);
  root["state"].update(session_facts(shell, surface));
  // Readers must never see half a file; it need not survive a power cut.
  const std::filesystem::path half = file.string() + ".half";
  std::ofstream(half, std::ios::binary) << root.dump(-1, ' ', false, json::error_handler_t::replace);
  std::error_code ignored;
  std::filesystem::rename(half, file, ignored);
}

}  // namespace poolscope
