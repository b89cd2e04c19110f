#include "app/ui/gallery.h"

#include <cmath>
#include <vector>

#include "app/ui/plot.h"
#include "app/ui/shapes.h"
#include "app/ui/widgets.h"

namespace poolscope::ui {
namespace {

/// What every part of the gallery draws with.
struct Gallery {
  Ui& ui;
  GalleryState& state;
  const Texts& texts;
  const std::string& t(const char* key) const { return texts.get(key); }
};

Choice choice(const char* key, std::string label, bool enabled = true) {
  return {key, std::move(label), enabled, {}};
}

void top_bar(Gallery& g, Rect rect) {
  Ui& ui = g.ui;
  begin_panel(ui, "gallery.top", rect,
              {.hairline = Edge::bottom,
               .padding = {ui.sp(4), (rect.height() - ui.control_height()) / 2},
               .scroll = false});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float logo = ui.dp(16);
  draw_logo(ImGui::GetWindowDrawList(), {at.x, std::round(rect.center().y - logo / 2)}, logo,
            ui.theme->neutral_line, ui.theme->winner.line);
  ImGui::SetCursorScreenPos(
      {at.x + logo + ui.sp(2), std::round(rect.center().y - ui.fonts.size(Role::heading) / 2)});
  text(ui, Role::heading, ui.theme->text, "Poolscope");
  ImGui::SetCursorScreenPos({at.x + ui.dp(132), at.y});
  const char* tabs[] = {"gallery.tab_widgets", "gallery.tab_colors", "gallery.tab_data"};
  for (int i = 0; i < 3; ++i) {
    if (i > 0) same_line(ui, 1.5f);
    if (button(ui, tabs[i], g.t(tabs[i]), {.kind = ButtonKind::tab, .selected = g.state.tab == i}))
      g.state.tab = i;
  }
  const std::string lesson = g.t("gallery.lesson"), export_label = g.t("gallery.export");
  const ButtonOptions menu_button{.icon_after = Icon::chevron_down};
  const float square = ui.control_height();
  float right =
      button_width(ui, lesson) + button_width(ui, export_label, menu_button) + 4 * square + 5 * ui.dp(6);
  ImGui::SetCursorScreenPos({ui.right_edge() - right, at.y});
  button(ui, "gallery.lesson", lesson);
  same_line(ui, 1.5f);
  const bool open = button(ui, "gallery.export", export_label, menu_button);
  const Choice entries[] = {choice("png", "PNG"), choice("gif", "GIF"), choice("csv", "CSV", false)};
  menu(ui, "gallery.export_menu", entries, open);
  same_line(ui, 1.5f);
  icon_button(ui, "gallery.language", Icon::globe, g.t("gallery.tip_language"));
  same_line(ui, 1.5f);
  icon_button(ui, "gallery.text_size", Icon::text_size, g.t("gallery.tip_text_size"));
  same_line(ui, 1.5f);
  icon_button(ui, "gallery.theme", ui.theme->name == ThemeName::paper ? Icon::moon : Icon::sun,
              g.t("gallery.tip_theme"));
  same_line(ui, 1.5f);
  icon_button(ui, "gallery.help", Icon::help, g.t("gallery.tip_help"));
  end_panel(ui);
}

void sliders(Gallery& g) {
  Ui& ui = g.ui;
  GalleryState& s = g.state;
  section(ui, g.t("gallery.geometry"));
  const std::string size =
      std::to_string(static_cast<int>(s.window)) + " × " + std::to_string(static_cast<int>(s.window));
  if (auto change = slider(ui, "gallery.window", g.t("gallery.window"), s.window,
                           {.min = 1, .max = 6, .step = 1, .value_text = size})) {
    s.window = change.value;
    if (s.linked) s.stride = change.value;
  }
  const std::string& linked = g.t(s.linked ? "gallery.linked" : "gallery.unlinked");
  const Icon sign = s.linked ? Icon::link : Icon::unlink;
  if (auto change = slider(
          ui, "gallery.stride", g.t("gallery.stride"), s.stride,
          {.min = 1,
           .max = 6,
           .step = 1,
           .middle =
               [&] {
                 if (link(ui, "gallery.link", linked, sign)) s.linked = !s.linked;
               },
           .middle_width =
               text_size(ui.fonts.font(Role::caption), ui.fonts.size(Role::caption), linked.c_str()).x +
               ui.dp(16)})) {
    s.stride = change.value;
    s.linked = false;
  }
  if (auto change =
          slider(ui, "gallery.padding", g.t("gallery.padding"), s.padding, {.min = 0, .max = 2, .step = 1}))
    s.padding = change.value;
  if (auto change = slider(ui, "gallery.rate", g.t("gallery.rate"), s.rate,
                           {.min = 0.0001, .max = 1, .logarithmic = true}))
    s.rate = change.value;
  slider(ui, "gallery.disabled_slider", g.t("gallery.dilation"), s.dilation,
         {.min = 1, .max = 4, .step = 1, .enabled = false});
  if (toggle(ui, "gallery.ceil", g.t("gallery.ceil"), s.ceil)) s.ceil = !s.ceil;
  if (toggle(ui, "gallery.loop", g.t("gallery.loop"), s.loop)) s.loop = !s.loop;
  toggle(ui, "gallery.disabled_toggle", g.t("gallery.disabled"), true, false);
}

void left_panel(Gallery& g, Rect rect) {
  Ui& ui = g.ui;
  GalleryState& s = g.state;
  begin_panel(ui, "gallery.left", rect, {.hairline = Edge::right});
  section(ui, g.t("gallery.input"));
  const float side = column_width(ui, 4, 2);
  for (int i = 0; i < 4; ++i) {
    if (i > 0) same_line(ui, 2);
    const std::string key = "gallery.thumbnail." + std::to_string(i);
    if (thumbnail(ui, key, i == 0 ? 0 : s.texture,
                  {.size = side,
                   .selected = s.thumbnail == i,
                   .tooltip = g.t("gallery.tip_thumbnail"),
                   .placeholder = "1 2 1 0\n0 1 2 3\n3 0 1 2\n2 4 0 1"})) {
      s.thumbnail = i;
    }
  }
  const float edit = button_width(ui, g.t("gallery.edit"));
  if (button(ui, "gallery.open", g.t("gallery.open"), {.width = available_width(ui) - edit - ui.sp(2)}))
    s.dialog = true;
  same_line(ui);
  button(ui, "gallery.edit", g.t("gallery.edit"));

  section(ui, g.t("gallery.pooling"));
  const Choice kinds[] = {choice("max", g.t("gallery.max")), choice("average", g.t("gallery.average")),
                          choice("stochastic", g.t("gallery.stochastic"))};
  if (auto chosen = segmented(ui, "gallery.kind", kinds, s.kind)) s.kind = *chosen;
  sliders(g);
  section(ui, g.t("gallery.presets"));
  const char* presets[] = {"2×2 / 2", "3×3 / 3", "3×3 / 2 AlexNet", "3×3 / 1", "7×7"};
  for (int i = 0; i < 5; ++i) {
    if (i > 0) flow(ui, chip_width(ui, presets[i]));
    if (chip(ui, "gallery.preset." + std::to_string(i), presets[i],
             {.selected = s.preset == i, .enabled = i != 4}))
      s.preset = i;
  }
  end_panel(ui);
}

void right_panel(Gallery& g, Rect rect) {
  Ui& ui = g.ui;
  begin_panel(ui, "gallery.right", rect, {.hairline = Edge::left});
  section(ui, g.t("gallery.happening"));
  paragraph(ui, g.t("gallery.happening_text"));
  section(ui, g.t("gallery.facts"));
  fact(ui, "gallery.fact.shape", g.t("gallery.shape"), "1×4×4 → 1×2×2", {.value_role = Role::mono});
  fact(ui, "gallery.fact.kept", g.t("gallery.kept"), "25 %");
  fact(ui, "gallery.fact.channels", g.t("gallery.channels"), "1 → 1");
  fact(ui, "gallery.fact.same", g.t("gallery.same"), "100 %", {.value_color = ui.theme->unchanged.text});
  fact(ui, "gallery.fact.long", g.t("gallery.shape"), "3 × 4096 × 4096 → 3 × 2048 × 2048",
       {.value_role = Role::mono});
  section(ui, g.t("gallery.output_size"));
  code_box(ui, "gallery.formula", "⌊(4 + 2·0 − 2) / 2⌋ + 1 = 2");
  section(ui, g.t("gallery.take"));
  const Choice frameworks[] = {choice("pytorch", "PyTorch"), choice("keras", "Keras"),
                               choice("onnx", "ONNX", false)};
  if (auto chosen = segmented(ui, "gallery.code", frameworks, g.state.code)) g.state.code = *chosen;
  code_box(ui, "gallery.snippet", "nn.MaxPool2d(kernel_size=2,\n             stride=2)", true);
  const float half = column_width(ui, 2);
  button(ui, "gallery.copy", g.t("gallery.copy"), {.icon = Icon::copy, .width = half});
  same_line(ui);
  button(ui, "gallery.save", g.t("gallery.save"), {.icon = Icon::save, .width = half});
  section(ui, g.t("gallery.probabilities"));
  const char* classes[] = {"3", "8", "5"};
  const double shares[] = {0.62, 0.3, 0.004};
  for (int i = 0; i < 3; ++i) {
    char percent[16];
    std::snprintf(percent, sizeof percent, "%.1f %%", shares[i] * 100);
    bar_row(ui, "gallery.bar." + std::to_string(i), classes[i], shares[i], percent,
            {.color = i == 1 ? ui.theme->winner.line : 0,
             .marked = i == 1,
             .label_width = ui.dp(16),
             .value_width = ui.dp(52)});
  }
  end_panel(ui);
}

void transport(Gallery& g, Rect rect) {
  Ui& ui = g.ui;
  GalleryState& s = g.state;
  begin_panel(
      ui, "gallery.transport", rect,
      {.hairline = Edge::top, .padding = {ui.sp(5), (rect.height() - ui.dp(36)) / 2}, .scroll = false});
  const float h = ui.dp(36);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Icon icons[] = {Icon::jump_start, Icon::step_back, s.playing ? Icon::pause : Icon::play,
                        Icon::step_forward, Icon::jump_end};
  const char* tips[] = {"gallery.tip_start", "gallery.tip_back", "gallery.tip_play", "gallery.tip_step",
                        "gallery.tip_end"};
  for (int i = 0; i < 5; ++i) {
    if (i > 0) same_line(ui, 3);
    const bool play = i == 2;
    if (icon_button(ui, tips[i], icons[i], g.t(tips[i]),
                    {.kind = play ? ButtonKind::primary : ButtonKind::normal,
                     .width = play ? ui.dp(44) : h,
                     .height = h,
                     .enabled = i != 0}) &&
        play) {
      s.playing = !s.playing;
    }
  }
  const float x = ImGui::GetItemRectMax().x + ui.sp(4);
  ImGui::SetCursorScreenPos({x, std::round(rect.center().y - ui.fonts.size(Role::mono) / 2)});
  text(ui, Role::mono, ui.theme->text, g.t("gallery.position"));
  const float from = ImGui::GetItemRectMax().x + ui.sp(8);
  const float to = ui.right_edge() - ui.dp(220);
  ImGui::SetCursorScreenPos({from, std::round(rect.center().y - ui.dp(7))});
  if (auto change = slider(ui, "gallery.seek", {}, s.seek,
                           {.width = to - from, .label_row = false, .color = ui.theme->window.line})) {
    s.seek = change.value;
  }
  ImGui::SetCursorScreenPos({to + ui.sp(4), at.y + (h - ui.control_height()) / 2});
  if (button(ui, "gallery.loop_button", g.t("gallery.loop"), {.icon = Icon::loop, .selected = s.loop}))
    s.loop = !s.loop;
  same_line(ui);
  button(ui, "gallery.predict", g.t("gallery.predict"), {.icon = Icon::eye, .enabled = false});
  end_panel(ui);
}

void buttons_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  begin_card(ui, "gallery.card.buttons", {.width = width});
  section(ui, g.t("gallery.buttons"));
  const struct {
    const char *key, *label;
    ButtonOptions options;
  } all[] = {{"gallery.b.primary", "gallery.train", {.kind = ButtonKind::primary}},
             {"gallery.b.normal", "gallery.normal", {}},
             {"gallery.b.selected", "gallery.selected", {.selected = true}},
             {"gallery.b.ghost", "gallery.ghost", {.kind = ButtonKind::ghost}},
             {"gallery.b.primary_off", "gallery.train", {.kind = ButtonKind::primary, .enabled = false}},
             {"gallery.b.normal_off", "gallery.normal", {.enabled = false}},
             {"gallery.b.ghost_off", "gallery.ghost", {.kind = ButtonKind::ghost, .enabled = false}},
             {"gallery.b.icon", "gallery.open", {.icon = Icon::open}}};
  for (const auto& one : all) {
    if (&one != all) flow(ui, button_width(ui, g.t(one.label), one.options), 2);
    button(ui, one.key, g.t(one.label), one.options);
  }
  gap(ui, 2);
  for (int i = 1; i < static_cast<int>(Icon::count); ++i) {
    const float side = ui.dp(30);
    if (i > 1) flow(ui, side, 1);
    const auto icon = static_cast<Icon>(i);
    icon_button(ui, std::string("gallery.icon.") + icon_name(icon), icon, icon_name(icon),
                {.kind = ButtonKind::ghost, .width = side, .height = side});
  }
  end_card(ui);
}

void fields_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  GalleryState& s = g.state;
  begin_card(ui, "gallery.card.fields", {.width = width});
  section(ui, g.t("gallery.fields"));
  const float half = column_width(ui, 2);
  text_field(ui, "gallery.field", s.name, {.width = half});
  same_line(ui);
  text_field(ui, "gallery.search", s.field,
             {.hint = g.t("gallery.search"), .width = half, .icon = Icon::search});
  const Choice maps[] = {choice("grey", g.t("gallery.grey")), choice("viridis", "viridis"),
                         choice("cividis", "cividis"), choice("diverging", g.t("gallery.diverging"), false)};
  if (auto chosen = dropdown(ui, "gallery.dropdown", maps, s.choice, half)) s.choice = *chosen;
  same_line(ui);
  dropdown(ui, "gallery.dropdown_off", maps, 0, half, false);
  std::string wrong = "7";
  text_field(ui, "gallery.wrong", wrong, {.width = half, .error = g.t("gallery.wrong")});
  gap(ui, 3);
  progress_bar(ui, "gallery.progress", 0.64);
  gap(ui, 3);
  progress_bar(ui, "gallery.progress_unknown", -1, 0, ui.theme->window.line);
  end_card(ui);
}

void step_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  const Theme& t = *ui.theme;
  begin_card(ui, "gallery.card.step", {.width = width});
  text(ui, Role::caption, t.text_faint, g.t("gallery.step_title"));
  const FormulaPart parts[] = {{"max( "},           {"1", t.text_soft},   {", ", t.text_soft},
                               {"0", t.text_soft},  {", ", t.text_soft},  {"2", t.text_soft},
                               {", ", t.text_soft}, {"3", t.winner.line}, {" ) = "},
                               {"3", t.output.line}};
  formula(ui, "gallery.arithmetic", parts);
  paragraph(ui, g.t("gallery.step_text"));
  chip(ui, "gallery.chip.window", g.t("gallery.step_window"), {.selected = true});
  same_line(ui, 1.5f);
  chip(ui, "gallery.chip.row", g.t("gallery.step_row"));
  same_line(ui, 1.5f);
  chip(ui, "gallery.chip.sweep", g.t("gallery.step_sweep"), {.enabled = false});
  end_card(ui);
}

void cells(Gallery& g) {
  Ui& ui = g.ui;
  const Theme& t = *ui.theme;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float cell = ui.dp(58), pad = ui.dp(8);
  const int values[4][4] = {{1, 2, 1, 0}, {0, 1, 2, 3}, {3, 0, 1, 2}, {2, 4, 0, 1}};
  const ImVec2 o{at.x + pad, at.y + ui.dp(34)};
  frame(list, {o.x - pad, o.y - pad}, {o.x + 4 * cell + pad, o.y + 4 * cell + pad}, t.panel, t.hairline,
        ui.dp(10), ui.hairline());
  const auto corner = [&](float column, float row) { return ImVec2{o.x + column * cell, o.y + row * cell}; };
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) {
      const ImVec2 a = corner(static_cast<float>(c), static_cast<float>(r)), b{a.x + cell, a.y + cell};
      const bool in_window = r < 2 && c > 1;
      list->AddRectFilled(
          a, b, in_window ? t.window.fill : mix(t.cell, t.heat, static_cast<float>(values[r][c]) / 5.5f));
      list->AddRect(a, {b.x + ui.hairline(), b.y + ui.hairline()}, t.hairline, 0, 0, ui.hairline());
      const bool winner = r == 1 && c == 3;
      const char digit[] = {static_cast<char>('0' + values[r][c]), 0};
      if (winner) {
        list->AddRectFilled({a.x + ui.dp(7), a.y + ui.dp(7)}, {b.x - ui.dp(6), b.y - ui.dp(6)},
                            t.winner.solid, ui.dp(8));
      }
      const SizedFont font = ui.fonts.number_font(cell * 0.42f, winner);
      text_centered(list, font.font, font.size_px, {(a.x + b.x) / 2, (a.y + b.y) / 2},
                    winner ? t.winner.on_solid : t.text, digit);
    }
  }
  hatch(list, corner(3, 3), corner(4, 4), with_alpha(t.neutral_line, 0.5f), ui.dp(7), ui.hairline());
  dashed_rect(list, corner(0, 2), corner(2, 4), t.window.line, ui.dp(2));
  dotted_circle(list, corner(1.5f, 0.5f), cell * 0.32f, t.winner.line, ui.dp(1.5f));
  outline_inside(list, {corner(2, 0).x - ui.dp(2), corner(2, 0).y - ui.dp(2)},
                 {corner(4, 2).x + ui.dp(2), corner(4, 2).y + ui.dp(2)}, t.window.line, ui.dp(5), ui.dp(4));
  arrow(list, {corner(1, 0).x, o.y - ui.dp(20)}, {corner(3, 0).x, o.y - ui.dp(20)}, t.window.line, ui.dp(2),
        ui.dp(14));
  const ImVec2 out{o.x + 4 * cell + ui.dp(76), o.y + cell};
  frame(list, {out.x - pad, out.y - pad}, {out.x + cell + pad, out.y + cell + pad}, t.panel, t.hairline,
        ui.dp(10), ui.hairline());
  list->AddRectFilled(out, {out.x + cell, out.y + cell}, t.output.fill);
  outline_inside(list, out, {out.x + cell, out.y + cell}, t.output.line, ui.dp(4), ui.dp(3));
  const SizedFont font = ui.fonts.number_font(cell * 0.42f);
  text_centered(list, font.font, font.size_px, {out.x + cell / 2, out.y + cell / 2}, t.text, "3");
  curved_arrow(list,
               make_ribbon({corner(4, 1.5f).x - ui.dp(10), corner(4, 1.5f).y},
                           {out.x + ui.dp(2), out.y + cell / 2}, ui.dp(14)),
               t.winner.line, ui.dp(2), ui.dp(16));
  ImGui::Dummy({4 * cell + 2 * pad + cell + ui.dp(84), 4 * cell + ui.dp(34) + pad});
}

void plot_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  std::vector<Curve> curves(3);
  const char* names[] = {"gallery.max", "gallery.average", "gallery.stochastic"};
  for (size_t k = 0; k < curves.size(); ++k) {
    curves[k].name = g.t(names[k]);
    for (int i = 0; i <= 8; ++i) {
      const double y = (1 - std::exp(-i / (2.0 + 1.5 * static_cast<double>(k)))) * 0.9;
      curves[k].x.push_back(i);
      curves[k].y.push_back(y);
      if (k != 0) continue;
      curves[k].low.push_back(y - 0.02 * i / 2);
      curves[k].high.push_back(y + 0.02 * i / 2);
    }
  }
  curves[1].dashed = true;
  curves[2].points = true;
  begin_card(ui, "gallery.card.plot", {.width = width});
  plot(ui, "gallery.plot", curves,
       {.title = g.t("gallery.plot_title"), .subtitle = g.t("gallery.plot_subtitle")});
  end_card(ui);
}

void table_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  const Theme& t = *ui.theme;
  begin_card(ui, "gallery.card.table", {.width = width});
  section(ui, g.t("gallery.runs"));
  const Column columns[] = {{g.t("gallery.run"), Align::left, 1},
                            {g.t("gallery.parameters"), Align::right},
                            {g.t("gallery.test"), Align::right}};
  const std::vector<TableCell> rows[] = {
      {{.text = g.t("gallery.max"), .dot = t.series[0]}, {.text = "5 994"}, {.text = "98.9", .bold = true}},
      {{.text = g.t("gallery.average"), .dot = t.series[1]}, {.text = "5 994"}, {.text = "98.7"}},
      {{.text = g.t("gallery.stochastic"), .dot = t.series[2]},
       {.text = "5 994"},
       {.text = "98.8", .color = t.changed.text}}};
  if (auto row = table(ui, "gallery.table", columns, rows, g.state.row, true)) g.state.row = *row;
  end_card(ui);
}

void type_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  const Theme& t = *ui.theme;
  begin_card(ui, "gallery.card.type", {.width = width});
  section(ui, g.t("gallery.type"));
  const Role roles[] = {Role::display,   Role::title,   Role::heading, Role::body,
                        Role::body_bold, Role::caption, Role::mono};
  for (const Role role : roles)
    text(ui, role, t.text, g.t("gallery.sample"));
  end_card(ui);
}

void colors_card(Gallery& g, float width) {
  Ui& ui = g.ui;
  const Theme& t = *ui.theme;
  begin_card(ui, "gallery.card.colors", {.width = width});
  section(ui, g.t("gallery.colors"));
  const struct {
    const char* key;
    const Accent* accent;
  } accents[] = {{"gallery.color_window", &t.window},
                 {"gallery.color_winner", &t.winner},
                 {"gallery.color_output", &t.output},
                 {"gallery.color_unchanged", &t.unchanged},
                 {"gallery.color_changed", &t.changed}};
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const auto& entry : accents) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float h = ui.dp(30), w = ui.dp(72);
    frame(list, at, {at.x + w, at.y + h}, entry.accent->fill, entry.accent->line, ui.dp(6), ui.dp(2));
    list->AddRectFilled({at.x + w + ui.dp(8), at.y}, {at.x + 2 * w + ui.dp(8), at.y + h}, entry.accent->solid,
                        ui.dp(6));
    const SizedFont font = ui.fonts.number_font(ui.dp(18), true);
    text_centered(list, font.font, font.size_px, {at.x + 1.5f * w + ui.dp(8), at.y + h / 2},
                  entry.accent->on_solid, "123");
    ImGui::SetCursorScreenPos({at.x + 2 * w + ui.dp(20), at.y + ui.dp(6)});
    text(ui, Role::body, entry.accent->text, g.t(entry.key));
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({ui.dp(200), h});
  }
  end_card(ui);
}

void stage(Gallery& g, Rect rect) {
  Ui& ui = g.ui;
  begin_panel(ui, "gallery.stage", rect, {.background = ui.theme->stage, .padding = {ui.sp(7), ui.sp(6)}});
  // Two columns where they have room, else one below the other.
  const bool wide = column_width(ui, 2, 4) >= ui.dp(370);
  const float width = wide ? column_width(ui, 2, 4) : available_width(ui);
  const auto next = [&] { wide ? same_line(ui, 4) : gap(ui, 4); };
  if (g.state.tab == 0) {
    begin_region(ui, width);
    buttons_card(g, width);
    gap(ui, 4);
    fields_card(g, width);
    end_region(ui);
    next();
    begin_region(ui, width);
    cells(g);
    gap(ui, 4);
    step_card(g, width);
    end_region(ui);
  } else if (g.state.tab == 1) {
    type_card(g, width);
    next();
    colors_card(g, width);
  } else {
    plot_card(g, width);
    next();
    table_card(g, width);
  }
  end_panel(ui);
}

void dialog(Gallery& g) {
  Ui& ui = g.ui;
  if (!g.state.dialog) return;
  ModalFrame frame_result = begin_modal(ui, "gallery.dialog", {.title = g.t("gallery.dialog_title")});
  if (!frame_result) return;
  paragraph(ui, g.t("gallery.dialog_text"));
  gap(ui, 3);
  const float half = column_width(ui, 2);
  if (button(ui, "gallery.dialog.cancel", g.t("gallery.cancel"), {.width = half})) g.state.dialog = false;
  same_line(ui);
  if (button(ui, "gallery.dialog.ok", g.t("gallery.ok"), {.kind = ButtonKind::primary, .width = half})) {
    g.state.dialog = false;
    ui.toast(g.t("gallery.toast"));
  }
  end_modal(ui);
  if (frame_result.close_requested) g.state.dialog = false;
}

}  // namespace

void draw_gallery(Ui& ui, GalleryState& state, const Texts& texts, Rect area) {
  Gallery g{ui, state, texts};
  const float top = area.min.y + ui.dp(48), bottom = area.max.y - ui.dp(68);
  const float left = area.min.x + ui.dp(264), right = area.max.x - ui.dp(308);
  top_bar(g, {area.min, {area.max.x, top}});
  left_panel(g, {{area.min.x, top}, {left, bottom}});
  stage(g, {{left, top}, {right, bottom}});
  right_panel(g, {{right, top}, {area.max.x, bottom}});
  transport(g, {{area.min.x, bottom}, area.max});
  dialog(g);
  draw_toasts(ui, {{left, top}, {right, bottom}});
}

}  // namespace poolscope::ui
