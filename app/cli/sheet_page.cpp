// A page of exercises to print.

#include "app/cli/sheet_page.h"

#include <algorithm>
#include <vector>

#include "app/model/png.h"
#include "app/platform/page.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

// A4 at 200 dots per inch.
constexpr double kInch = 200, kMillimetre = kInch / 25.4;
constexpr int64_t kWidth = 1654, kHeight = 2339;
constexpr double kMargin = 18 * kMillimetre, kLargestCell = 11 * kMillimetre;
constexpr double kPoint = kInch / 72;
constexpr uint8_t kGrey = 110;

struct Sheet {
  Page& page;
  const Texts& texts;
  const SheetRequest& request;
  bool answers;
};

std::string by(const Size2& size) {
  return size.h == size.w ? std::to_string(size.h) : std::to_string(size.h) + " × " + std::to_string(size.w);
}

/// "1. Max, window 2 × 2, stride 2", with what the kind does not use left out.
std::string heading(const Sheet& sheet, const SheetExercise& exercise, size_t number) {
  const PoolSpec& spec = exercise.plan.spec;
  const KindInfo& info = kind_info(spec.kind);
  std::string words = std::to_string(number) + ".  " + sheet.texts.get("kind." + std::string(info.name));
  const auto add = [&](const char* key, const std::string& value) {
    words += " · " + sheet.texts.format(Message(key).with("value", value));
  };
  if (info.uses(kWindow))
    add("sheet.window", std::to_string(spec.window.h) + " × " + std::to_string(spec.window.w));
  if (info.uses(kStride)) add("sheet.stride", by(spec.stride));
  if (info.uses(kPadding) && spec.padding != Size2{0, 0}) add("sheet.padding", by(spec.padding));
  return words;
}

void draw_grid(Page& page, double x, double y, double cell, const Shape& shape) {
  const double thin = 1, thick = 3;
  for (int64_t row = 1; row < shape.h; ++row) {
    const double at = y + static_cast<double>(row) * cell;
    page.fill(x, at, x + static_cast<double>(shape.w) * cell, at + thin, kGrey);
  }
  for (int64_t column = 1; column < shape.w; ++column) {
    const double at = x + static_cast<double>(column) * cell;
    page.fill(at, y, at + thin, y + static_cast<double>(shape.h) * cell, kGrey);
  }
  page.frame(x, y, x + static_cast<double>(shape.w) * cell, y + static_cast<double>(shape.h) * cell, thick);
}

void draw_values(Page& page, double x, double y, double cell, const Tensor& values, Page::Weight weight) {
  for (int64_t row = 0; row < values.shape().h; ++row) {
    for (int64_t column = 0; column < values.shape().w; ++column) {
      const std::string number = format_short(values.at(0, 0, row, column), 3);
      const double size = std::min(cell * 0.46, cell * 1.5 / static_cast<double>(number.size()));
      page.text_centred(x + (static_cast<double>(column) + 0.5) * cell,
                        y + (static_cast<double>(row) + 0.5) * cell + size * 0.36, size, number, weight);
    }
  }
}

/// The numbers that were drawn, small in their cells: with them a draw can be done by hand.
void draw_draws(Page& page, double x, double y, double cell, const SheetExercise& exercise) {
  const int64_t columns = exercise.plan.out.w;
  for (size_t i = 0; i < exercise.draws.size(); ++i) {
    const auto row = static_cast<double>(static_cast<int64_t>(i) / columns);
    const auto column = static_cast<double>(static_cast<int64_t>(i) % columns);
    page.text(x + column * cell + cell * 0.08, y + row * cell + cell * 0.24, cell * 0.2,
              "u " + format_short(exercise.draws[i], 3), Page::Weight::regular, kGrey);
  }
}

void draw_exercise(const Sheet& sheet, const SheetExercise& exercise, size_t number, double x, double y,
                   double width, double height) {
  Page& page = sheet.page;
  page.text(x, y + 11 * kPoint, 10.5 * kPoint, heading(sheet, exercise, number), Page::Weight::bold);
  const Shape &in = exercise.plan.in, &out = exercise.plan.out;
  const double top = y + 20 * kPoint, gap = 12 * kMillimetre;
  const double cell = std::min({kLargestCell, (width - gap) / static_cast<double>(in.w + out.w),
                                (height - 30 * kPoint) / static_cast<double>(std::max(in.h, out.h))});
  const double input_h = static_cast<double>(in.h) * cell, output_h = static_cast<double>(out.h) * cell;
  const double out_x = x + static_cast<double>(in.w) * cell + gap, out_y = top + (input_h - output_h) / 2;
  draw_grid(page, x, top, cell, in);
  draw_values(page, x, top, cell, exercise.input, Page::Weight::regular);
  page.text_centred(out_x - gap / 2, top + input_h / 2 + 5 * kPoint, 16 * kPoint, "→");
  draw_grid(page, out_x, out_y, cell, out);
  draw_draws(page, out_x, out_y, cell, exercise);
  if (sheet.answers) draw_values(page, out_x, out_y, cell, exercise.output, Page::Weight::bold);
}

/// A word and a line to write on.
double draw_blank(Page& page, double x, double y, const std::string& word, double length) {
  x = page.text(x, y, 11 * kPoint, word) + 2 * kMillimetre;
  page.fill(x, y + 2, x + length, y + 4, 0);
  return x + length + 8 * kMillimetre;
}

void draw_page(const Sheet& sheet, const std::vector<SheetExercise>& exercises) {
  Page& page = sheet.page;
  const double left = kMargin, right = kWidth - kMargin;
  double y = kMargin + 16 * kPoint;
  page.text(left, y, 18 * kPoint, sheet.texts.get(sheet.answers ? "sheet.title_answers" : "sheet.title"),
            Page::Weight::bold);
  const std::string seed =
      sheet.texts.format(Message("sheet.seed").with("seed", std::to_string(sheet.request.seed)));
  page.text(right - page.text_width(10 * kPoint, seed), y, 10 * kPoint, seed, Page::Weight::regular, kGrey);
  y += 26 * kPoint;
  const double x = draw_blank(page, left, y, sheet.texts.get("sheet.name"), 80 * kMillimetre);
  draw_blank(page, x, y, sheet.texts.get("sheet.date"), 40 * kMillimetre);
  y += 22 * kPoint;
  page.text(left, y, 10 * kPoint, sheet.texts.get("sheet.task"));
  const bool drawn = std::any_of(exercises.begin(), exercises.end(),
                                 [](const SheetExercise& exercise) { return !exercise.draws.empty(); });
  if (drawn) page.text(left, y += 15 * kPoint, 10 * kPoint, sheet.texts.get("sheet.draws"));
  y += 20 * kPoint;
  const auto rows = static_cast<double>((exercises.size() + 1) / 2);
  const double bottom = kHeight - kMargin, gap = 10 * kMillimetre;
  const double width = (right - left - gap) / 2, height = (bottom - y) / std::max(rows, 3.0);
  for (size_t i = 0; i < exercises.size(); ++i)
    draw_exercise(sheet, exercises[i], i + 1, left + static_cast<double>(i % 2) * (width + gap),
                  y + static_cast<double>(i / 2) * height, width, height);
}

}  // namespace

Result<std::string> sheet_png(const SheetRequest& request, bool answers, const Texts& texts) {
  const Result<std::vector<SheetExercise>> exercises = make_sheet(request);
  if (!exercises.ok()) return exercises.error();
  Page page(kWidth, kHeight);
  if (!page.has_fonts(texts.language() == "zh")) return Error("cli.error.no_fonts");
  draw_page({page, texts, request, answers}, *exercises);
  return encode_png({kWidth, kHeight, 1, page.pixels()});
}

}  // namespace poolscope
