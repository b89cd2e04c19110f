#include "app/model/study_state.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/model/limits.h"
#include "app/model/model.h"
#include "app/model/study_input.h"
#include "app/model/study_setups.h"
#include "core/pooling/plan.h"

namespace poolscope {

namespace {

using Fields = StudyFields;

bool channel_field(Fields& fields, int64_t& channel, const Shape& shape) {
  const bool colour = shape.c == 3;
  if (!fields.reading()) {
    fields.put("channel", channel == kColourChannels ? Fields::Out("colour") : Fields::Out(channel));
    return true;
  }
  const Fields::In* found = fields.peek("channel");
  if (!found) return false;
  if (*found == "colour" && colour) return channel = kColourChannels, true;
  if (found->is_string()) return fields.fail("channel", Message("study.field.colour")), true;
  return fields.integer("channel", channel, 0, shape.c - 1);
}

void transport_fields(Fields& fields, StudyState& state) {
  fields.object("transport", [&](Fields& inside) {
    inside.number("speed", state.speed, kSlowest, kFastest);
    inside.choice("unit", state.unit,
                  {{"window", PlayUnit::window}, {"row", PlayUnit::row}, {"sweep", PlayUnit::sweep}});
    inside.flag("loop", state.loop);
  });
}

void eye_fields(Fields& fields, ViewTransform& view) {
  fields.object("view", [&](Fields& inside) {
    constexpr double kFar = 1e9;  // no input is wider
    inside.number("x", view.centre_x, -kFar, kFar);
    inside.number("y", view.centre_y, -kFar, kFar);
    inside.number("zoom", view.zoom, 0, 256);
  });
}

/// Links that were not named follow from what was: a stride of its own is not linked any more.
void follow_links(Document& document, const NamedLinks& named) {
  const PoolSpec& spec = document.spec;
  if (named.stride && !named.stride_linked) document.stride_linked = spec.stride == spec.window;
  const bool sizes = named.window || named.stride || named.padding || named.dilation;
  if (sizes && !named.rectangular && !is_square(spec)) document.rectangular = true;
}

/// What was not named follows the links; what was named stays as it was given.
void keep_named(Document& document, const NamedLinks& named) {
  const PoolSpec given = document.spec;
  keep_links(document);
  PoolSpec& kept = document.spec;
  if (named.window) kept.window = given.window;
  if (named.stride) kept.stride = given.stride;
  if (named.padding) kept.padding = given.padding;
  if (named.dilation) kept.dilation = given.dilation;
}

/// The input that is shown anew begins with its colours, or its first channel.
void take_input(Document& document, Input input) {
  const bool was_single = document.shape().c == 1;
  document.input = std::move(input);
  document.batch = 0;
  if (document.shape().c == 3 && was_single) document.channel = kColourChannels;
  if (document.channel == kColourChannels && document.shape().c != 3) document.channel = 0;
  document.channel = std::min(document.channel, document.shape().c - 1);
}

void read_fields(Fields& fields, StudyState& state, const StudyReading& reading) {
  Document& document = state.document;
  Input input;
  const bool new_input =
      fields.object("input", [&](Fields& inside) { read_input_fields(inside, input, reading); });
  if (!fields.ok()) return;
  if (new_input) {
    take_input(document, std::move(input));
    state.view = {};
    state.step = 0;
  }
  NamedLinks named;
  fields.object("pooling", [&](Fields& inside) {
    named = pooling_fields(inside, document.spec, document.stride_linked, document.rectangular);
  });
  view_fields(fields, document);
  fields.integer("batch", document.batch, 0, document.shape().n - 1);
  channel_field(fields, document.channel, document.shape());
  setup_fields(fields, document);
  std::vector<std::pair<std::string_view, std::string>> labs;
  for (const std::string& lab : reading.labs)
    labs.emplace_back(lab, lab);
  fields.choice("lab", state.lab, labs);
  transport_fields(fields, state);
  eye_fields(fields, state.view);
  if (!fields.ok()) return;
  follow_links(document, named);
  keep_named(document, named);
  const Result<PoolPlan> plan = validate(document.spec, document.shape());
  if (!plan.ok()) return fields.fail(plan.error());
  const int64_t last = plan->steps_per_plane() - 1;
  if (!fields.integer("step", state.step, 0, last)) state.step = std::min(state.step, last);
}

}  // namespace

Status read_state(const nlohmann::json& object, StudyState& state, const StudyReading& reading) {
  Fields fields = Fields::to_read(object);
  StudyState next = state;
  if (fields.ok()) read_fields(fields, next, reading);
  fields.close();
  if (!fields.ok()) return *fields.error();
  state = std::move(next);
  return {};
}

Result<nlohmann::ordered_json> write_state(const StudyState& state, const std::filesystem::path& folder) {
  nlohmann::ordered_json root;
  Fields fields = Fields::to_write(root);
  StudyState copy = state;  // the fields' functions read and write the same places
  Document& document = copy.document;
  bool kept = true;
  fields.object("input", [&](Fields& inside) { kept = write_input_fields(inside, document.input, folder); });
  if (!kept) return Error("study.input_too_large").with("most", kLargestEmbedded);
  fields.object("pooling", [&](Fields& inside) {
    pooling_fields(inside, document.spec, document.stride_linked, document.rectangular);
  });
  view_fields(fields, document);
  fields.integer("batch", document.batch, 0, 0);
  channel_field(fields, document.channel, document.shape());
  setup_fields(fields, document);
  fields.put("lab", copy.lab);
  fields.integer("step", copy.step, 0, 0);
  transport_fields(fields, copy);
  eye_fields(fields, copy.view);
  return root;
}

StudyState state_of(const Model& model) {
  StudyState state;
  state.document = model.document;
  state.lab = model.session.lab;
  state.step = std::clamp<int64_t>(model.session.playback.step(), 0, model.steps() - 1);
  state.speed = model.session.playback.speed;
  state.unit = model.session.playback.unit;
  state.loop = model.session.playback.loop;
  state.view = model.session.view;
  return state;
}

}  // namespace poolscope
