#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/icons.h"
#include "app/ui/ui.h"

namespace poolscope::ui {

/// One small set of widgets, all drawn with the theme's tokens. Conventions:
/// - `key` is the stable name of the widget ("transport.play"): its id and its name in the probe. Unique per
///   screen. `label` is translated text and may change from frame to frame.
/// - Widgets are placed at Dear ImGui's cursor and never change the caller's state: they return what was
/// asked
///   for. Widths: 0 is the natural width (buttons, chips) or all that is left (sliders, segmented, fields);
///   a positive number is pixels; -1 always fills what is left.
/// - Disabled widgets are drawn pale, take no input and no focus.

// ---- panels and layout ---------------------------------------------------------------------------------

enum class Edge { none, left, right, top, bottom };
struct PanelOptions {
  ImU32 background = 0;        // 0: the theme's panel colour
  Edge hairline = Edge::none;  // which side carries the dividing line
  ImVec2 padding{-1, -1};      // pixels; -1: 16 px times the scale
  bool scroll = true;          // vertical scrolling when the content is higher
  bool floating = false;       // lies over the other panels, without a background
};
/// A region of the screen with its own cursor, scrolling and background. Always pair with end_panel.
void begin_panel(Ui& ui, std::string_view key, Rect rect, PanelOptions options = {});
void end_panel(Ui& ui);

/// A part of a panel or dialog that scrolls by itself.
void begin_scroll(Ui& ui, std::string_view key, ImVec2 size);
void end_scroll(Ui& ui);

/// Rounded surface with hairline and soft shadow around what is drawn between begin and end.
struct CardOptions {
  float width = 0;     // 0: all that is left
  float height = 0;    // 0: as high as its content
  float padding = -1;  // pixels; -1: 16 px times the scale
  bool shadow = true;
  ImU32 fill = 0, border = 0;  // 0: theme's panel and hairline
};
void begin_card(Ui& ui, std::string_view key, CardOptions options = {});
void end_card(Ui& ui);

/// Vertical gap of `steps` times 4 px.
void gap(Ui& ui, float steps);
/// The next item goes to the right of the last one, `steps` times 4 px apart.
void same_line(Ui& ui, float steps = 2);
/// Width of one of `count` equal columns that share what is left, `steps` apart.
float column_width(const Ui& ui, int count, float steps = 2);
/// Like same_line if `width_px` still fits to the right of the last item, else a new line (chips in a panel).
void flow(Ui& ui, float width_px, float steps = 1.5f);
float available_width(const Ui& ui);
/// What is drawn between begin and end is one item of this width: columns side by side with same_line.
void begin_region(Ui& ui, float width);
void end_region(Ui& ui);
/// Hairline across the panel.
void divider(Ui& ui);

// ---- words ---------------------------------------------------------------------------------------------

void text(Ui& ui, Role role, ImU32 color, std::string_view words);
/// Right aligned in what is left.
void text_right(Ui& ui, Role role, ImU32 color, std::string_view words);
/// Section heading: small, grey, letter-spaced; capitals where the script has them.
void section(Ui& ui, std::string_view words);
/// Wrapped text with **bold** and [color:words]; colours: window, winner, output, unchanged, changed, faint,
/// primary, danger. Chinese wraps between any two characters, except before closing punctuation and after
/// opening punctuation. `width` 0: all that is left. Returns the height.
float paragraph(Ui& ui, std::string_view rich, Role role = Role::body, ImU32 color = 0, float width = 0);
/// "Shape ........ 1 x 4 x 4", value in bold at the right; long values move to their own line.
struct FactOptions {
  Role value_role = Role::body_bold;
  ImU32 value_color = 0;  // 0: theme text
  std::string_view tooltip = {};
};
void fact(Ui& ui, std::string_view key, std::string_view label, std::string_view value,
          FactOptions options = {});
/// Code or formula in a box, in the mono font, wrapped at spaces when too long. `copyable` shows a copy
/// button on hover; true when it was pressed.
bool code_box(Ui& ui, std::string_view key, std::string_view code, bool copyable = false);
/// Parts of one line of arithmetic: max( 1, 0, 2, [3] ) = [3]. Drawn in `role`, wrapped between parts when
/// too wide.
struct FormulaPart {
  std::string text = {};
  ImU32 color = 0;  // 0: theme text
};
float formula(Ui& ui, std::string_view key, std::span<const FormulaPart> parts, Role role = Role::display);

// ---- buttons -------------------------------------------------------------------------------------------

enum class ButtonKind { normal, primary, ghost, tab };  // tab: an entry of the top bar
struct ButtonOptions {
  ButtonKind kind = ButtonKind::normal;
  Icon icon = Icon::none;        // before the label
  Icon icon_after = Icon::none;  // behind it (a menu's chevron)
  float width = 0;
  float height = 0;  // 0: control height
  bool enabled = true;
  bool selected = false;  // toggled on, or the active tab
  std::string_view tooltip = {};
};
bool button(Ui& ui, std::string_view key, std::string_view label, ButtonOptions options = {});
/// Square button with an icon only; `tooltip` is its name for people.
bool icon_button(Ui& ui, std::string_view key, Icon icon, std::string_view tooltip,
                 ButtonOptions options = {});
float button_width(const Ui& ui, std::string_view label, ButtonOptions options = {});
/// A word in the primary colour that can be clicked ("= window (linked)").
bool link(Ui& ui, std::string_view key, std::string_view label, Icon icon = Icon::none, bool enabled = true,
          std::string_view tooltip = {});

/// An entry of a list: icon, words, and a faint note at the right (a shortcut). As wide as what is left.
struct RowOptions {
  Icon icon = Icon::none;
  std::string_view note = {};
  bool selected = false;
  bool enabled = true;
  bool focusable = true;
  std::string_view tooltip = {};
};
bool list_row(Ui& ui, std::string_view key, std::string_view label, RowOptions options = {});

struct ChipOptions {
  bool selected = false;
  bool enabled = true;
  std::string_view tooltip = {};
};
bool chip(Ui& ui, std::string_view key, std::string_view label, ChipOptions options = {});
float chip_width(const Ui& ui, std::string_view label);

struct Choice {
  std::string key = {};  // the part's name in the probe is "<key of the control>.<key>"
  std::string label = {};
  bool enabled = true;
  std::string tooltip = {};
};
/// Exactly one of a few. Left and right arrows move it when focused. The choice made in this frame, if any.
std::optional<int> segmented(Ui& ui, std::string_view key, std::span<const Choice> choices, int selected,
                             float width = 0, bool enabled = true);
/// One of many, in a list that opens below. `selected` may be -1.
std::optional<int> dropdown(Ui& ui, std::string_view key, std::span<const Choice> choices, int selected,
                            float width = 0, bool enabled = true);
/// Opens a menu below the last item when `open`; the entry chosen in this frame, if any.
std::optional<int> menu(Ui& ui, std::string_view key, std::span<const Choice> entries, bool open,
                        int selected = -1);

/// On or off. Returns true when it was flipped.
bool toggle(Ui& ui, std::string_view key, std::string_view label, bool on, bool enabled = true,
            std::string_view tooltip = {});

// ---- values --------------------------------------------------------------------------------------------

/// What happened to a slider in this frame. A drag or a held arrow key is one undo step: open it on
/// `started`, apply `value` on `edited`, close it on `finished`.
struct SliderChange {
  double value = 0;
  bool started = false, edited = false, finished = false;
  explicit operator bool() const { return edited; }
  int as_int() const { return static_cast<int>(value + (value < 0 ? -0.5 : 0.5)); }
};
struct SliderOptions {
  double min = 0, max = 1;
  double step = 0;                       // 0: continuous; 1 for integers
  bool logarithmic = false;              // both ends positive
  std::string_view value_text = {};      // what is shown at the right ("2 x 2"); empty: the number itself
  std::span<const double> detents = {};  // values that attract the knob
  float width = 0;
  bool enabled = true;
  bool label_row = true;  // false: the bare track (transport)
  ImU32 color = 0;        // 0: primary
  std::string_view tooltip = {};
  /// Drawn between label and value; returns nothing, may place a link().
  std::function<void()> middle = {};
  float middle_width = 0;
};
/// Slim track with a round knob, label left and value right above it. Arrow keys change the focused slider by
/// one step (Shift: ten), Home and End go to the ends, PageUp and PageDown by a tenth of the range.
SliderChange slider(Ui& ui, std::string_view key, std::string_view label, double value,
                    SliderOptions options);

struct FieldOptions {
  std::string_view hint = {};
  float width = 0;
  bool enabled = true;
  bool mono = false;
  bool focus = false;         // take the keyboard now
  bool caret_at_end = false;  // behind what is there, instead of all of it selected
  Icon icon = Icon::none;
  std::string_view error = {};  // shown in red below
};
struct FieldChange {
  bool edited = false;     // text changed
  bool submitted = false;  // Enter
  bool left = false;       // lost the keyboard
};
FieldChange text_field(Ui& ui, std::string_view key, std::string& value, FieldOptions options = {});

// ---- pictures and data ---------------------------------------------------------------------------------

/// A texture of the renderer, as app/gl hands it out; 0 is none.
using TextureHandle = uint64_t;
struct ThumbnailOptions {
  float size = 0;  // 0: 52 px times the scale
  bool selected = false;
  bool enabled = true;
  std::string_view tooltip = {};
  /// Shown when there is no texture yet: a few rows of digits, or a placeholder.
  std::string_view placeholder = {};
  float aspect = 0;  // width / height of the picture; 0: square
  ImVec2 uv0{0, 0}, uv1{1, 1};
};
bool thumbnail(Ui& ui, std::string_view key, TextureHandle texture, ThumbnailOptions options = {});

/// `fraction` in 0..1, or negative while the total is unknown.
void progress_bar(Ui& ui, std::string_view key, double fraction, float width = 0, ImU32 color = 0);
/// Label, bar, value: probabilities, class scores, "what gets smaller".
struct BarOptions {
  ImU32 color = 0;
  bool marked = false;  // the drawn one: bold, with an outline
  float label_width = 0, value_width = 0;
};
void bar_row(Ui& ui, std::string_view key, std::string_view label, double fraction, std::string_view value,
             BarOptions options = {});

enum class Align { left, right, center };
struct Column {
  std::string title = {};
  Align align = Align::left;
  float weight = 0;  // 0: as wide as its content; else a share of what is left
  Role role = Role::body;
};
struct TableCell {
  std::string text = {};
  ImU32 color = 0;
  bool bold = false;
  ImU32 dot = 0;  // a legend dot before the text
};
/// Quiet table: faint titles, no grid. Rows x columns. `selected` row (or -1) is washed; returns a clicked
/// row.
std::optional<int> table(Ui& ui, std::string_view key, std::span<const Column> columns,
                         std::span<const std::vector<TableCell>> rows, int selected = -1,
                         bool clickable = false);

// ---- tooltips, toasts, dialogs -------------------------------------------------------------------------

/// For the last item, after a short rest of the mouse on it, or while it has visible keyboard focus.
void tooltip(Ui& ui, std::string_view words);
/// Draws and ages the toasts, bottom centre of `area`. Once per frame, last.
void draw_toasts(Ui& ui, Rect area);

struct ModalOptions {
  std::string_view title = {};
  float width = 0;   // 0: 420 px times the scale
  float height = 0;  // 0: as its content
};
/// Dialog over everything while the caller keeps calling it:
///   if (ModalFrame dialog = begin_modal(ui, "save", {...})) { ...; end_modal(ui); if
///   (dialog.close_requested) ... }
/// Escape, the close button or a click outside ask to close: then stop calling it from the next frame on.
struct ModalFrame {
  bool visible = false;  // draw the content and call end_modal only then
  bool close_requested = false;
  explicit operator bool() const { return visible; }
};
ModalFrame begin_modal(Ui& ui, std::string_view key, ModalOptions options = {});
void end_modal(Ui& ui);

/// An area of the stage that can be hovered, clicked and dragged (cells, a lens), drawn by the caller.
struct HotArea {
  bool hovered = false, pressed = false, clicked = false, held = false, right_clicked = false,
       double_clicked = false, focused = false;
};
HotArea hot_area(Ui& ui, std::string_view key, Rect rect, std::string_view kind = "area",
                 std::string_view value = {}, bool focusable = false, bool enabled = true);

}  // namespace poolscope::ui
