#include "app/ui/rich_text.h"

#include "app/ui/item.h"
#include "app/ui/utf8.h"

namespace poolscope::ui {
namespace {

constexpr std::string_view kColorNames[] = {"window", "winner", "output", "unchanged", "changed",
                                            "faint",  "soft",   "strong", "primary",   "danger"};

bool is_color_name(std::string_view name) {
  for (const auto known : kColorNames) {
    if (known == name) return true;
  }
  return false;
}

/// Chinese, Japanese and Korean characters, and full-width punctuation.
bool is_wide(unsigned c) {
  return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe4f) || (c >= 0xff00 && c <= 0xffef) || (c >= 0x20000 && c <= 0x3fffd);
}

bool contains(std::u32string_view set, unsigned c) {
  return set.find(static_cast<char32_t>(c)) != set.npos;
}
/// What must not begin a line (GB/T 15834 and the W3C's requirements for Chinese text layout).
bool is_closing(unsigned c) {
  return contains(U"，。、；：！？）」』》〉】〕％…—·,.;:!?)]}%”’", c);
}
/// What must not end a line.
bool is_opening(unsigned c) {
  return contains(U"（「『《〈【〔([{“‘", c);
}

/// Whether the digits from `at` on are the next three of a number that is written in groups: "13 584".
bool goes_on_number(std::string_view text, size_t at) {
  const auto digit = [&](size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  return at >= 2 && text[at - 1] == ' ' && digit(at - 2) && digit(at) && digit(at + 1) && digit(at + 2) &&
         !digit(at + 3);
}

/// A run that is never broken, with the spaces behind it.
struct Word {
  std::string_view text, spaces;
  bool bold;
  std::string_view color;
  bool break_before;  // a line may begin here
};

/// Cuts the spans at every place where a line may break; pieces of one word in different styles stay
/// together.
std::vector<Word> cut_words(const std::vector<Span>& spans) {
  std::vector<Word> words;
  unsigned last = ' ';
  for (const Span& span : spans) {
    size_t begin = 0;
    bool begin_breaks = true;
    for (size_t at = 0; at < span.text.size();) {
      const size_t here = at;
      const unsigned c = next_code_point(span.text, at);
      const bool breaks = c == '\n' || (may_break(last, c) && !goes_on_number(span.text, here));
      if (here == 0) begin_breaks = breaks;
      if (here > begin && breaks) {
        words.push_back({span.text.substr(begin, here - begin), {}, span.bold, span.color, begin_breaks});
        begin = here;
        begin_breaks = true;
      }
      last = c;
    }
    if (begin < span.text.size()) {
      words.push_back({span.text.substr(begin), {}, span.bold, span.color, begin_breaks});
    }
  }
  for (Word& word : words) {
    size_t end = word.text.size();
    while (end > 0 && (word.text[end - 1] == ' ' || word.text[end - 1] == '\n'))
      --end;
    word.spaces = word.text.substr(end);
    word.text = word.text.substr(0, end);
  }
  return words;
}

/// Only body text has a bold sister of the same height; elsewhere emphasis is colour alone.
SizedFont font_of(const Fonts& fonts, Role role, bool bold) {
  return fonts.sized(bold && role == Role::body ? Role::body_bold : role);
}

/// A word that is wider than a whole line (a path) is cut into pieces that fit.
std::vector<Word> cut_long_words(const Fonts& fonts, Role role, const std::vector<Word>& words,
                                 float width_px) {
  std::vector<Word> out;
  for (const Word& word : words) {
    const SizedFont font = font_of(fonts, role, word.bold);
    if (text_width(font, word.text) <= width_px) {
      out.push_back(word);
      continue;
    }
    size_t begin = 0;
    for (size_t at = 0; at < word.text.size();) {
      const size_t here = at;
      next_code_point(word.text, at);
      if (here == begin || text_width(font, word.text.substr(begin, at - begin)) <= width_px) continue;
      out.push_back(
          {word.text.substr(begin, here - begin), {}, word.bold, word.color, begin > 0 || word.break_before});
      begin = here;
    }
    out.push_back(
        {word.text.substr(begin), word.spaces, word.bold, word.color, begin > 0 || word.break_before});
  }
  return out;
}

/// Words of one style on one line become one run, so that the typeface's own spacing is kept: every run
/// begins at a whole pixel, the letters inside it do not.
void append(std::vector<PlacedSpan>& spans, const PlacedSpan& next) {
  if (!spans.empty()) {
    PlacedSpan& last = spans.back();
    const auto distance = next.text.data() - last.text.data();
    const bool near = distance >= 0 && static_cast<size_t>(distance) <= last.text.size() + 8;
    if (near && last.y == next.y && last.bold == next.bold && last.color == next.color) {
      last.text = {last.text.data(), static_cast<size_t>(distance) + next.text.size()};
      return;
    }
  }
  spans.push_back(next);
}

}  // namespace

bool may_break(unsigned before, unsigned after) {
  if (after == ' ' || after == '\n') return false;  // spaces stay at the end of their line
  if (before == ' ' || before == '\n') return true;
  if (!is_wide(before) && !is_wide(after)) return false;
  return !is_closing(after) && !is_opening(before);
}

std::vector<Span> parse_rich(std::string_view rich) {
  std::vector<Span> spans;
  bool bold = false;
  std::string_view color;
  size_t begin = 0;
  const auto flush = [&](size_t end) {
    if (end > begin) spans.push_back({rich.substr(begin, end - begin), bold, color});
  };
  for (size_t at = 0; at < rich.size();) {
    if (rich.substr(at, 2) == "**" && (bold || rich.find("**", at + 2) != rich.npos)) {
      flush(at);
      bold = !bold;
      begin = at += 2;
    } else if (rich[at] == '[' && color.empty()) {
      const size_t colon = rich.find(':', at);
      const size_t close = rich.find(']', at);
      const bool known = colon != rich.npos && close != rich.npos && colon < close &&
                         is_color_name(rich.substr(at + 1, colon - at - 1));
      if (!known) {
        ++at;
        continue;
      }
      flush(at);
      color = rich.substr(at + 1, colon - at - 1);
      begin = at = colon + 1;
    } else if (rich[at] == ']' && !color.empty()) {
      flush(at);
      color = {};
      begin = ++at;
    } else {
      ++at;
    }
  }
  flush(rich.size());
  return spans;
}

RichLayout layout_rich(const Fonts& fonts, std::string_view rich, Role role, float width_px, Markup markup) {
  const std::vector<Span> spans =
      markup == Markup::rich ? parse_rich(rich) : std::vector<Span>{{rich, false, {}}};
  const std::vector<Word> words = cut_long_words(fonts, role, cut_words(spans), width_px);
  const float font_px = fonts.size(role);
  // Roomier for text to read, tight for captions.
  const float line_px = std::round(font_px * (role == Role::body || role == Role::body_bold ? 1.2f : 1.12f));
  RichLayout layout;
  float x = 0, y = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    // A unit is all pieces up to the next place where a line may begin.
    float unit = 0;
    for (size_t j = i; j < words.size() && (j == i || !words[j].break_before); ++j) {
      const SizedFont font = font_of(fonts, role, words[j].bold);
      unit += text_width(font, words[j].text);
      if (!words[j].spaces.empty()) break;
    }
    if (words[i].break_before && x > 0 && x + unit > width_px + 0.5f) {
      x = 0;
      y += line_px;
    }
    const SizedFont font = font_of(fonts, role, words[i].bold);
    const float w = text_width(font, words[i].text);
    if (!words[i].text.empty()) {
      append(layout.spans, {words[i].text, words[i].bold, words[i].color, x, y});
      layout.width = std::max(layout.width, x + w);
    }
    x += w;
    for (const char space : words[i].spaces) {
      if (space == '\n') {
        x = 0;
        y += line_px;
      } else {
        x += text_width(font, " ");
      }
    }
  }
  layout.height = words.empty() ? 0 : y + line_px;
  layout.lines = words.empty() ? 0 : static_cast<int>(std::lround(y / line_px)) + 1;
  return layout;
}

void draw_rich(ImDrawList* list, const Ui& ui, const RichLayout& layout, Role role, ImVec2 at, ImU32 color) {
  for (const PlacedSpan& span : layout.spans) {
    ImU32 ink = named_color(*ui.theme, span.color, color);
    // Emphasis is also stronger: soft text becomes full text.
    if (span.bold && span.color.empty() && (color == ui.theme->text_soft || color == ui.theme->text_faint)) {
      ink = ui.theme->text;
    }
    put_text(list, font_of(ui.fonts, role, span.bold), {at.x + span.x, at.y + span.y}, ink, span.text);
  }
}

ImU32 named_color(const Theme& theme, std::string_view name, ImU32 otherwise) {
  if (name == "window") return theme.window.text;
  if (name == "winner") return theme.winner.text;
  if (name == "output") return theme.output.text;
  if (name == "unchanged") return theme.unchanged.text;
  if (name == "changed") return theme.changed.text;
  if (name == "faint") return theme.text_faint;
  if (name == "soft") return theme.text_soft;
  if (name == "strong") return theme.text;
  if (name == "primary") return theme.on_primary_soft;
  if (name == "danger") return theme.danger;
  return otherwise;
}

}  // namespace poolscope::ui
