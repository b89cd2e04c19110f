// Step 1 of the Network lab: the pictures, how many of every class, and how they are divided.

#include <algorithm>
#include <cmath>

#include "app/labs/compare_lab.h"
#include "app/labs/network_lab.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

void set_data(const LabContext& context, const NetworkData& data) {
  NetworkSetup setup = context.model.document.network;
  setup.data = data;
  edit_network(context, std::move(setup));
}

void draw_count(LabContext& context, const char* key, const char* label, int64_t NetworkData::*field,
                double low, double high, double step) {
  ui::SliderOptions options;
  options.min = low;
  options.max = high;
  options.step = step;
  const NetworkData& present = context.model.document.network.data;
  const std::string value = format_count(present.*field);
  options.value_text = value;
  const auto change =
      ui::slider(context.ui, key, context.text(label), static_cast<double>(present.*field), options);
  if (!change.edited) return;
  NetworkSetup setup = context.model.document.network;
  setup.data.*field = std::llround(change.value);
  edit_network(context, std::move(setup), change);
}

/// The folder of files: typed, and read with Enter or the button.
void draw_folder(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkData& present = context.model.document.network.data;
  FrameState::NetworkView& view = context.state.network;
  if (!view.folder_typed) view.folder = present.folder.string();
  const std::string& words = context.text("network.read");
  const float button = ui::button_width(ui, words);
  ui::FieldOptions field;
  const bool mnist = present.source == DataSource::mnist;
  field.hint = context.text(mnist ? "network.folder.mnist" : "network.folder.pictures");
  field.width = ui::available_width(ui) - button - ui.sp(2);
  const ui::FieldChange change = ui::text_field(ui, "network.folder", view.folder, field);
  view.folder_typed |= change.edited;
  ui::same_line(ui, 2);
  ui::ButtonOptions options;
  options.enabled = !view.folder.empty();
  const bool read = ui::button(ui, "network.read", words, options);
  if ((read || change.submitted) && !view.folder.empty()) {
    NetworkData data = present;
    data.folder = view.folder;
    view.folder_typed = false;
    set_data(context, data);
  }
}

void draw_picture_options(LabContext& context) {
  const NetworkData& present = context.model.document.network.data;
  draw_count(context, "network.side", "network.side", &NetworkData::side, 16, kLargestNetworkSide, 4);
  if (ui::toggle(context.ui, "network.colour", context.text("network.colour"), present.colour)) {
    NetworkData data = present;
    data.colour = !data.colour;
    set_data(context, data);
  }
  ui::SliderOptions options;
  options.min = 0.05;
  options.max = 0.5;
  options.step = 0.05;
  const std::string value = std::to_string(std::lround(100 * present.test_share)) + " %";
  options.value_text = value;
  const auto change = ui::slider(context.ui, "network.test_share", context.text("network.test_share"),
                                 present.test_share, options);
  if (!change.edited) return;
  NetworkSetup setup = context.model.document.network;
  setup.data.test_share = change.value;
  edit_network(context, std::move(setup), change);
}

void draw_settings(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkData& present = context.model.document.network.data;
  ui::paragraph(ui,
                context.text(present.source == DataSource::digits  ? "network.about.digits"
                             : present.source == DataSource::mnist ? "network.about.mnist"
                                                                   : "network.about.folder"),
                ui::Role::body, ui.theme->text_soft);
  ui::gap(ui, 1);
  if (present.source != DataSource::digits) draw_folder(context);
  const bool digits = present.source == DataSource::digits;
  const char* train = digits ? "network.count.train" : "network.most.train";
  const char* test = digits ? "network.count.test" : "network.most.test";
  draw_count(context, "network.count.train", train, &NetworkData::train, 1000, 60'000, 1000);
  draw_count(context, "network.count.test", test, &NetworkData::test, 500, 10'000, 500);
  ui::SliderOptions options;
  options.min = 1;
  options.max = 50;
  options.step = 1;
  const std::string value = std::to_string(present.seed);
  options.value_text = value;
  options.tooltip = context.text("network.data_seed.hint");
  const auto change = ui::slider(ui, "network.data_seed", context.text("network.data_seed"),
                                 static_cast<double>(present.seed), options);
  if (change.edited) {
    NetworkSetup setup = context.model.document.network;
    setup.data.seed = static_cast<uint64_t>(std::llround(change.value));
    edit_network(context, std::move(setup), change);
  }
  if (present.source == DataSource::folder) draw_picture_options(context);
}

void draw_balance(LabContext& context, const NetworkDataRun& data) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("network.balance"));
  const bool training = context.state.network.of_training;
  const std::vector<int64_t>& counts = training ? data.train_counts : data.test_counts;
  const int64_t most = std::max<int64_t>(1, *std::max_element(counts.begin(), counts.end()));
  float width = ui.dp(12);
  for (const std::string& name : data.train->classes)
    width = std::max(width, ui::text_width(ui.fonts.sized(ui::Role::body), name));
  ui::BarOptions options;
  options.label_width = std::min(width, ui.dp(100));
  options.value_width = ui.dp(48);
  const size_t shown = std::min<size_t>(counts.size(), 20);
  for (size_t k = 0; k < shown; ++k)
    ui::bar_row(ui, "network.balance." + std::to_string(k), data.train->classes[k],
                static_cast<double>(counts[k]) / static_cast<double>(most), format_count(counts[k]), options);
}

/// Some pictures of every class in a row each. In training they are moved by chance, and shown so.
void draw_samples(LabContext& context, const NetworkDataRun& data) {
  ui::Ui& ui = context.ui;
  const bool training = context.state.network.of_training;
  const SampleSheet& sheet = training ? data.train_sheet : data.test_sheet;
  const std::vector<std::string>& classes = data.train->classes;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::caption_bold);
  float labels = ui.dp(14);
  for (const std::string& name : classes)
    labels = std::max(labels, std::min(ui::text_width(font, name) + ui.dp(8), ui.dp(90)));
  const float room = ui::available_width(ui), gap = ui.dp(4);
  const float side =
      std::floor(std::clamp((room - labels) / static_cast<float>(kSheetColumns) - gap, ui.dp(24), ui.dp(56)));
  const auto columns =
      std::min<int64_t>(kSheetColumns, static_cast<int64_t>((room - labels + gap) / (side + gap)));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (size_t i = 0; i < sheet.samples.size(); ++i) {
    const auto row = static_cast<int64_t>(i) / kSheetColumns,
               column = static_cast<int64_t>(i) % kSheetColumns;
    const ImVec2 corner{at.x + labels + static_cast<float>(column) * (side + gap),
                        at.y + static_cast<float>(row) * (side + gap)};
    if (column == 0)
      ui::put_text(list, font, {at.x, corner.y + (side - font.size_px) / 2}, ui.theme->text_soft,
                   ui::fitted(font, classes[static_cast<size_t>(row)], labels));
    if (sheet.samples[i] < 0 || column >= columns) continue;
    const ui::Rect box{corner, {corner.x + side, corner.y + side}};
    if (!ImGui::IsRectVisible(box.min, box.max)) continue;
    PictureView view;
    view.tensor = sheet.pictures;
    view.screen_x0 = box.min.x, view.screen_y0 = box.min.y;
    view.screen_x1 = box.max.x, view.screen_y1 = box.max.y;
    view.x0 = static_cast<double>(column * (sheet.shape.w + 1));
    view.y0 = static_cast<double>(row * (sheet.shape.h + 1));
    view.x1 = view.x0 + static_cast<double>(sheet.shape.w);
    view.y1 = view.y0 + static_cast<double>(sheet.shape.h);
    view.channel = sheet.shape.c == 3 ? -1 : 0;
    view.range = {0, 255};
    view.grid = false;
    context.painter.draw(list, view);
    const ui::HotArea area = ui::hot_area(ui, "network.sample." + std::to_string(i), box, "picture");
    if (area.hovered) ui::outline_outside(list, box.min, box.max, ui.theme->primary, 0, ui.dp(2));
    if (!area.clicked) continue;
    NetworkSetup setup = context.model.document.network;
    setup.apply.source = ApplySource::sample;
    setup.apply.of_training = training;
    setup.apply.sample = sheet.samples[i];
    edit_network(context, std::move(setup));
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({room, static_cast<float>(classes.size()) * (side + gap)});
}

void draw_missing(LabContext& context) {
  ui::Ui& ui = context.ui;
  const NetworkDataJob& job = context.model.network.data;
  const NetworkData& present = context.model.document.network.data;
  if (job.busy()) {
    ui::text(ui, ui::Role::body, ui.theme->text_soft, context.text("network.reading"));
    ui::gap(ui, 1);
    ui::progress_bar(ui, "network.data.progress", job.progress() > 0 ? job.progress() : -1);
    return;
  }
  const bool asked = present.source == DataSource::digits || !present.folder.empty();
  if (asked && job.latest() && job.latest()->error) {
    const std::string words = context.say(*job.latest()->error);
    ui::paragraph(ui, words, ui::Role::body, ui.theme->danger);
    ui.record("network.data.error", "text", words, {});
    return;
  }
  ui::paragraph(ui, context.text("network.no_folder"), ui::Role::body, ui.theme->text_soft);
}

}  // namespace

void draw_network_data(LabContext& context, float) {
  ui::Ui& ui = context.ui;
  const float width = ui::available_width(ui), gap = ui.sp(3), padding = ui.dp(14);
  const float left = std::floor(std::min(width * 0.5f, ui.dp(420)));
  const auto data = context.model.network.data_for(context.model.document);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ui.dp(context.model.document.network.data.source == DataSource::folder ? 388 : 306);
  ui::begin_card(ui, "network.card.source", {.width = left, .height = height, .padding = padding});
  draw_settings(context);
  ui::end_card(ui);
  ImGui::SetCursorScreenPos({at.x + left + gap, at.y});
  ui::begin_card(ui, "network.card.balance",
                 {.width = width - left - gap, .height = height, .padding = padding});
  if (data)
    draw_balance(context, *data);
  else
    draw_missing(context);
  ui::end_card(ui);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  if (!data) return;
  ui::gap(ui, 3);
  ui::begin_card(ui, "network.card.samples", {.padding = padding});
  const std::vector<ui::Choice> parts = {
      {"train",
       context.say(Message("network.part.train").with("count", format_count(data->train->count()))),
       true,
       {}},
      {"test",
       context.say(Message("network.part.test").with("count", format_count(data->test->count()))),
       true,
       {}}};
  if (const auto chosen = ui::segmented(ui, "network.part", parts, context.state.network.of_training ? 0 : 1))
    context.state.network.of_training = *chosen == 0;
  ui::gap(ui, 2);
  draw_samples(context, *data);
  ui::end_card(ui);
}

}  // namespace poolscope
