#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "app/model/actions.h"
#include "app/model/command.h"
#include "app/model/export_setup.h"
#include "app/model/model.h"
#include "app/model/text.h"
#include "app/scene/geometry.h"
#include "app/scene/picture.h"
#include "app/ui/widgets.h"

namespace poolscope {

/// The export dialog's last tab.
inline constexpr int kSheetTab = 4;
/// What the export dialog remembers.
struct ExportDialog {
  int tab = 0;  ///< film, still, numbers, code, sheet
  FilmSetup film, still;
  std::string film_size, still_size;  ///< as they are typed, "960 x 600"
  ExportMatrix matrix = ExportMatrix::output;
  int framework = 0;
  std::string seed = "1";  ///< of a practice sheet, as it is typed
  int64_t exercises = 6;
  bool as_set = false, answers = false;  ///< pooled as it is set now; filled in
  std::string path;                      ///< as it is typed
  bool path_by_hand = false;             ///< it no longer follows what is exported
  bool asks = false;                     ///< whether an existing file may be replaced
  bool open = false;                     ///< it was drawn in the last frame
};

/// What the frame remembers between frames that is neither document nor session: a drag under way, a text
/// that is being typed, a drawer that is open.
struct FrameState {
  uint64_t gesture = 0;  ///< counts drags: all edits of one drag carry its number
  bool left_drawer = false, right_drawer = false;
  std::string cell_text;  ///< of the cell editor
  std::optional<CellEditor> editing_shown;
  std::string guess_text;  ///< being typed as the answer to window `guess_step`
  int64_t guess_step = -1;
  bool guess_focus = false;  ///< its field takes the keyboard now
  struct PaletteView {
    std::string typed;
    int selected = 0, frames = 0;
    bool open = false, fresh = false;
  } palette;
  float left_over_height = 0;                   ///< of its card, in the last frame
  std::string lesson_text;                      ///< being typed as the answer to a lesson's question
  std::pair<std::string, size_t> lesson_shown;  ///< lesson and step that the widgets know of
  bool hide_timings = false;                    ///< for pictures that must be the same every time
  bool filming = false;                         ///< nobody can click: no buttons on the stage
  /// What the Compare lab shows below its pictures.
  struct CompareView {
    int metric = 0, tab = 0;
    bool cards = false;  ///< instead of the pictures, where there is no room for both

  } compare;
  struct ChannelsView {
    bool apart = false;          ///< the chosen channel is taken out of the stack: nearer ones turn to glass
    bool cards_on_stage = true;  ///< the stage of the last frame had room for them
  } channels;
  /// What the Shift lab shows, and the drag of its picture.
  struct ShiftLabView {
    int measure = 0;  ///< of heat map and curves
    bool dragging = false;
    Offset from;  ///< where the drag began
    float mouse_x = 0, mouse_y = 0;
  } shift;
  /// Of the Network lab.
  struct NetworkView {
    int layer = 0;  ///< that is edited
    bool of_training = true;
    std::string folder;  ///< as it is typed
    bool folder_typed = false;
    bool drawing = false;  ///< a stroke is under way
    int confusion = -1;    ///< cell that is chosen: true class * classes + predicted class
  } network;
  ExportDialog take_away;
  /// Heights of cards that stand beside others, as they were in the last frame.
  std::map<std::string, float> evidence_heights;
  /// The dialog that asks where a result of the Evidence lab is saved.
  struct EvidenceSave {
    bool open = false, picture = false;
    std::string path;
    int64_t saved_before = 0;  ///< files that the session had written when it opened
  } evidence_save;
  // Ends of the colour maps, with the tensors that they were found for.
  TensorPtr range_of;  ///< the input whose range is known
  ValueRange input_range, gradient_range;
};

/// What every panel gets: it reads the model and posts commands.
struct LabContext {
  ui::Ui& ui;
  const Texts& texts;
  const Model& model;
  Outbox& outbox;
  PicturePainter& painter;
  FrameState& state;
  Session& eye;  ///< hover, zoom and pan: where the user looks, changed at once

  const std::string& text(const char* key) const { return texts.get(key); }
  std::string say(const Message& message) const { return texts.format(message); }
  /// Posts `document` as an edit of its own.
  void edit(Document document) const { outbox.post(command::Edit{std::move(document), 0}); }
  /// Posts an edit that belongs to the drag of a slider.
  void edit(Document document, const ui::SliderChange& change) const {
    if (change.started) ++state.gesture;
    outbox.post(command::Edit{std::move(document), state.gesture + 1});
  }
  /// Posts an action of the table.
  void act(const char* id) const { outbox.post(find_action(id)->command(model)); }
  /// "Play (Space)": an action's name with its first shortcut, for tooltips.
  std::string action_hint(const char* id) const;
};

inline ui::Rect to_ui(const scene::Rect& rect) {
  return {{rect.x0, rect.y0}, {rect.x1, rect.y1}};
}
inline scene::Rect to_scene(const ui::Rect& rect) {
  return {rect.min.x, rect.min.y, rect.max.x, rect.max.y};
}
inline ImVec2 to_im(scene::Point point) {
  return {point.x, point.y};
}

}  // namespace poolscope
