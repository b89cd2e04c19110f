#include <doctest/doctest.h>

#include <set>

#include "app/ui/rich_text.h"
#include "app/ui/utf8.h"
#include "tests/ui/headless.h"

using namespace poolscope;
using namespace poolscope::ui;

namespace {

std::string shown(const std::vector<Span>& spans) {
  std::string out;
  for (const Span& span : spans) {
    out += (span.bold ? "B" : "") + std::string(span.color) + "<" + std::string(span.text) + ">";
  }
  return out;
}

/// The lines of a layout as text, top to bottom.
std::vector<std::string> lines_of(const RichLayout& layout) {
  std::vector<std::string> lines;
  float y = -1;
  for (const PlacedSpan& span : layout.spans) {
    if (span.y != y) lines.emplace_back();
    y = span.y;
    lines.back() += span.text;
  }
  return lines;
}

}  // namespace

TEST_CASE("rich text: bold and colours become spans, lone signs stay as they are") {
  CHECK(shown(parse_rich("plain")) == "<plain>");
  CHECK(shown(parse_rich("a **b c** d")) == "<a >B<b c>< d>");
  CHECK(shown(parse_rich("the [winner:red **one**] wins")) == "<the >winner<red >Bwinner<one>< wins>");
  CHECK(shown(parse_rich("2 ** 3")) == "<2 ** 3>");
  CHECK(shown(parse_rich("in [0, 1] and [nobody:x]")) == "<in [0, 1] and [nobody:x]>");
  CHECK(shown(parse_rich("")) == "");
  CHECK(shown(parse_rich("**all**")) == "B<all>");
}

TEST_CASE("a line of Chinese may break anywhere but before closing and after opening punctuation") {
  CHECK(may_break(U'池', U'化'));
  CHECK_FALSE(may_break(U'化', U'，'));
  CHECK_FALSE(may_break(U'化', U'。'));
  CHECK_FALSE(may_break(U'化', U'）'));
  CHECK_FALSE(may_break(U'（', U'池'));
  CHECK_FALSE(may_break(U'「', U'池'));
  CHECK(may_break(U'，', U'池'));
  CHECK(may_break(U'池', U'a'));
  CHECK_FALSE(may_break(U'a', U'b'));
  CHECK(may_break(U' ', U'b'));
  CHECK_FALSE(may_break(U'a', U' '));
}

TEST_CASE("wrapped lines fit, keep every character, and never begin with closing punctuation") {
  test::HeadlessUi app({.glyphs = "最大池化从每个窗口中只保留一值，其余都被舍弃。", .real_fonts = true});
  app.frame();
  const std::string text =
      "最大池化从每个窗口中只保留**最大的一个值**，其余都被舍弃。Max pooling (2 × 2) keeps **one "
      "value**：最大的（第一个）。";
  const std::set<unsigned> closing = {U'，', U'。', U'：', U'）', U'、'};
  for (float width = 60; width < 700; width += 13) {
    const RichLayout layout = layout_rich(app.fonts, text, Role::body, width);
    CAPTURE(width);
    CHECK(layout.width <= width + 40);  // the longest unbroken run ("pooling") may be wider than a tiny width
    if (width > 120) CHECK(layout.width <= width + 0.5f);
    std::string all;
    for (const std::string& line : lines_of(layout)) {
      REQUIRE(!line.empty());
      size_t at = 0;
      CHECK(closing.count(next_code_point(line, at)) == 0);
      CHECK(line.front() != ' ');
      all += line;
    }
    std::erase(all, ' ');
    std::string expected = text;
    std::erase(expected, ' ');
    std::erase(expected, '*');
    CHECK(all == expected);
    CHECK(layout.lines == static_cast<int>(lines_of(layout).size()));
  }
}

TEST_CASE("a number written in groups of three stays on one line") {
  test::HeadlessUi app({.glyphs = "输出没有变化，个变了。", .real_fonts = true});
  app.frame();
  for (float width = 70; width < 500; width += 7) {
    CAPTURE(width);
    for (const std::string& line :
         lines_of(layout_rich(app.fonts, "输出没有变化，**53 319** 个变了。119 712 of 4 194 304, 12 3456",
                              Role::body, width))) {
      CHECK(!line.starts_with("319"));
      CHECK(!line.starts_with("712"));
      CHECK(!line.starts_with("194"));
      CHECK(!line.starts_with("304"));
    }
  }
}

TEST_CASE("a word longer than the line is cut rather than drawn outside") {
  test::HeadlessUi app({.real_fonts = true});
  app.frame();
  const RichLayout layout =
      layout_rich(app.fonts, "/home/teacher/Pictures/a_rather_long_name_without_spaces.png", Role::body, 120);
  CHECK(layout.width <= 120.5f);
  CHECK(layout.lines > 2);
  std::string all;
  for (const std::string& line : lines_of(layout))
    all += line;
  CHECK(all == "/home/teacher/Pictures/a_rather_long_name_without_spaces.png");
}

TEST_CASE("line breaks in the text are kept, and the spaces after them") {
  test::HeadlessUi app;
  app.frame();
  const RichLayout layout = layout_rich(app.fonts, "f(a,\n  b)", Role::mono, 1000, Markup::none);
  REQUIRE(layout.spans.size() == 2);
  CHECK(layout.spans[1].y > layout.spans[0].y);
  CHECK(layout.spans[1].x > 0);
  CHECK(layout_rich(app.fonts, "", Role::body, 100).height == 0);
  CHECK(layout_rich(app.fonts, "2 ** 3 **", Role::mono, 1000, Markup::none).lines == 1);
}

TEST_CASE("broken UTF-8 is read byte by byte, to the end") {
  const std::string broken = "a\xff\xe6\xb1z\xf0\x9f";
  size_t at = 0;
  int count = 0;
  while (at < broken.size()) {
    next_code_point(broken, at);
    ++count;
    REQUIRE(count < 20);
  }
  CHECK(at == broken.size());
  at = 0;
  CHECK(next_code_point("池", at) == U'池');
  CHECK(at == 3);
}
