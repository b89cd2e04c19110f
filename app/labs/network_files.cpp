// The Network lab's files: a model to save or to open, the table of runs as CSV. A path is typed, as it needs
// no mouse; a model can also be dropped on the window.

#include <cstdlib>
#include <filesystem>

#include "app/labs/network_lab.h"

namespace poolscope {

namespace {

struct FileWish {
  const char* title;
  const char* button;
  const char* ending;
  NetworkOrder order;
};

const FileWish& wish_of(NetworkFile file) {
  static constexpr FileWish kWishes[] = {
      {"network.save.title", "network.save.do", ".safetensors", NetworkOrder::save_model},
      {"network.open.title", "network.open.do", ".safetensors", NetworkOrder::open_model},
      {"network.csv.title", "network.save.do", ".csv", NetworkOrder::save_runs}};
  return kWishes[static_cast<int>(file) - 1];
}

std::filesystem::path home() {
  const char* folder = std::getenv("HOME");
  return folder != nullptr && *folder != 0 ? std::filesystem::path(folder) : std::filesystem::path("/");
}

/// What was typed: "~/" is home, other relative paths begin there too; the ending is added where it is
/// missing.
std::filesystem::path path_of(std::string typed, const FileWish& wish) {
  if (typed.starts_with("~/")) typed.erase(0, 2);
  if (!typed.ends_with(wish.ending)) typed += wish.ending;
  return home() / typed;
}

}  // namespace

void ask_network_file(LabContext& context, NetworkFile file) {
  FrameState::NetworkView& view = context.state.network;
  view.file = file;
  if (!view.path.ends_with(wish_of(file).ending))
    view.path =
        (home() / (file == NetworkFile::save_runs ? "poolscope-runs" : "poolscope-network")).string() +
        wish_of(file).ending;
}

void draw_network_file(LabContext& context) {
  FrameState::NetworkView& view = context.state.network;
  if (view.file == NetworkFile::none) return;
  ui::Ui& ui = context.ui;
  const FileWish& wish = wish_of(view.file);
  const std::string& title = context.text(wish.title);
  ui::ModalOptions options;
  options.title = title;
  options.width = ui.dp(520);
  const ui::ModalFrame dialog = ui::begin_modal(ui, "network.file", options);
  bool done = dialog.close_requested;
  if (dialog) {
    ui::FieldOptions field;
    field.hint = wish.ending;
    const ui::FieldChange change = ui::text_field(ui, "network.file.path", view.path, field);
    ui::gap(ui, 3);
    ui::ButtonOptions button;
    button.kind = ui::ButtonKind::primary;
    button.enabled = !view.path.empty();
    const bool pressed = ui::button(ui, "network.file.do", context.text(wish.button), button);
    ui::same_line(ui, 2);
    done |= ui::button(ui, "network.file.cancel", context.text("network.cancel"));
    if ((pressed || change.submitted) && !view.path.empty()) {
      context.outbox.post(command::Network{wish.order, 0, path_of(view.path, wish)});
      done = true;
    }
    ui::end_modal(ui);
  }
  if (done) view.file = NetworkFile::none;
}

}  // namespace poolscope
