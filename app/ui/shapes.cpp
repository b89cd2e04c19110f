#include "app/ui/shapes.h"

#include <algorithm>
#include <cmath>

namespace poolscope::ui {
namespace {

constexpr float kPi = 3.14159265f;

ImVec2 lerp(ImVec2 a, ImVec2 b, float t) {
  return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}
float length(ImVec2 v) {
  return std::sqrt(v.x * v.x + v.y * v.y);
}

/// Filled triangle with its tip at `tip`, looking along `direction` (any length).
void arrow_head(ImDrawList* list, ImVec2 tip, ImVec2 direction, ImU32 color, float size_px) {
  const float l = std::max(1e-3f, length(direction));
  const ImVec2 d{direction.x / l, direction.y / l}, side{-d.y, d.x};
  const ImVec2 base{tip.x - d.x * size_px, tip.y - d.y * size_px};
  const float half = size_px * 0.5f;
  list->AddTriangleFilled(tip, {base.x + side.x * half, base.y + side.y * half},
                          {base.x - side.x * half, base.y - side.y * half}, color);
}

}  // namespace

void dashed_line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float thickness, Dash dash) {
  const float total = length({b.x - a.x, b.y - a.y}), period = dash.on + dash.off;
  if (total <= 0 || period <= 0) return;
  for (float start = -std::fmod(dash.phase, period); start < total; start += period) {
    const float from = std::max(0.0f, start), to = std::min(total, start + dash.on);
    if (to > from) list->AddLine(lerp(a, b, from / total), lerp(a, b, to / total), color, thickness);
  }
}

void dashed_rect(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float thickness, Dash dash) {
  // The dashes are stretched a little, so that every corner is the middle of a dash.
  const auto side = [&](ImVec2 a, ImVec2 b) {
    const float total = length({b.x - a.x, b.y - a.y}), period = dash.on + dash.off;
    const float count = std::max(1.0f, std::round(total / period));
    const float k = total / (count * period);
    dashed_line(list, a, b, color, thickness, {dash.on * k, dash.off * k, dash.on * k / 2});
  };
  // Lines sit on pixel centres, inside the rectangle.
  const float in = thickness / 2;
  const ImVec2 p{min.x + in, min.y + in}, q{max.x - in, max.y - in};
  side(p, {q.x, p.y});
  side({q.x, p.y}, q);
  side({p.x, q.y}, q);
  side(p, {p.x, q.y});
}

void dotted_circle(ImDrawList* list, ImVec2 center, float radius, ImU32 color, float thickness) {
  const int dots = std::max(8, static_cast<int>(std::lround(2 * kPi * radius / (thickness * 3.2f))));
  for (int i = 0; i < dots; ++i) {
    // Short arcs instead of dots: they read as a ring from afar.
    const float from = 2 * kPi * static_cast<float>(i) / static_cast<float>(dots);
    const float to = from + kPi / static_cast<float>(dots);
    list->PathArcTo(center, radius, from, to, 3);
    list->PathStroke(color, 0, thickness);
  }
}

void arrow(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 color, float thickness, float head_px) {
  const ImVec2 d{to.x - from.x, to.y - from.y};
  const float l = length(d);
  if (l < 1) return;
  const float head = std::min(head_px, l);
  list->AddLine(from, lerp(from, to, (l - head * 0.9f) / l), color, thickness);
  arrow_head(list, to, d, color, head);
}

Ribbon make_ribbon(ImVec2 from, ImVec2 to, float sag_px) {
  const float reach = (to.x - from.x) * 0.45f;
  return {from, {from.x + reach, from.y + sag_px}, {to.x - reach, to.y + sag_px}, to};
}

ImVec2 ribbon_point(const Ribbon& r, float t) {
  const float u = 1 - t;
  const float a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
  return {a * r.from.x + b * r.c1.x + c * r.c2.x + d * r.to.x,
          a * r.from.y + b * r.c1.y + c * r.c2.y + d * r.to.y};
}

void curved_arrow(ImDrawList* list, const Ribbon& ribbon, ImU32 color, float thickness, float head_px,
                  float t) {
  const float end = std::clamp(t, 0.0f, 1.0f);
  if (end <= 0) return;
  const ImVec2 tip = ribbon_point(ribbon, end);
  constexpr int kSteps = 48;
  const auto from_tip = [tip](ImVec2 p) { return length({tip.x - p.x, tip.y - p.y}); };
  const bool has_head = from_tip(ribbon.from) > head_px;
  const ImVec2 before = ribbon_point(ribbon, std::max(0.0f, end - 0.04f));
  const float l = std::max(1e-3f, from_tip(before));
  const ImVec2 direction{(tip.x - before.x) / l, (tip.y - before.y) / l};
  list->PathClear();
  for (int i = 0; i <= kSteps; ++i) {
    const ImVec2 p = ribbon_point(ribbon, end * static_cast<float>(i) / kSteps);
    if (has_head && from_tip(p) < head_px) break;
    list->PathLineTo(p);
  }
  // The line ends inside the head, so that the tip stays sharp and there is no gap.
  if (has_head) {
    list->PathLineTo({tip.x - direction.x * head_px * 0.8f, tip.y - direction.y * head_px * 0.8f});
  }
  list->PathStroke(color, 0, thickness);
  if (has_head) arrow_head(list, tip, direction, color, head_px);
}

void soft_shadow(ImDrawList* list, ImVec2 min, ImVec2 max, float rounding, ImU32 color, float spread_px,
                 float drop_px) {
  // Nested outlines whose vertices fade out, joined by triangles: a blurred rectangle without a texture. At
  // the edge itself a blur has half its strength, so the outlines begin inside.
  constexpr int kRings = 8, kCorner = 6, kAround = 4 * (kCorner + 1);
  const float full = static_cast<float>((color >> IM_COL32_A_SHIFT) & 255);
  const float inside = std::min(spread_px, std::min(max.x - min.x, max.y - min.y) / 2 - 1);
  if (inside <= 0 || full <= 0) return;
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  list->PrimReserve(kRings * kAround * 6 + (kAround - 2) * 3, (kRings + 1) * kAround);
  const unsigned first = list->_VtxCurrentIdx;
  for (int ring = 0; ring <= kRings; ++ring) {
    const float t = static_cast<float>(ring) / kRings;
    const float out = -inside + t * (inside + spread_px);
    const float fade = 1 - t * t * (3 - 2 * t);
    const ImU32 ink =
        (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(std::lround(full * fade)) << IM_COL32_A_SHIFT);
    const float radius = std::max(0.5f, rounding + out);
    for (int corner = 0; corner < 4; ++corner) {
      const float cx = corner == 1 || corner == 2 ? max.x + out - radius : min.x - out + radius;
      const float cy = corner >= 2 ? max.y + out - radius : min.y - out + radius;
      for (int i = 0; i <= kCorner; ++i) {
        const float a =
            kPi * (1 + 0.5f * static_cast<float>(corner)) + 0.5f * kPi * static_cast<float>(i) / kCorner;
        list->PrimWriteVtx({cx + radius * std::cos(a), cy + radius * std::sin(a) + drop_px}, white, ink);
      }
    }
  }
  const auto index = [&](int ring, int at) {
    return static_cast<ImDrawIdx>(first + static_cast<unsigned>(ring * kAround + at % kAround));
  };
  const auto triangle = [&](ImDrawIdx a, ImDrawIdx b, ImDrawIdx c) {
    list->PrimWriteIdx(a);
    list->PrimWriteIdx(b);
    list->PrimWriteIdx(c);
  };
  for (int i = 2; i < kAround; ++i)
    triangle(index(0, 0), index(0, i - 1), index(0, i));
  for (int ring = 0; ring < kRings; ++ring) {
    for (int i = 0; i < kAround; ++i) {
      triangle(index(ring, i), index(ring, i + 1), index(ring + 1, i + 1));
      triangle(index(ring, i), index(ring + 1, i + 1), index(ring + 1, i));
    }
  }
}

void frame(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 fill, ImU32 border, float rounding,
           float thickness) {
  // Border colour outside, fill inside: both edges anti-aliased, no gap between them at any radius.
  const float t = thickness;
  if ((border >> IM_COL32_A_SHIFT) == 0) return list->AddRectFilled(min, max, fill, rounding);
  list->AddRectFilled(min, max, border, rounding);
  list->AddRectFilled({min.x + t, min.y + t}, {max.x - t, max.y - t}, fill, std::max(0.0f, rounding - t));
}

void outline_outside(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float rounding, float thickness) {
  const float half = thickness / 2;
  // ImGui draws rectangles half a pixel inside; the path is given its exact middle line instead.
  list->PathRect({min.x - half, min.y - half}, {max.x + half, max.y + half}, rounding + half);
  list->PathStroke(color, ImDrawFlags_Closed, thickness);
}

void outline_inside(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float rounding, float thickness) {
  const float half = thickness / 2;
  list->PathRect({min.x + half, min.y + half}, {max.x - half, max.y - half}, std::max(0.0f, rounding - half));
  list->PathStroke(color, ImDrawFlags_Closed, thickness);
}

void hatch(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 color, float spacing_px, float thickness) {
  const float w = max.x - min.x, h = max.y - min.y;
  if (w <= 0 || h <= 0 || spacing_px <= 0) return;
  // Lines x + y = c, cut by hand so that no clip rectangle (and no draw call) is needed. Anchored to the
  // screen, so that neighbouring rectangles continue each other.
  const float first = std::ceil((min.x + min.y) / spacing_px) * spacing_px;
  for (float c = first; c < max.x + max.y; c += spacing_px) {
    const ImVec2 a{std::max(min.x, c - max.y), 0}, b{std::min(max.x, c - min.y), 0};
    if (b.x > a.x) list->AddLine({a.x, c - a.x}, {b.x, c - b.x}, color, thickness);
  }
}

void text_centered(ImDrawList* list, ImFont* font, float size_px, ImVec2 center, ImU32 color,
                   const char* begin, const char* end) {
  const ImVec2 size = text_size(font, size_px, begin, end);
  // Capitals and digits of the typefaces used here are centred in their line.
  list->AddText(font, size_px, {std::round(center.x - size.x / 2), std::round(center.y - size.y / 2)}, color,
                begin, end);
}

ImVec2 text_size(ImFont* font, float size_px, const char* begin, const char* end) {
  return font->CalcTextSizeA(size_px, FLT_MAX, 0, begin, end);
}

}  // namespace poolscope::ui
