#include "app/ui/icons.h"

#include <cmath>
#include <iterator>

namespace poolscope::ui {
namespace {

constexpr float kPi = 3.14159265f;

constexpr const char* kNames[] = {
    "none",         "play",       "pause",     "step_back", "step_forward", "jump_start",
    "jump_end",     "loop",       "sun",       "moon",      "open",         "save",
    "undo",         "redo",       "eye",       "link",      "unlink",       "close",
    "plus",         "minus",      "help",      "keyboard",  "chevron_down", "chevron_right",
    "chevron_left", "chevron_up", "pencil",    "flip",      "check",        "search",
    "folder",       "file",       "image",     "copy",      "panel_left",   "panel_right",
    "more",         "globe",      "text_size", "refresh",   "warning"};
static_assert(std::size(kNames) == static_cast<size_t>(Icon::count));

/// Draws in a square from -1 to 1, y downwards.
struct Pen {
  ImDrawList* list;
  ImVec2 center;
  float half;
  ImU32 color;
  float stroke;

  ImVec2 at(float x, float y) const { return {center.x + x * half, center.y + y * half}; }
  void line(float x0, float y0, float x1, float y1) const {
    list->AddLine(at(x0, y0), at(x1, y1), color, stroke);
  }
  template <size_t N>
  void path(const float (&xy)[N], bool closed = false) const {
    static_assert(N % 2 == 0);
    list->PathClear();
    for (size_t i = 0; i < N; i += 2)
      list->PathLineTo(at(xy[i], xy[i + 1]));
    list->PathStroke(color, closed ? ImDrawFlags_Closed : 0, stroke);
  }
  void triangle(float x0, float y0, float x1, float y1, float x2, float y2) const {
    list->AddTriangleFilled(at(x0, y0), at(x1, y1), at(x2, y2), color);
  }
  void box(float x0, float y0, float x1, float y1, float rounding = 0) const {
    list->AddRectFilled(at(x0, y0), at(x1, y1), color, rounding * half);
  }
  void frame(float x0, float y0, float x1, float y1, float rounding = 0.2f) const {
    list->PathRect(at(x0, y0), at(x1, y1), rounding * half);
    list->PathStroke(color, ImDrawFlags_Closed, stroke);
  }
  void ring(float x, float y, float r) const { list->AddCircle(at(x, y), r * half, color, 0, stroke); }
  void disc(float x, float y, float r) const { list->AddCircleFilled(at(x, y), r * half, color, 0); }
  /// Angles in turns, 0 to the right, clockwise on screen.
  void arc(float x, float y, float r, float from, float to) const {
    list->PathClear();
    list->PathArcTo(at(x, y), r * half, from * 2 * kPi, to * 2 * kPi, 24);
    list->PathStroke(color, 0, stroke);
  }
};

void draw_transport(const Pen& p, Icon icon) {
  switch (icon) {
    case Icon::play:
      return p.triangle(-0.55f, -0.8f, 0.85f, 0, -0.55f, 0.8f);
    case Icon::pause:
      p.box(-0.6f, -0.75f, -0.15f, 0.75f, 0.12f);
      return p.box(0.15f, -0.75f, 0.6f, 0.75f, 0.12f);
    case Icon::step_back:
      return p.triangle(0.55f, -0.65f, -0.65f, 0, 0.55f, 0.65f);
    case Icon::step_forward:
      return p.triangle(-0.55f, -0.65f, 0.65f, 0, -0.55f, 0.65f);
    case Icon::jump_start:
      p.triangle(0.75f, -0.65f, -0.4f, 0, 0.75f, 0.65f);
      return p.box(-0.75f, -0.65f, -0.48f, 0.65f, 0.08f);
    case Icon::jump_end:
      p.triangle(-0.75f, -0.65f, 0.4f, 0, -0.75f, 0.65f);
      return p.box(0.48f, -0.65f, 0.75f, 0.65f, 0.08f);
    case Icon::loop:
      p.path({-0.8f, 0.1f, -0.8f, -0.15f, -0.65f, -0.4f, -0.4f, -0.5f, 0.75f, -0.5f});
      p.path({0.45f, -0.85f, 0.8f, -0.5f, 0.45f, -0.15f});
      p.path({0.8f, -0.1f, 0.8f, 0.15f, 0.65f, 0.4f, 0.4f, 0.5f, -0.75f, 0.5f});
      return p.path({-0.45f, 0.15f, -0.8f, 0.5f, -0.45f, 0.85f});
    default:
      return;
  }
}

void draw_view(const Pen& p, Icon icon) {
  switch (icon) {
    case Icon::sun:
      p.ring(0, 0, 0.42f);
      for (int i = 0; i < 8; ++i) {
        const float a = static_cast<float>(i) * kPi / 4;
        p.line(std::cos(a) * 0.68f, std::sin(a) * 0.68f, std::cos(a) * 0.95f, std::sin(a) * 0.95f);
      }
      return;
    case Icon::moon:
      p.list->PathClear();
      p.list->PathArcTo(p.at(0, 0), 0.85f * p.half, 0.22f * kPi, 1.50f * kPi, 28);
      p.list->PathArcTo(p.at(0.42f, -0.42f), 0.68f * p.half, 1.17f * kPi, 0.53f * kPi, 24);
      return p.list->PathStroke(p.color, ImDrawFlags_Closed, p.stroke);
    case Icon::eye:
      p.list->PathClear();
      p.list->PathArcTo(p.at(0, 0.62f), 1.12f * p.half, 1.19f * kPi, 1.81f * kPi, 20);
      p.list->PathArcTo(p.at(0, -0.62f), 1.12f * p.half, 0.19f * kPi, 0.81f * kPi, 20);
      p.list->PathStroke(p.color, ImDrawFlags_Closed, p.stroke);
      return p.ring(0, 0, 0.3f);
    case Icon::flip:
      p.line(0, -0.9f, 0, 0.9f);
      p.path({-0.3f, -0.6f, -0.3f, 0.6f, -0.95f, 0.6f}, true);
      return p.path({0.3f, -0.6f, 0.3f, 0.6f, 0.95f, 0.6f}, true);
    case Icon::panel_left:
    case Icon::panel_right: {
      p.frame(-0.85f, -0.7f, 0.85f, 0.7f);
      const float x = icon == Icon::panel_left ? -0.3f : 0.3f;
      return p.line(x, -0.7f, x, 0.7f);
    }
    case Icon::globe:
      p.ring(0, 0, 0.85f);
      p.line(-0.85f, 0, 0.85f, 0);
      p.arc(-0.62f, 0, 1.05f, -0.15f, 0.15f);
      return p.arc(0.62f, 0, 1.05f, 0.35f, 0.65f);
    case Icon::text_size:
      p.path({-0.95f, 0.7f, -0.35f, -0.75f, 0.25f, 0.7f});
      p.line(-0.72f, 0.2f, 0.02f, 0.2f);
      p.path({0.4f, 0.7f, 0.68f, -0.05f, 0.96f, 0.7f});
      return p.line(0.5f, 0.42f, 0.86f, 0.42f);
    default:
      return;
  }
}

void draw_edit(const Pen& p, Icon icon) {
  switch (icon) {
    case Icon::undo:
    case Icon::redo: {
      const float m = icon == Icon::undo ? 1.0f : -1.0f;
      p.path({m * -0.35f, -0.85f, m * -0.8f, -0.4f, m * -0.35f, 0.05f});
      p.list->PathClear();
      p.list->PathLineTo(p.at(m * -0.75f, -0.4f));
      p.list->PathLineTo(p.at(m * 0.25f, -0.4f));
      const float from = icon == Icon::undo ? -0.5f * kPi : -0.5f * kPi,
                  to = icon == Icon::undo ? 0.5f * kPi : -1.5f * kPi;
      p.list->PathArcTo(p.at(m * 0.25f, 0.15f), 0.55f * p.half, from, to, 18);
      p.list->PathLineTo(p.at(m * -0.3f, 0.7f));
      return p.list->PathStroke(p.color, 0, p.stroke);
    }
    case Icon::link:
    case Icon::unlink:
      // Two rounded links; open in the middle when they are not joined.
      p.arc(-0.42f, 0, 0.4f, 0.25f, 0.75f);
      p.arc(0.42f, 0, 0.4f, -0.25f, 0.25f);
      p.line(-0.42f, -0.4f, -0.12f, -0.4f), p.line(-0.42f, 0.4f, -0.12f, 0.4f);
      p.line(0.12f, -0.4f, 0.42f, -0.4f), p.line(0.12f, 0.4f, 0.42f, 0.4f);
      if (icon == Icon::link) return p.line(-0.35f, 0, 0.35f, 0);
      return p.line(-0.55f, 0.9f, 0.55f, -0.9f);
    case Icon::close:
      p.line(-0.6f, -0.6f, 0.6f, 0.6f);
      return p.line(-0.6f, 0.6f, 0.6f, -0.6f);
    case Icon::plus:
      p.line(0, -0.7f, 0, 0.7f);
      return p.line(-0.7f, 0, 0.7f, 0);
    case Icon::minus:
      return p.line(-0.7f, 0, 0.7f, 0);
    case Icon::pencil:
      p.path({-0.8f, 0.8f, -0.65f, 0.2f, 0.4f, -0.85f, 0.85f, -0.4f, -0.2f, 0.65f}, true);
      return p.line(0.12f, -0.57f, 0.57f, -0.12f);
    case Icon::check:
      return p.path({-0.7f, 0.05f, -0.2f, 0.55f, 0.75f, -0.5f});
    case Icon::copy:
      p.frame(-0.35f, -0.35f, 0.8f, 0.8f);
      return p.path({-0.45f, 0.35f, -0.8f, 0.35f, -0.8f, -0.8f, 0.35f, -0.8f, 0.35f, -0.45f});
    case Icon::refresh:
      p.arc(0, 0, 0.7f, -0.05f, 0.72f);
      return p.triangle(0.62f, -0.62f, 0.92f, 0.08f, 0.3f, 0.0f);
    default:
      return;
  }
}

void draw_file(const Pen& p, Icon icon) {
  switch (icon) {
    case Icon::open:
    case Icon::folder:
      return p.path({-0.9f, 0.7f, -0.9f, -0.65f, -0.25f, -0.65f, -0.02f, -0.35f, 0.9f, -0.35f, 0.9f, 0.7f},
                    true);
    case Icon::save:
      p.path({-0.8f, 0.35f, -0.8f, 0.75f, 0.8f, 0.75f, 0.8f, 0.35f});
      p.line(0, -0.8f, 0, 0.3f);
      return p.path({-0.4f, -0.1f, 0, 0.3f, 0.4f, -0.1f});
    case Icon::search:
      p.ring(-0.15f, -0.15f, 0.58f);
      return p.line(0.28f, 0.28f, 0.85f, 0.85f);
    case Icon::file:
      p.path({0.15f, -0.9f, -0.65f, -0.9f, -0.65f, 0.9f, 0.65f, 0.9f, 0.65f, -0.4f}, true);
      return p.path({0.12f, -0.9f, 0.12f, -0.38f, 0.65f, -0.38f});
    case Icon::image:
      p.frame(-0.85f, -0.75f, 0.85f, 0.75f);
      p.path({-0.8f, 0.6f, -0.25f, 0.0f, 0.1f, 0.35f, 0.4f, 0.1f, 0.82f, 0.5f});
      return p.disc(0.35f, -0.3f, 0.17f);
    default:
      return;
  }
}

void draw_sign(const Pen& p, Icon icon) {
  switch (icon) {
    case Icon::help:
      p.arc(0, -0.35f, 0.42f, 0.5f, 1.12f);
      p.path({0.31f, -0.07f, 0.1f, 0.1f, 0.0f, 0.28f, 0.0f, 0.42f});
      return p.disc(0, 0.8f, 0.13f);
    case Icon::keyboard:
      p.frame(-0.95f, -0.6f, 0.95f, 0.6f);
      for (float x = -0.6f; x < 0.7f; x += 0.4f)
        p.box(x - 0.08f, -0.28f, x + 0.08f, -0.12f);
      return p.line(-0.45f, 0.25f, 0.45f, 0.25f);
    case Icon::chevron_down:
      return p.path({-0.6f, -0.3f, 0, 0.35f, 0.6f, -0.3f});
    case Icon::chevron_up:
      return p.path({-0.6f, 0.3f, 0, -0.35f, 0.6f, 0.3f});
    case Icon::chevron_right:
      return p.path({-0.3f, -0.6f, 0.35f, 0, -0.3f, 0.6f});
    case Icon::chevron_left:
      return p.path({0.3f, -0.6f, -0.35f, 0, 0.3f, 0.6f});
    case Icon::more:
      for (float x = -0.6f; x < 0.7f; x += 0.6f)
        p.disc(x, 0, 0.16f);
      return;
    case Icon::warning:
      p.path({0, -0.8f, 0.9f, 0.75f, -0.9f, 0.75f}, true);
      p.line(0, -0.25f, 0, 0.25f);
      return p.disc(0, 0.5f, 0.1f);
    default:
      return;
  }
}

}  // namespace

const char* icon_name(Icon icon) {
  return kNames[static_cast<size_t>(icon)];
}

void draw_icon(ImDrawList* list, Icon icon, ImVec2 center, float size_px, ImU32 color) {
  const Pen pen{list,
                {std::round(center.x), std::round(center.y)},
                size_px / 2,
                color,
                std::max(1.2f, std::min(size_px / 10.5f, 0.9f + size_px * 0.035f))};
  // Each group draws its own icons and ignores the others.
  draw_transport(pen, icon);
  draw_view(pen, icon);
  draw_edit(pen, icon);
  draw_file(pen, icon);
  draw_sign(pen, icon);
}

void draw_logo(ImDrawList* list, ImVec2 min, float size_px, ImU32 neutral, ImU32 lit) {
  const float side = std::round(size_px * 0.44f), far = size_px - side, rounding = side * 0.25f;
  for (int i = 0; i < 4; ++i) {
    const ImVec2 a{min.x + (i % 2 ? far : 0), min.y + (i / 2 ? far : 0)};
    list->AddRectFilled(a, {a.x + side, a.y + side}, i == 1 ? lit : neutral, rounding);
  }
}

}  // namespace poolscope::ui
