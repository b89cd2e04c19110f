#include <doctest/doctest.h>

#include <vector>

#include "app/ui/theme.h"

using namespace poolscope::ui;

namespace {

constexpr double kEnough = 4.5;  // WCAG 2.1, 1.4.3

struct Pair {
  const char* what;
  ImU32 ink, ground;
};

void check(const Theme& theme, const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    CAPTURE(pair.what);
    CAPTURE(theme.name == ThemeName::night);
    CHECK(contrast(pair.ink, pair.ground) >= kEnough);
  }
}

}  // namespace

TEST_CASE("contrast is that of WCAG 2") {
  CHECK(contrast(IM_COL32(255, 255, 255, 255), IM_COL32(0, 0, 0, 255)) == doctest::Approx(21));
  CHECK(contrast(IM_COL32(0, 0, 0, 255), IM_COL32(0, 0, 0, 255)) == doctest::Approx(1));
  // #767676 is the well-known lightest grey that passes on white.
  CHECK(contrast(IM_COL32(0x76, 0x76, 0x76, 255), IM_COL32_WHITE) == doctest::Approx(4.54).epsilon(0.002));
}

TEST_CASE("every text of both themes can be read on every surface it is used on") {
  for (const ThemeName name : {ThemeName::paper, ThemeName::night}) {
    const Theme& t = theme_named(name);
    for (const ImU32 ground : {t.stage, t.panel, t.control, t.cell}) {
      check(t, {{"text", t.text, ground},
                {"soft", t.text_soft, ground},
                {"faint", t.text_faint, ground},
                {"danger", t.danger, ground}});
    }
    // Controls under the mouse carry full or soft text.
    for (const ImU32 ground : {t.control_hover, t.control_press}) {
      check(t, {{"text", t.text, ground}, {"soft", t.text_soft, ground}});
    }
    check(t, {{"on primary", t.on_primary, t.primary},
              {"on primary, hover", t.on_primary, t.primary_hover},
              {"on primary, press", t.on_primary, t.primary_press},
              {"on selected", t.on_primary_soft, t.primary_soft},
              {"link", t.on_primary_soft, t.panel},
              {"text on selected row", t.text, t.primary_soft},
              {"number on the hottest cell", t.text, t.heat}});
  }
}

TEST_CASE("the colours with a meaning can be read as words, on their wash and on their tiles") {
  for (const ThemeName name : {ThemeName::paper, ThemeName::night}) {
    const Theme& t = theme_named(name);
    for (const Accent& a : {t.window, t.winner, t.output, t.unchanged, t.changed}) {
      check(t, {{"words on panel", a.text, t.panel},
                {"words on stage", a.text, t.stage},
                {"words on controls", a.text, t.control},
                {"numbers on the wash", t.text, a.fill},
                {"numbers on the tile", a.on_solid, a.solid}});
      // A line needs 3 : 1 (WCAG 1.4.11) only together with a second cue; amber on white has its thickness.
      CHECK(contrast(a.line, t.panel) >= 2.0);
    }
  }
}

TEST_CASE("numbers on any colour are dark or light, whichever is read better") {
  for (int v = 0; v < 256; ++v) {
    const ImU32 grey = IM_COL32(v, v, v, 255);
    CHECK(contrast(readable_on(grey), grey) >= kEnough);
  }
  CHECK(readable_on(IM_COL32_WHITE) != readable_on(IM_COL32_BLACK));
}

TEST_CASE("mixing ends at both colours and keeps alpha in between") {
  const ImU32 a = IM_COL32(0, 100, 200, 255), b = IM_COL32(255, 0, 100, 0);
  CHECK(mix(a, b, 0) == a);
  CHECK(mix(a, b, 1) == b);
  CHECK(mix(a, b, 2) == b);
  CHECK(mix(a, b, 0.5f) == IM_COL32(128, 50, 150, 128));
  CHECK(with_alpha(a, 0.5f) == IM_COL32(0, 100, 200, 128));
}

TEST_CASE("the style is scaled from a pristine one each time") {
  ImGui::CreateContext();
  apply_style(paper_theme(), 2.0f);
  apply_style(paper_theme(), 2.0f);
  CHECK(ImGui::GetStyle().FrameRounding == 16.0f);
  CHECK(ImGui::GetStyle().FrameBorderSize == 2.0f);
  apply_style(night_theme(), 1.0f);
  CHECK(ImGui::GetStyle().FrameRounding == 8.0f);
  CHECK(ImGui::ColorConvertFloat4ToU32(ImGui::GetStyle().Colors[ImGuiCol_Text]) == night_theme().text);
  ImGui::DestroyContext();
}
