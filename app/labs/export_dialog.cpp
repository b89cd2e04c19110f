// "Take it with you": films, stills, numbers and code of what is shown.

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "app/export/caption.h"
#include "app/export/code.h"
#include "app/export/film.h"
#include "app/export/film_plan.h"
#include "app/labs/export_sheet.h"
#include "app/labs/frame.h"
#include "app/ui/item.h"
#include "app/ui/shapes.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

namespace fs = std::filesystem;

enum Tab { kFilm, kStill, kNumbers, kCode, kSheet };
static_assert(kSheet == kSheetTab);

constexpr Size2 kSizes[] = {{480, 640}, {600, 960}, {720, 1280}, {1080, 1920}, {2160, 3840}};

std::string size_text(const Size2& size) {
  return std::to_string(size.w) + " × " + std::to_string(size.h);
}

/// "960 x 600", however it is spaced and whichever cross it has. Nothing where it is no size that can be.
std::optional<Size2> parse_size(std::string typed, int64_t most) {
  if (const size_t cross = typed.find("×"); cross != std::string::npos)
    typed.replace(cross, std::string_view("×").size(), "x");
  std::erase(typed, ' ');
  Size2 size;
  const char* end = typed.data() + typed.size();
  const auto [cross, no_width] = std::from_chars(typed.data(), end, size.w);
  if (no_width != std::errc() || cross == end || (*cross != 'x' && *cross != 'X')) return std::nullopt;
  const auto [stop, no_height] = std::from_chars(cross + 1, end, size.h);
  if (no_height != std::errc() || stop != end) return std::nullopt;
  if (std::min(size.h, size.w) < kLeastFilmSide || std::max(size.h, size.w) > most) return std::nullopt;
  return size;
}

const char* ending_of(const ExportDialog& dialog) {
  if (dialog.tab == kNumbers) return ".csv";
  if (dialog.tab == kFilm && dialog.film.format == FilmFormat::gif) return ".gif";
  if (dialog.tab == kFilm && dialog.film.format == FilmFormat::webp) return ".webp";
  return ".png";
}

/// "~/a" is in the home folder.
fs::path path_of(const std::string& typed) {
  const char* home = std::getenv("HOME");
  if (home != nullptr && typed.starts_with("~/")) return fs::path(home) / typed.substr(2);
  return typed;
}

std::string suggested_path(const LabContext& context) {
  const ExportDialog& dialog = context.state.take_away;
  const Input& input = context.model.document.input;
  std::error_code failed;
  const fs::path folder = input.path.empty() ? fs::current_path(failed) : input.path.parent_path();
  std::string name = suggested_name(context.model);
  if (dialog.tab == kSheet) name = (dialog.answers ? "answers-" : "sheet-") + dialog.seed;
  if (dialog.tab == kNumbers)
    name += dialog.matrix == ExportMatrix::input    ? "-input"
            : dialog.matrix == ExportMatrix::output ? "-output"
                                                    : "-gradient";
  return (folder / (name + ending_of(dialog))).string();
}

/// The name's ending follows the format; a name that nobody typed follows everything.
void keep_path(LabContext& context) {
  ExportDialog& dialog = context.state.take_away;
  if (!dialog.path_by_hand)
    dialog.path = suggested_path(context);
  else if (const fs::path path(dialog.path); path.has_extension() && path.extension() != ending_of(dialog))
    dialog.path = fs::path(path).replace_extension(ending_of(dialog)).string();
}

/// What the window looks like is what a film begins with.
void open_dialog(LabContext& context) {
  ExportDialog& dialog = context.state.take_away;
  for (FilmSetup* setup : {&dialog.film, &dialog.still}) {
    setup->theme = context.model.settings.theme;
    setup->from = 0;
    setup->to.reset();
  }
  dialog.still.format = FilmFormat::png_still;
  dialog.still.to = context.model.session.playback.step();
  if (dialog.film_size.empty()) dialog.film_size = size_text(dialog.film.size_px);
  if (dialog.still_size.empty()) dialog.still_size = size_text(dialog.still.size_px = {1080, 1920});
  dialog.path_by_hand = dialog.asks = false;
  keep_path(context);
}

void draw_tabs(LabContext& context) {
  ExportDialog& dialog = context.state.take_away;
  const std::vector<ui::Choice> tabs = {{"film", context.text("export.tab.film"), true, {}},
                                        {"still", context.text("export.tab.still"), true, {}},
                                        {"numbers", context.text("export.tab.numbers"), true, {}},
                                        {"code", context.text("export.tab.code"), true, {}},
                                        {"sheet", context.text("export.tab.sheet"), true, {}}};
  const auto chosen = ui::segmented(context.ui, "export.tab", tabs, dialog.tab, -1);
  if (!chosen || *chosen == dialog.tab) return;
  dialog.tab = *chosen;
  context.ui.want_frame_in(0);
  dialog.path_by_hand = dialog.asks = false;
  keep_path(context);
}

void draw_format(LabContext& context) {
  ExportDialog& dialog = context.state.take_away;
  const std::vector<ui::Choice> formats = {{"gif", "GIF", true, context.text("export.format.gif.hint")},
                                           {"webp", "WebP", true, context.text("export.format.webp.hint")},
                                           {"png", "PNG …", true, context.text("export.format.png.hint")}};
  ui::section(context.ui, context.text("export.format"));
  const auto chosen =
      ui::segmented(context.ui, "export.format", formats, static_cast<int>(dialog.film.format), -1);
  if (!chosen) return;
  dialog.film.format = static_cast<FilmFormat>(*chosen);
  context.ui.want_frame_in(0);
  dialog.asks = false;
  keep_path(context);
}

/// A list of usual sizes beside a field for any other.
void draw_size(LabContext& context, FilmSetup& setup, std::string& typed) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("export.size"));
  std::vector<ui::Choice> sizes;
  int selected = -1;
  for (const Size2& size : kSizes) {
    if (size == setup.size_px) selected = static_cast<int>(sizes.size());
    sizes.push_back({std::to_string(size.w), size_text(size), true, {}});
  }
  const float width = ui::column_width(ui, 2);
  if (const auto chosen = ui::dropdown(ui, "export.sizes", sizes, selected, width)) {
    setup.size_px = kSizes[*chosen];
    typed = size_text(setup.size_px);
  }
  ui::same_line(ui, 2);
  const auto parsed = parse_size(typed, most_side(setup.format));
  ui::FieldOptions options;
  options.width = width;
  const std::string error = context.say(
      Message("export.size.error").with("least", kLeastFilmSide).with("most", most_side(setup.format)));
  if (!parsed) options.error = error;
  ui::text_field(ui, "export.size", typed, options);
  if (const auto size = parse_size(typed, most_side(setup.format))) setup.size_px = *size;
}

void draw_windows(LabContext& context, FilmSetup& setup) {
  ui::Ui& ui = context.ui;
  const auto last = static_cast<double>(context.model.steps() - 1);
  ui::SliderOptions options;
  options.max = std::max(1.0, last);
  options.step = 1;
  options.enabled = last > 0;
  options.color = ui.theme->window.line;
  options.width = ui::column_width(ui, 2, 4);
  const std::string from_text = format_count(setup.from + 1);
  options.value_text = from_text;
  const auto from =
      ui::slider(ui, "export.from", context.text("export.from"), static_cast<double>(setup.from), options);
  ui::same_line(ui, 4);
  const int64_t present = setup.to.value_or(context.model.steps() - 1);
  const std::string to_text = format_count(present + 1);
  options.value_text = to_text;
  const auto to =
      ui::slider(ui, "export.to", context.text("export.to"), static_cast<double>(present), options);
  if (from.edited) {
    setup.from = std::llround(from.value);
    setup.to = std::max(present, setup.from);
  }
  if (to.edited) {
    setup.to = std::llround(to.value);
    setup.from = std::min(setup.from, *setup.to);
  }
}

void draw_times(LabContext& context, FilmSetup& setup, const FilmPlan& plan) {
  ui::Ui& ui = context.ui;
  ui::SliderOptions options;
  options.min = 0.5;
  options.max = 60;
  options.logarithmic = true;
  options.width = ui::column_width(ui, 2, 4);
  const std::string length =
      context.say(Message("export.seconds.value").with("seconds", format_short(plan.seconds(), 3)));
  options.value_text = length;
  const auto seconds = ui::slider(ui, "export.seconds", context.text("export.seconds"),
                                  std::clamp(plan.seconds(), 0.5, 60.0), options);
  if (seconds.edited) setup.seconds = std::round(seconds.value * 10) / 10;
  ui::same_line(ui, 4);
  options.min = 5;
  options.max = static_cast<double>(kMostFps);
  options.logarithmic = false;
  options.step = 1;
  const std::string fps_text = format_short(setup.fps, 3);
  options.value_text = fps_text;
  const auto fps = ui::slider(ui, "export.fps", context.text("export.fps"), setup.fps, options);
  if (fps.edited) setup.fps = std::round(fps.value);
}

void draw_look(LabContext& context, FilmSetup& setup) {
  ui::Ui& ui = context.ui;
  const float width = ui::column_width(ui, 2, 4);
  const std::vector<ui::Choice> themes = {{"paper", context.text("export.theme.paper"), true, {}},
                                          {"night", context.text("export.theme.night"), true, {}}};
  if (const auto chosen = ui::segmented(ui, "export.theme", themes, setup.theme == ThemeName::night, width))
    setup.theme = *chosen == 1 ? ThemeName::night : ThemeName::paper;
  ui::same_line(ui, 4);
  ui::begin_region(ui, width);
  if (ui::toggle(ui, "export.panels", context.text("export.panels"), setup.whole_window, true,
                 context.text("export.panels.hint")))
    setup.whole_window = !setup.whole_window;
  ui::end_region(ui);
  ui::SliderOptions options;
  options.min = 75;
  options.max = 250;
  options.step = 5;
  const std::string value = std::to_string(setup.text_percent) + " %";
  options.value_text = value;
  const auto scale = ui::slider(ui, "export.text", context.text("export.text"), setup.text_percent, options);
  if (scale.edited) setup.text_percent = scale.as_int();
}

void draw_caption(LabContext& context) {
  ui::Ui& ui = context.ui;
  ui::section(ui, context.text("export.caption_title"));
  ui::paragraph(ui, film_caption(context.model, context.texts), ui::Role::caption, ui.theme->text_soft);
}

void draw_film(LabContext& context) {
  ui::Ui& ui = context.ui;
  FilmSetup& setup = context.state.take_away.film;
  const FilmPlan plan = plan_film(setup, context.model.steps(), context.model.plan().out.w);
  draw_format(context);
  draw_size(context, setup, context.state.take_away.film_size);
  ui::gap(ui, 2);
  draw_windows(context, setup);
  draw_times(context, setup, plan);
  ui::gap(ui, 1);
  ui::fact(ui, "export.count", context.text("export.count"),
           context.say(Message("export.count.value")
                           .with("frames", format_count(plan.frames))
                           .with("size", size_text(setup.size_px))));
  ui::gap(ui, 2);
  draw_look(context, setup);
  draw_caption(context);
}

void draw_still(LabContext& context) {
  FilmSetup& setup = context.state.take_away.still;
  draw_size(context, setup, context.state.take_away.still_size);
  ui::gap(context.ui, 2);
  draw_look(context, setup);
  draw_caption(context);
}

/// The first rows and columns, as they will be written.
std::string beginning_of(const Tensor& tensor) {
  constexpr int64_t kRows = 8, kColumns = 8;
  const Shape& shape = tensor.shape();
  std::string words;
  for (int64_t y = 0; y < std::min(shape.h, kRows); ++y) {
    for (int64_t x = 0; x < std::min(shape.w, kColumns); ++x)
      words += (x > 0 ? "," : "") + format_exact(tensor.data()[y * shape.w + x]);
    words += shape.w > kColumns ? ",…\n" : "\n";
  }
  return words + (shape.h > kRows ? "…" : "");
}

/// How many bytes of a line there is room for; not through the middle of a character, and at least one.
size_t fitting(const ui::SizedFont& font, std::string_view line, float room) {
  if (ui::text_width(font, line) <= room) return line.size();
  size_t end = 0;
  for (size_t next = 1; next <= line.size(); ++next) {
    const bool inside = next < line.size() && (static_cast<unsigned char>(line[next]) & 0xC0) == 0x80;
    if (inside) continue;
    if (end > 0 && ui::text_width(font, line.substr(0, next)) > room) break;
    end = next;
  }
  return end;
}

/// Lines in the mono font, wrapped where they are too wide.
void draw_lines(LabContext& context, const char* key, const std::string& words, float height) {
  ui::Ui& ui = context.ui;
  const ui::SizedFont font = ui.fonts.sized(ui::Role::mono_small);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ui::available_width(ui), pad = ui.dp(12);
  ImDrawList* list = ImGui::GetWindowDrawList();
  ui::frame(list, at, {at.x + width, at.y + height}, ui.theme->control, ui.theme->hairline, ui.radius(),
            ui.hairline());
  ui.record(key, "code", words, {at, {at.x + width, at.y + height}});
  ImGui::SetCursorScreenPos({at.x + pad, at.y + ui.dp(4)});
  ui::begin_scroll(ui, key, {width - pad - ui.dp(4), height - ui.dp(8)});
  const float room = ui::available_width(ui);
  list = ImGui::GetWindowDrawList();
  for (size_t begin = 0; begin < words.size();) {
    const size_t end = std::min(words.find('\n', begin), words.size());
    std::string_view line(words.data() + begin, end - begin);
    do {
      const size_t cut = fitting(font, line, room);
      const ImVec2 place = ImGui::GetCursorScreenPos();
      ui::put_text(list, font, place, line.starts_with("#") ? ui.theme->text_faint : ui.theme->text,
                   line.substr(0, cut));
      ImGui::Dummy({1, font.size_px});
      ImGui::SetCursorScreenPos({place.x, place.y + font.size_px * 1.2f});
      line.remove_prefix(cut);
    } while (!line.empty());
    begin = end + 1;
  }
  ui::end_scroll(ui);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
}

void draw_numbers(LabContext& context, float height) {
  ui::Ui& ui = context.ui;
  ExportDialog& dialog = context.state.take_away;
  const std::vector<ui::Choice> matrices = {
      {"input", context.text("stage.title.input"), true, {}},
      {"output", context.text("stage.title.output"), true, {}},
      {"gradient", context.text("stage.title.input_gradient"), true, context.text("export.gradient.hint")}};
  ui::gap(ui, 1);
  const auto chosen = ui::segmented(ui, "export.matrix", matrices, static_cast<int>(dialog.matrix), -1);
  if (chosen) {
    dialog.matrix = static_cast<ExportMatrix>(*chosen);
    dialog.asks = false;
    keep_path(context);
  }
  const PoolPlan& plan = context.model.plan();
  const Shape shape = dialog.matrix == ExportMatrix::output ? plan.out : plan.in;
  ui::gap(ui, 1);
  ui::fact(ui, "export.shape", context.text("export.shape"), to_string(shape));
  // What is computed already is shown.
  const PoolRunPtr run = context.model.job.latest();
  const bool present = run && run->request.input == context.model.document.input.tensor &&
                       run->request.spec == context.model.document.spec;
  const Tensor* shown = dialog.matrix == ExportMatrix::input    ? context.model.document.input.tensor.get()
                        : !present                              ? nullptr
                        : dialog.matrix == ExportMatrix::output ? run->output.get()
                                                                : run->input_gradient.get();
  ui::gap(ui, 1);
  if (shown != nullptr)
    draw_lines(context, "export.beginning", beginning_of(*shown), std::min(height, ui.dp(170)));
}

std::string source_of(const Input& input) {
  return input.path.empty() ? input.builtin : input.path.string();
}

void draw_code(LabContext& context, float height) {
  ui::Ui& ui = context.ui;
  ExportDialog& dialog = context.state.take_away;
  std::vector<ui::Choice> frameworks;
  for (const CodeFrameworkInfo& info : all_code_frameworks())
    frameworks.push_back({std::string(info.name), std::string(info.title), true, {}});
  ui::gap(ui, 1);
  if (const auto chosen = ui::segmented(ui, "export.framework", frameworks, dialog.framework, -1))
    dialog.framework = *chosen;
  const Document& document = context.model.document;
  const CodeRequest request{all_code_frameworks()[static_cast<size_t>(dialog.framework)].framework,
                            context.model.plan(),
                            document.input.tensor,
                            source_of(document.input),
                            film_caption(context.model, context.texts),
                            document.direction == Direction::backward};
  const std::string code = code_for(request, context.texts);
  ui::gap(ui, 1);
  draw_lines(context, "export.code", code, height - ui.control_height() - ui.sp(6));
  ImGui::SetCursorScreenPos({ui.right_edge() - ui.dp(120), ImGui::GetCursorScreenPos().y + ui.sp(1)});
  ui::ButtonOptions copy;
  copy.kind = ui::ButtonKind::primary;
  copy.icon = ui::Icon::copy;
  copy.width = ui.dp(120);
  if (!ui::button(ui, "export.copy", context.text("export.copy"), copy)) return;
  context.outbox.post(command::CopyText{code});
  ui.toast(context.text("export.copied"));
}

/// Whether something is there that would be replaced.
bool would_replace(const ExportDialog& dialog) {
  fs::path path = path_of(dialog.path);
  if (dialog.tab == kFilm && dialog.film.format == FilmFormat::png_frames) path = numbered_path(path, 0);
  std::error_code failed;
  return fs::exists(fs::symlink_status(path, failed));
}

void start(LabContext& context, bool replace) {
  ExportDialog& dialog = context.state.take_away;
  dialog.asks = false;
  const fs::path path = path_of(dialog.path);
  if (dialog.tab == kNumbers) {
    context.outbox.post(command::StartExport{CsvRequest{dialog.matrix, path, replace}});
    return;
  }
  if (dialog.tab == kSheet) {
    std::optional<PracticeRequest> request = practice_request(context);
    if (!request) return;
    request->path = path;
    request->replace = replace;
    context.outbox.post(command::StartExport{std::move(*request)});
    return;
  }
  FilmRequest request{dialog.tab == kFilm ? dialog.film : dialog.still, path, replace};
  request.setup.language = context.texts.language();
  context.outbox.post(command::StartExport{std::move(request)});
}

bool can_start(const LabContext& context) {
  const ExportDialog& dialog = context.state.take_away;
  const fs::path path(dialog.path);
  if (path.filename().empty() || path.extension() != ending_of(dialog)) return false;
  if (dialog.tab == kNumbers) return true;
  if (dialog.tab == kSheet) return practice_request(context).has_value();
  const FilmSetup& setup = dialog.tab == kFilm ? dialog.film : dialog.still;
  return parse_size(dialog.tab == kFilm ? dialog.film_size : dialog.still_size, most_side(setup.format))
      .has_value();
}

/// While it is being made: how far it is, and a way out.
void draw_progress(LabContext& context, const ExportProgress& progress, float row) {
  ui::Ui& ui = context.ui;
  const bool counted = progress.total > 0;
  const std::string words =
      counted ? context.say(
                    Message("export.progress").with("frame", progress.done).with("frames", progress.total))
              : context.text("export.working");
  ui::text(ui, ui::Role::caption, ui.theme->text_soft, words);
  const float cancel = std::max(ui.dp(96), ui::button_width(ui, context.text("export.cancel")));
  const ImVec2 at{ImGui::GetCursorScreenPos().x, row};
  ImGui::SetCursorScreenPos({at.x, at.y + ui.control_height() / 2 - ui.dp(3)});
  ui::progress_bar(ui, "export.progress",
                   counted ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : -1,
                   ui::available_width(ui) - cancel - ui.sp(4));
  ImGui::SetCursorScreenPos({ui.right_edge() - cancel, at.y});
  ui::ButtonOptions options;
  options.width = cancel;
  if (ui::button(ui, "export.cancel", context.text("export.cancel"), options))
    context.outbox.post(command::CancelExport{});
}

/// Where it goes, and what to do with what is there.
void draw_target(LabContext& context) {
  ui::Ui& ui = context.ui;
  ExportDialog& dialog = context.state.take_away;
  ui::FieldOptions options;
  options.icon = ui::Icon::folder;
  const float save = std::max(ui.dp(110), ui::button_width(ui, context.text("export.save")));
  options.width = ui::available_width(ui) - save - ui.sp(2);
  const std::string wrong = context.say(Message("export.ending.error").with("ending", ending_of(dialog)));
  const fs::path path(dialog.path);
  if (path.extension() != ending_of(dialog)) options.error = wrong;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ui::FieldChange change = ui::text_field(ui, "export.path", dialog.path, options);
  if (change.edited) {
    dialog.path_by_hand = true;
    dialog.asks = false;
  }
  ImGui::SetCursorScreenPos({ui.right_edge() - save, at.y});
  ui::ButtonOptions primary;
  primary.kind = ui::ButtonKind::primary;
  primary.width = save;
  primary.enabled = can_start(context) && !dialog.asks;
  if (ui::button(ui, "export.save", context.text("export.save"), primary)) {
    dialog.asks = would_replace(dialog);
    ui.want_frame_in(0);
    if (!dialog.asks) start(context, false);
  }
}

void draw_question(LabContext& context) {
  ui::Ui& ui = context.ui;
  ExportDialog& dialog = context.state.take_away;
  const std::string keep = context.text("export.keep"), replace = context.text("export.replace");
  const float buttons = ui::button_width(ui, keep) + ui::button_width(ui, replace) + ui.sp(2);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string question = context.say(
      Message("export.question").with("name", displayable(fs::path(dialog.path).filename().string())));
  ui.record("export.question", "text", question, {at, {ui.right_edge(), at.y + ui.control_height()}});
  ImGui::SetCursorScreenPos({at.x, at.y + ui.dp(7)});
  ui::paragraph(ui, question, ui::Role::body, ui.theme->danger, ui::available_width(ui) - buttons - ui.sp(4));
  ImGui::SetCursorScreenPos({ui.right_edge() - buttons, at.y});
  if (ui::button(ui, "export.keep", keep)) {
    dialog.asks = false;
    ui.want_frame_in(0);
  }
  ui::same_line(ui, 2);
  if (ui::button(ui, "export.replace", replace)) start(context, true);
}

/// The last two rows, above `corner`.
void draw_bottom(LabContext& context, ImVec2 corner) {
  ui::Ui& ui = context.ui;
  const float row = ui.control_height(), first = corner.y - 2 * row - ui.sp(2);
  const float caption = corner.y - row - ui.sp(1.5f) - ui.fonts.size(ui::Role::caption);
  if (const auto& progress = context.model.session.exporting) {
    ImGui::SetCursorScreenPos({corner.x, caption});
    return draw_progress(context, *progress, corner.y - row);
  }
  if (context.state.take_away.asks) {
    ImGui::SetCursorScreenPos({corner.x, first});
    draw_question(context);
  } else {
    ImGui::SetCursorScreenPos({corner.x, caption});
    ui::text(ui, ui::Role::caption, ui.theme->text_faint, context.text("export.save_as"));
  }
  ImGui::SetCursorScreenPos({corner.x, corner.y - row});
  draw_target(context);
}

}  // namespace

void draw_export_dialog(LabContext& context) {
  ui::Ui& ui = context.ui;
  ExportDialog& dialog = context.state.take_away;
  if (!dialog.open) open_dialog(context);
  ui::ModalOptions options;
  options.title = context.text("export.title");
  options.width = std::min(ui.dp(700), ImGui::GetIO().DisplaySize.x * 0.94f);
  options.height = std::min(ui.dp(640), ImGui::GetIO().DisplaySize.y * 0.94f);
  const ui::ModalFrame frame = ui::begin_modal(ui, "export", options);
  if (!frame) return;
  draw_tabs(context);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float bottom = ImGui::GetWindowPos().y + options.height - ui.sp(5);
  const bool with_target = dialog.tab != kCode || context.model.session.exporting;
  const float target = with_target ? ui.control_height() * 2 + ui.sp(5) : 0;
  const float body = bottom - target - at.y;
  // Wider than what is in it by the thumb at the right and half a slider's knob at the left.
  const float knob = ui.dp(8);
  ImGui::SetCursorScreenPos({at.x - knob, at.y});
  ui::begin_scroll(ui, "export.body", {ui::available_width(ui) + ui.dp(10), body});
  ImGui::Indent(knob);
  ui::gap(ui, 2);
  if (dialog.tab == kFilm) draw_film(context);
  if (dialog.tab == kStill) draw_still(context);
  if (dialog.tab == kNumbers) draw_numbers(context, body - ui.dp(110));
  if (dialog.tab == kSheet) {
    draw_export_sheet(context);
    keep_path(context);
  }
  if (dialog.tab == kCode) draw_code(context, body - ui.control_height() - ui.sp(3));
  ImGui::Unindent(knob);
  ui::end_scroll(ui);
  if (with_target) draw_bottom(context, {at.x, bottom});
  ui::end_modal(ui);
  if (!frame.close_requested) return;
  if (context.model.session.exporting) {
    context.outbox.post(command::CancelExport{});
    return;
  }
  context.outbox.post(command::ShowDialog{static_cast<int>(Dialog::none)});
}

}  // namespace poolscope
