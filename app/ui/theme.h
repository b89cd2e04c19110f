#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <imgui.h>

namespace poolscope::ui {

enum class ThemeName { paper, night };

/// One of the five families of colour that carry a meaning everywhere (Okabe-Ito, safe for colour-blind
/// viewers). A second cue (outline, shape, label) always goes with it.
struct Accent {
  ImU32 line;      // outlines, arrows, marks
  ImU32 fill;      // pale wash behind cells and cards
  ImU32 text;      // words in this colour, at least 4.5 : 1 on every surface of the theme
  ImU32 solid;     // filled tile that carries words; `line` or slightly darker
  ImU32 on_solid;  // those words
};

/// Every colour of the product by what it is for. Nothing outside app/ui/theme.cpp writes a literal colour.
struct Theme {
  ThemeName name = ThemeName::paper;

  // Surfaces, from back to front.
  ImU32 stage;    // behind grids and pictures
  ImU32 panel;    // top bar, side panels, transport, cards
  ImU32 control;  // buttons, chips, code boxes
  ImU32 control_hover;
  ImU32 control_press;
  ImU32 cell;      // an unpainted grid cell, blank paper of an output
  ImU32 hairline;  // borders and dividers
  ImU32 track;     // slider and progress tracks
  ImU32 scrim;     // over everything behind a dialog
  ImU32 shadow;    // soft shadow's darkest colour

  // Text levels, strongest first; `faint` is for captions and section headings.
  ImU32 text;
  ImU32 text_soft;
  ImU32 text_faint;
  ImU32 text_disabled;  // the only one allowed below 4.5 : 1 (WCAG 1.4.3 exempts inactive controls)

  // The interactive colour.
  ImU32 primary;
  ImU32 primary_hover;
  ImU32 primary_press;
  ImU32 on_primary;       // words on primary
  ImU32 primary_soft;     // selected chip, active tab
  ImU32 on_primary_soft;  // words on primary_soft
  ImU32 focus;            // keyboard focus ring

  Accent window, winner, output, unchanged, changed;
  ImU32 danger;  // error sentences
  ImU32 neutral_line;

  /// Curves and legend dots in a fixed order.
  std::array<ImU32, 6> series;
  /// Sequential ramp for the cells of small matrices: blend from `cell` to `heat` by value.
  ImU32 heat;
};

const Theme& paper_theme();
const Theme& night_theme();
inline const Theme& theme_named(ThemeName name) {
  return name == ThemeName::night ? night_theme() : paper_theme();
}

/// The style that Dear ImGui draws its own parts with (text fields, scrollbars, popups), from the tokens.
/// Called again after every change of theme or scale; starts from a pristine style each time.
void apply_style(const Theme& theme, float scale);

/// WCAG 2 relative luminance and contrast ratio (1 to 21); alpha is ignored.
double luminance(ImU32 color);
double contrast(ImU32 a, ImU32 b);
/// Dark or light text, whichever stands out more on `background` (numbers on coloured cells).
ImU32 readable_on(ImU32 background);
/// Linear blend in sRGB: 0 gives `a`, 1 gives `b`; alpha is blended too.
ImU32 mix(ImU32 a, ImU32 b, float t);
ImU32 with_alpha(ImU32 color, float alpha);

}  // namespace poolscope::ui
