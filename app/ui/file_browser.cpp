#include "app/ui/file_browser.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

#include "app/ui/folder_reader.h"
#include "app/ui/item.h"
#include "app/ui/native.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

namespace fs = std::filesystem;

/// Textures kept at a time; the ones that were not seen for longest go first.
constexpr size_t kMostPictures = 400;

fs::path home_folder() {
  const char* home = std::getenv("HOME");
  return home && *home ? fs::path(home) : fs::path("/");
}

/// What a person typed, as a path: "~" is home, relative paths start from the folder that is shown.
fs::path path_of(const std::string& typed, const fs::path& folder) {
  if (typed == "~") return home_folder();
  if (typed.starts_with("~/")) return home_folder() / typed.substr(2);
  return (folder / typed).lexically_normal();
}

/// A file's picture and what is known about it.
struct Picture {
  uint64_t texture = 0;
  float aspect = 1;
  std::string detail;
  bool ok = true;
  uint64_t seen = 0;  // frame in which it was last drawn
};

}  // namespace

struct FileBrowser::State {
  Options options;
  std::unique_ptr<FolderReader> reader;
  bool open = false;
  fs::path folder;
  FolderListing listing;
  bool listed = false;
  std::vector<fs::path> recent;

  std::string typed;  // in the path field
  bool typed_by_hand = false;
  std::optional<fs::path> submitted;  // typed path that the reader looks at: folder or file?
  std::string select_next;            // entry to select once the folder is listed
  int selected = -1;
  bool reveal = false;  // scroll to the selection
  std::optional<fs::path> chosen;

  bool saving = false;
  int shown = 0;                     // frames since it was opened: the name has the keyboard from the start
  std::string name, ending;          // of the file to be saved
  std::optional<fs::path> replaces;  // a file that is there already: asked about

  std::map<fs::path, Picture> pictures;
  std::vector<fs::path> asked;
  uint64_t frame = 0;

  void go_to(fs::path next, std::string select = {}) {
    folder = std::move(next);
    typed = folder.string();
    typed_by_hand = false;
    select_next = std::move(select);
    selected = -1;
    listed = false;
    listing = {};
    submitted.reset();
    asked.clear();
    reader->list(folder);
  }
  void go_up() {
    const fs::path parent = folder.parent_path();
    if (parent != folder && !parent.empty()) go_to(parent, folder.filename().string());
  }
  fs::path path_at(int index) const { return folder / listing.entries[static_cast<size_t>(index)].name; }
  void select(int index) {
    selected = index;
    typed = path_at(index).string();
    typed_by_hand = false;
    if (saving && !listing.entries[static_cast<size_t>(index)].is_folder)
      name = listing.entries[static_cast<size_t>(index)].name;
  }
  void activate(int index) {
    if (listing.entries[static_cast<size_t>(index)].is_folder) return go_to(path_at(index));
    if (saving) return offer(path_at(index));
    chosen = path_at(index);
  }
  /// To be saved there, unless something is there: then it is asked first.
  void offer(fs::path file) {
    if (!file.has_extension()) file += ending;
    std::error_code unknown;
    if (fs::is_directory(file, unknown)) return go_to(file);
    if (fs::exists(file, unknown))
      replaces = std::move(file);
    else
      chosen = std::move(file);
  }
  /// Enter, or the open button.
  void accept() {
    if (typed_by_hand) {
      if (typed.empty()) return;
      submitted = path_of(typed, folder);
      reader->list(*submitted);
    } else if (saving) {
      if (!name.empty()) offer(path_of(name, folder));
    } else if (selected >= 0) {
      activate(selected);
    }
  }
  bool can_accept() const {
    if (typed_by_hand) return !typed.empty();
    return saving ? !name.empty() : selected >= 0;
  }

  void take_results(Ui& ui);
  void take_listing(Ui& ui, FolderListing found);
  void forget_pictures(size_t keep);
};

void FileBrowser::State::take_listing(Ui& ui, FolderListing found) {
  if (submitted && !found.is_folder) {
    fs::path file = *std::exchange(submitted, std::nullopt);
    if (saving) return offer(std::move(file));
    chosen = std::move(file);  // whoever opens it says what is wrong with it
    return;
  }
  if (!found.is_folder) {
    // The folder of last time is gone: the nearest one above it.
    const fs::path parent = found.folder.parent_path();
    return go_to(parent.empty() || parent == found.folder ? home_folder() : parent);
  }
  submitted.reset();
  folder = found.folder;
  typed = folder.string();
  typed_by_hand = false;
  listing = std::move(found);
  listed = true;
  selected = -1;
  for (size_t i = 0; i < listing.entries.size(); ++i) {
    ui.fonts.need_glyphs(listing.entries[i].name);
    if (listing.entries[i].name == select_next) {
      select(static_cast<int>(i));
      reveal = true;
    }
  }
  select_next.clear();
}

void FileBrowser::State::take_results(Ui& ui) {
  if (auto found = reader->take_listing()) take_listing(ui, std::move(*found));
  for (FolderReader::Made& made : reader->take_previews()) {
    Picture& picture = pictures[made.file];
    if (picture.texture && options.drop_texture) options.drop_texture(picture.texture);
    picture = {0, 1, made.preview.detail, made.preview.ok, frame};
    if (!made.preview.rgba.empty() && options.make_texture)
      picture.texture = options.make_texture(made.preview);
    if (made.preview.height > 0) {
      picture.aspect = static_cast<float>(made.preview.width) / static_cast<float>(made.preview.height);
    }
  }
  if (pictures.size() > kMostPictures) forget_pictures(kMostPictures / 2);
}

void FileBrowser::State::forget_pictures(size_t keep) {
  std::vector<std::pair<uint64_t, fs::path>> by_age;
  for (const auto& [file, picture] : pictures)
    by_age.emplace_back(picture.seen, file);
  std::sort(by_age.begin(), by_age.end());
  for (size_t i = 0; i + keep < by_age.size(); ++i) {
    const auto found = pictures.find(by_age[i].second);
    if (found->second.texture && options.drop_texture) options.drop_texture(found->second.texture);
    pictures.erase(found);
  }
}

FileBrowser::FileBrowser(Options options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
}
FileBrowser::~FileBrowser() = default;

void FileBrowser::open(const fs::path& folder, std::vector<fs::path> recent) {
  State& s = *state_;
  if (!s.reader) {
    s.reader = std::make_unique<FolderReader>(s.options.extensions, s.options.load_preview, s.options.wake);
  }
  s.open = true;
  s.saving = false;
  s.replaces.reset();
  s.chosen.reset();
  s.recent = std::move(recent);
  s.go_to(folder.empty() ? home_folder() : folder);
}

void FileBrowser::open_to_save(const fs::path& folder, const std::string& name, std::string ending) {
  open(folder, {});
  state_->saving = true;
  state_->shown = 0;
  state_->name = name;
  state_->ending = std::move(ending);
}

void FileBrowser::close() {
  State& s = *state_;
  s.open = false;
  if (s.reader) s.reader->want_previews({});
  s.forget_pictures(0);
}

bool FileBrowser::is_open() const {
  return state_->open;
}
fs::path FileBrowser::folder() const {
  return state_->folder;
}
bool FileBrowser::busy() const {
  return state_->open && state_->reader && state_->reader->listing();
}

namespace {

/// The dialog's parts share these.
struct Parts {
  Ui& ui;
  FileBrowser::State& s;
  const BrowserTexts& words;
};

void draw_path_row(const Parts& p) {
  Ui& ui = p.ui;
  const bool can_go_up = p.s.folder.has_relative_path();
  if (icon_button(ui, "browser.up", Icon::chevron_up, p.words.up, {.enabled = can_go_up})) p.s.go_up();
  same_line(ui);
  const FieldChange change =
      text_field(ui, "browser.path", p.s.typed, {.hint = p.words.path_hint, .icon = Icon::folder});
  if (change.edited) p.s.typed_by_hand = true;
  if (change.submitted) p.s.accept();
}

void draw_places(const Parts& p, float width) {
  Ui& ui = p.ui;
  begin_region(ui, width);
  if (list_row(ui, "browser.home", p.words.home,
               {.icon = Icon::folder, .selected = p.s.folder == home_folder()})) {
    p.s.go_to(home_folder());
  }
  if (!p.s.recent.empty()) {
    section(ui, p.words.recent);
    for (size_t i = 0; i < p.s.recent.size() && i < 8; ++i) {
      const fs::path& file = p.s.recent[i];
      const std::string name = file.filename().string(), whole = file.string();
      ui.fonts.need_glyphs(name);
      if (i > 0) gap(ui, 0.5f);
      if (list_row(ui, "browser.recent." + std::to_string(i), name,
                   {.icon = Icon::image, .tooltip = whole})) {
        p.s.chosen = file;
      }
    }
  }
  end_region(ui);
}

struct Grid {
  int columns, rows;
  float tile_w, tile_h, gap;
  ImVec2 origin;
  Rect place(int index) const {
    const float x = origin.x + static_cast<float>(index % columns) * (tile_w + gap);
    const float y = origin.y + static_cast<float>(index / columns) * (tile_h + gap);
    return {{x, y}, {x + tile_w, y + tile_h}};
  }
};

Grid make_grid(const Ui& ui, int count) {
  Grid g{};
  g.gap = ui.dp(8);
  g.tile_h = ui.dp(118);
  const float width = available_width(ui);
  g.columns = std::max(1, static_cast<int>((width + g.gap) / (ui.dp(112) + g.gap)));
  g.tile_w = std::floor((width - g.gap * static_cast<float>(g.columns - 1)) / static_cast<float>(g.columns));
  g.rows = (count + g.columns - 1) / g.columns;
  g.origin = ImGui::GetCursorScreenPos();
  return g;
}

/// True when it was double-clicked.
bool draw_tile(const Parts& p, int index, Rect place) {
  Ui& ui = p.ui;
  const Theme& t = *ui.theme;
  const FolderEntry& entry = p.s.listing.entries[static_cast<size_t>(index)];
  const auto known = p.s.pictures.find(p.s.path_at(index));
  Picture* picture = known == p.s.pictures.end() ? nullptr : &known->second;
  if (picture) picture->seen = p.s.frame;
  const bool on = index == p.s.selected;
  ImGui::SetCursorScreenPos(place.min);
  const Item item =
      make_item(ui, (entry.is_folder ? "browser.folder." : "browser.file.") + entry.name,
                {.size = {place.width(), place.height()},
                 .kind = entry.is_folder ? "folder" : "file",
                 .value = entry.name,
                 .selected = on,
                 .focusable = false,
                 .tooltip = picture && !picture->detail.empty() ? picture->detail : entry.name});
  if (item.pressed) p.s.select(index);

  ImDrawList* list = ImGui::GetWindowDrawList();
  const float rounding = ui.radius();
  if (on) {
    frame(list, place.min, place.max, t.primary_soft, t.primary, rounding, ui.hairline());
  } else if (item.hovered) {
    list->AddRectFilled(place.min, place.max, t.control_hover, rounding);
  }
  const SizedFont font = ui.fonts.sized(Role::caption);
  const float pad = ui.dp(8);
  const Rect well{{place.min.x + pad, place.min.y + pad},
                  {place.max.x - pad, place.max.y - pad - font.size_px - ui.dp(6)}};
  if (picture && picture->texture) {
    const float w = std::min(well.width(), well.height() * picture->aspect), h = w / picture->aspect;
    const ImVec2 min{std::round(well.center().x - w / 2), std::round(well.center().y - h / 2)};
    const ImVec2 max{std::round(min.x + w), std::round(min.y + h)};
    list->AddImageRounded(native_texture(picture->texture), min, max, {0, 0}, {1, 1}, IM_COL32_WHITE,
                          ui.dp(4));
    outline_inside(list, min, max, with_alpha(t.neutral_line, 0.35f), ui.dp(4), ui.hairline());
  } else {
    const bool broken = picture && !picture->ok;
    const Icon icon = entry.is_folder ? Icon::folder : broken ? Icon::warning : Icon::image;
    draw_icon(list, icon, well.center(), ui.dp(entry.is_folder ? 40.0f : 26.0f),
              entry.is_folder ? t.neutral_line
              : broken        ? t.text_faint
                              : t.hairline);
  }
  const float room = place.width() - ui.dp(8);
  put_centered(list, font, {{place.min.x, well.max.y + ui.dp(6)}, {place.max.x, place.max.y - pad}},
               on ? t.on_primary_soft : t.text, fitted_name(font, entry.name, room));
  return item.hovered && ImGui::IsMouseDoubleClicked(0);
}

/// Arrow keys, Enter and Backspace, unless a field or a focused button has them.
void use_keys(const Parts& p, const Grid& grid, int page_rows) {
  Ui& ui = p.ui;
  FileBrowser::State& s = p.s;
  const int count = static_cast<int>(s.listing.entries.size());
  if (ui.text_active() || !ui.in_top_scope()) return;
  const auto pressed = [&](Key key) {
    if (ui.key_taken(key) || !ui.key_pressed(key)) return false;
    ui.take_key(key);
    return true;
  };
  int step = 0;
  if (pressed(Key::right)) step = 1;
  if (pressed(Key::left)) step = -1;
  if (pressed(Key::down)) step = grid.columns;
  if (pressed(Key::up)) step = -grid.columns;
  if (pressed(Key::page_down)) step = grid.columns * page_rows;
  if (pressed(Key::page_up)) step = -grid.columns * page_rows;
  if (pressed(Key::home)) step = -count;
  if (pressed(Key::end)) step = count;
  if (step != 0 && count > 0) {
    // The first arrow chooses the first file, whatever its direction.
    const bool first = s.selected < 0 && std::abs(step) < count;
    s.select(first ? 0 : std::clamp(s.selected + step, 0, count - 1));
    s.reveal = true;
  }
  if (pressed(Key::backspace)) return s.go_up();
  if (pressed(Key::enter)) s.accept();
}

/// Files in sight without a picture are asked for, the selected one first.
void ask_for_previews(const Parts& p, int first, int last) {
  std::vector<fs::path> wanted;
  const auto want = [&](int index) {
    if (p.s.listing.entries[static_cast<size_t>(index)].is_folder || p.s.pictures.count(p.s.path_at(index)))
      return;
    wanted.push_back(p.s.path_at(index));
  };
  if (p.s.selected >= 0) want(p.s.selected);
  for (int i = first; i < last; ++i) {
    if (i != p.s.selected) want(i);
  }
  if (wanted == p.s.asked) return;
  p.s.asked = wanted;
  p.s.reader->want_previews(std::move(wanted));
}

void draw_files(const Parts& p, ImVec2 size) {
  Ui& ui = p.ui;
  FileBrowser::State& s = p.s;
  const int count = static_cast<int>(s.listing.entries.size());
  begin_scroll(ui, "browser.files", size);
  const ImVec2 window = ImGui::GetWindowPos();
  if (!s.listed || count == 0) {
    const std::string& why = !s.listed               ? p.words.loading
                             : !s.listing.readable   ? p.words.unreadable
                             : s.listing.other_files ? p.words.no_match
                                                     : p.words.empty_folder;
    put_centered(ImGui::GetWindowDrawList(), ui.fonts.sized(Role::body),
                 {window, {window.x + size.x, window.y + size.y}}, ui.theme->text_faint, why);
    use_keys(p, make_grid(ui, 0), 1);
    return end_scroll(ui);
  }
  const Grid grid = make_grid(ui, count);
  const float pitch = grid.tile_h + grid.gap;
  const float scrolled = ImGui::GetScrollY();
  const int page_rows = std::max(1, static_cast<int>(size.y / pitch));
  use_keys(p, grid, page_rows);
  if (!s.listed || s.selected >= count) return end_scroll(ui);  // a key has led to another folder
  const int first = std::clamp(static_cast<int>(scrolled / pitch) * grid.columns, 0, count);
  const int last = std::min(count, (static_cast<int>((scrolled + size.y) / pitch) + 1) * grid.columns);
  int opened = -1;
  for (int i = first; i < last; ++i) {
    if (draw_tile(p, i, grid.place(i))) opened = i;
  }
  if (ui.probe) {
    for (int i = 0; i < count; ++i) {
      if (i >= first && i < last) continue;
      const FolderEntry& entry = s.listing.entries[static_cast<size_t>(i)];
      ui.record((entry.is_folder ? "browser.folder." : "browser.file.") + entry.name, "file", entry.name,
                grid.place(i));
    }
  }
  ask_for_previews(p, first, last);
  if (std::exchange(s.reveal, false) && s.selected >= 0) {
    const float top = static_cast<float>(s.selected / grid.columns) * pitch;
    ImGui::SetScrollY(std::clamp(scrolled, top + grid.tile_h - size.y, top));
    ui.want_frame_in(0);
  }
  ImGui::SetCursorScreenPos(grid.origin);
  ImGui::Dummy({1, static_cast<float>(grid.rows) * pitch - grid.gap});
  end_scroll(ui);
  if (opened >= 0) s.activate(opened);
}

std::string summary(const Parts& p) {
  if (p.s.selected >= 0) {
    const std::string& name = p.s.listing.entries[static_cast<size_t>(p.s.selected)].name;
    const auto known = p.s.pictures.find(p.s.path_at(p.s.selected));
    if (known == p.s.pictures.end() || known->second.detail.empty()) return name;
    return name + " · " + known->second.detail;
  }
  if (!p.s.listed) return {};
  const auto files = std::count_if(p.s.listing.entries.begin(), p.s.listing.entries.end(),
                                   [](const FolderEntry& entry) { return !entry.is_folder; });
  std::string words = p.words.files_count;
  if (const size_t at = words.find("{count}"); at != words.npos) words.replace(at, 7, std::to_string(files));
  return p.words.all_supported + " · " + words;
}

/// The field for the name, or the question whether a file may be replaced; Enter in the field saves.
void draw_name_row(const Parts& p) {
  Ui& ui = p.ui;
  FileBrowser::State& s = p.s;
  if (!s.replaces) {
    const FieldChange change = text_field(
        ui, "browser.name", s.name, {.hint = p.words.name, .focus = ++s.shown <= 3, .icon = Icon::file});
    if (change.edited) s.selected = -1;
    if (change.submitted) {
      s.typed_by_hand = false;
      s.accept();
    }
    return;
  }
  const float replace = button_width(ui, p.words.replace), cancel = button_width(ui, p.words.cancel);
  std::string question = p.words.replace_question;
  const std::string name = s.replaces->filename().string();
  if (const size_t at = question.find("{name}"); at != question.npos) question.replace(at, 6, name);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const SizedFont font = ui.fonts.sized(Role::body);
  put_text(ImGui::GetWindowDrawList(), font, {at.x, at.y + (ui.control_height() - font.size_px) / 2},
           ui.theme->danger, fitted(font, question, available_width(ui) - replace - cancel - ui.sp(6)));
  ImGui::SetCursorScreenPos({ui.right_edge() - replace - cancel - ui.sp(2), at.y});
  const bool keep = button(ui, "browser.keep", p.words.cancel);
  same_line(ui);
  if (button(ui, "browser.replace", p.words.replace, {.kind = ButtonKind::primary})) s.chosen = *s.replaces;
  if (keep) s.replaces.reset();
}

}  // namespace

std::optional<fs::path> FileBrowser::draw(Ui& ui, const BrowserTexts& words) {
  State& s = *state_;
  if (!s.open) return std::nullopt;
  ++s.frame;
  s.take_results(ui);
  const float height = std::min(ui.dp(600), ImGui::GetIO().DisplaySize.y - ui.sp(8));
  const ModalFrame dialog = begin_modal(
      ui, "browser", {.title = s.saving ? words.save : words.title, .width = ui.dp(880), .height = height});
  if (!dialog) return std::nullopt;
  const Parts parts{ui, s, words};
  draw_path_row(parts);
  gap(ui, s.saving ? 2.0f : 4.0f);
  if (s.saving) {
    draw_name_row(parts);
    gap(ui, 4);
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float bottom = ImGui::GetWindowPos().y + height - ui.sp(5);
  const float body = bottom - at.y - ui.control_height() - ui.sp(4);
  // In large type the folder's files need the room more than the places do.
  const float places = std::min(ui.dp(180), available_width(ui) * 0.3f);
  // In the largest type of a small window only the fields and the buttons have room.
  if (body >= ui.dp(60)) {
    draw_places(parts, places);
    ImGui::SetCursorScreenPos({at.x + places + ui.sp(4), at.y});
    draw_files(parts, {available_width(ui), body});
  }

  ImGui::SetCursorScreenPos({at.x, bottom - ui.control_height()});
  const std::string& verb = s.saving ? words.save : words.open;
  const float cancel = button_width(ui, words.cancel), open = std::max(ui.dp(96), button_width(ui, verb));
  const SizedFont font = ui.fonts.sized(Role::caption);
  const std::string shown = fitted(font, summary(parts), available_width(ui) - cancel - open - ui.sp(6));
  put_text(ImGui::GetWindowDrawList(), font, {at.x, bottom - (ui.control_height() + font.size_px) / 2},
           ui.theme->text_faint, shown);
  ImGui::SetCursorScreenPos({ui.right_edge() - open - ui.sp(2) - cancel, bottom - ui.control_height()});
  bool leave = button(ui, "browser.cancel", words.cancel);
  // Also while the name is being typed, where Escape would only leave the field.
  if (s.saving && ui.in_top_scope() && ui.key_pressed(Key::escape, false)) {
    ui.take_key(Key::escape);
    leave = true;
  }
  same_line(ui);
  if (button(ui, "browser.open", verb,
             {.kind = ButtonKind::primary, .width = open, .enabled = s.can_accept() && !s.replaces})) {
    s.accept();
  }
  end_modal(ui);
  const std::optional<fs::path> chosen = std::exchange(s.chosen, std::nullopt);
  if (chosen || leave || dialog.close_requested) close();
  return chosen;
}

}  // namespace poolscope::ui
