#include <algorithm>
#include <cmath>

#include "core/pooling/pool.h"
#include "core/study/compare.h"
#include "core/study/evidence_picture.h"
#include "core/study/evidence_run.h"

/// Claim 3: what is left of strokes, of stripes, and of the picture.
namespace poolscope {

namespace {

constexpr int64_t kTileWindows = 12;  ///< windows along a side of a drawn tile
constexpr int64_t kMostCrop = 48;
constexpr int64_t kMostStroke = 8, kMostPeriod = 16;

enum Pooling : size_t { kMax, kAverage, kMin, kPoolings };
constexpr Kind kKinds[] = {Kind::max, Kind::average, Kind::min};
constexpr const char* kNames[] = {"max", "average", "min"};

using Contrasts = std::array<double, kPoolings>;

Tensor pooled(Kind kind, const Tensor& tile, int64_t window) {
  const PoolPlan plan = sliding_plan(kind, window, window, tile.shape());
  Tensor out(plan.out);
  forward_into(plan, tile.data(), out.data(), {.threads = 1});
  return out;
}

/// A stroke of `width` columns (or rows) at a random place, 1 on 0 or 0 on 1.
Tensor draw_stroke(int64_t side, int64_t width, bool bright, Random& random) {
  Tensor tile({1, 1, side, side}, bright ? 0.0f : 1.0f);
  const bool along_rows = random.below(2) == 1;
  const int64_t first = random.below(side - width + 1);
  for (int64_t i = first; i < first + width; ++i)
    for (int64_t j = 0; j < side; ++j)
      (along_rows ? tile.at(0, 0, i, j) : tile.at(0, 0, j, i)) = bright ? 1.0f : 0.0f;
  return tile;
}

/// |y - ground| over the windows that hold some of the stroke.
Contrasts stroke_contrast(const Tensor& tile, int64_t window, bool bright) {
  const float ground = bright ? 0 : 1;
  const Tensor touched = pooled(bright ? Kind::max : Kind::min, tile, window);
  Contrasts left{};
  for (size_t p = 0; p < kPoolings; ++p) {
    const Tensor out = pooled(kKinds[p], tile, window);
    double sum = 0, count = 0;
    for (int64_t i = 0; i < out.count(); ++i) {
      if (touched.data()[i] == ground) continue;
      sum += std::fabs(out.data()[i] - ground);
      ++count;
    }
    left[p] = sum / count;
  }
  return left;
}

/// Spread of stripes after over that before; they begin anywhere within a period.
Contrasts stripe_contrast(int64_t period, int64_t window, Random& random) {
  const int64_t side = kTileWindows * window, phase = random.below(period);
  const Tensor pattern = stripe_pattern(1, side + period, static_cast<double>(period));
  Tensor tile({1, 1, side, side});
  for (int64_t y = 0; y < side; ++y)
    std::copy_n(pattern.data() + phase, side, &tile.at(0, 0, y, 0));
  const double before = spread_of(tile.values()).deviation;
  Contrasts left{};
  for (size_t p = 0; p < kPoolings; ++p)
    left[p] = spread_of(pooled(kKinds[p], tile, window).values()).deviation / before;
  return left;
}

/// What repeats measured, by pooling.
struct Rows {
  std::array<std::vector<double>, kPoolings> of;
  void keep(int64_t repeat, const Contrasts& one) {
    for (size_t p = 0; p < kPoolings; ++p)
      of[p][static_cast<size_t>(repeat)] = one[p];
  }
  explicit Rows(int64_t repeats) {
    for (std::vector<double>& row : of)
      row.resize(static_cast<size_t>(repeats));
  }
};

Rows strokes(EvidenceRun& run, uint64_t purpose, int64_t width, bool bright) {
  const int64_t window = run.request.whole("window");
  Rows rows(run.request.repeats);
  run.each(run.request.repeats, [&](int64_t r) {
    Random random(run.seed_for(purpose, r));
    rows.keep(r, stroke_contrast(draw_stroke(kTileWindows * window, width, bright, random), window, bright));
  });
  return rows;
}

Rows stripes(EvidenceRun& run, uint64_t purpose, int64_t period) {
  Rows rows(run.request.repeats);
  run.each(run.request.repeats, [&](int64_t r) {
    Random random(run.seed_for(purpose, r));
    rows.keep(r, stripe_contrast(period, run.request.whole("window"), random));
  });
  return rows;
}

/// Places of the picture: how far the mean moves, and which share of thin detail is left (NaN where a place
/// has none).
struct Places {
  Rows tone, bright, dark;
};

Places look_at_places(EvidenceRun& run, const GreyInput& input) {
  const int64_t window = run.request.whole("window"), repeats = run.request.repeats;
  const auto side = [&](int64_t whole) { return std::min(whole, kMostCrop) / window * window; };
  const int64_t h = side(input.height()), w = side(input.width());
  Places places{Rows(repeats), Rows(repeats), Rows(repeats)};
  run.each(repeats, [&](int64_t r) {
    Random random(run.seed_for(1, r));
    const int64_t row = random.below(input.height() - h + 1);
    const Tensor crop = input.crop(row, random.below(input.width() - w + 1), h, w);
    const Yardstick yardstick = make_yardstick(crop, 1);
    Contrasts tone{}, bright{}, dark{};
    for (size_t p = 0; p < kPoolings; ++p) {
      const CompareMetrics metrics = measure(yardstick, crop, pooled(kKinds[p], crop, window));
      tone[p] = std::fabs(metrics.mean - yardstick.mean);
      bright[p] = metrics.bright_kept;
      dark[p] = metrics.dark_kept;
    }
    places.tone.keep(r, tone);
    places.bright.keep(r, bright);
    places.dark.keep(r, dark);
  });
  return places;
}

/// The same without the repeats that had nothing to measure.
Rows without_nan(const Rows& rows) {
  Rows clean(0);
  for (size_t r = 0; r < rows.of[0].size(); ++r) {
    if (std::any_of(rows.of.begin(), rows.of.end(), [r](const auto& of) { return !std::isfinite(of[r]); }))
      continue;
    for (size_t p = 0; p < kPoolings; ++p)
      clean.of[p].push_back(rows.of[p][r]);
  }
  return clean;
}

/// Measures max, average and their difference; the difference's index. The first two are told the finding
/// where it asks for `name`.
size_t report(EvidenceRun& run, const std::string& quantity, const char* name, const Rows& rows,
              bool with_min = false) {
  for (const size_t p : {kMax, kAverage, kMin}) {
    if (p == kMin && !with_min) continue;
    const size_t at = run.measure(quantity, kNames[p], mean_of(rows.of[p]), Unit::share);
    if (name != nullptr && p != kMin) run.say(std::string(name) + "_" + kNames[p], at);
  }
  return run.measure(quantity, "difference", mean_difference(rows.of[kMax], rows.of[kAverage]), Unit::share);
}

EvidencePlot by_stroke(EvidenceRun& run) {
  EvidencePlot plot{"contrast-by-stroke", PlotForm::lines, Unit::count, Unit::share};
  plot.marker_x = run.request.value("stroke");
  for (const bool bright : {true, false}) {
    const std::string ending = bright ? "-bright" : "-dark";
    EvidenceSeries max{"max" + ending}, average{"average" + ending};
    for (int64_t width = 1; width <= kMostStroke; ++width) {
      const Rows rows = strokes(run, 100 + static_cast<uint64_t>(width * 2 + bright), width, bright);
      add_point(max, static_cast<double>(width), mean_of(rows.of[kMax]));
      add_point(average, static_cast<double>(width), mean_of(rows.of[kAverage]));
    }
    plot.series.push_back(max);
    plot.series.push_back(average);
  }
  return plot;
}

EvidencePlot by_period(EvidenceRun& run) {
  EvidencePlot plot{"contrast-by-period", PlotForm::lines, Unit::count, Unit::share};
  plot.marker_x = run.request.value("period");
  EvidenceSeries max{"max"}, average{"average"};
  for (int64_t period = 2; period <= kMostPeriod; ++period) {
    const Rows rows = stripes(run, 200 + static_cast<uint64_t>(period), period);
    add_point(max, static_cast<double>(period), mean_of(rows.of[kMax]));
    add_point(average, static_cast<double>(period), mean_of(rows.of[kAverage]));
  }
  plot.series = {max, average};
  return plot;
}

/// One stroke of either polarity, before and after.
void show_strokes(EvidenceRun& run) {
  const int64_t window = run.request.whole("window"), width = run.request.whole("stroke");
  for (const bool bright : {true, false}) {
    const std::string ending = bright ? "-bright" : "-dark";
    Random random(run.seed_for(bright ? 2 : 3, 0));
    const Tensor tile = draw_stroke(kTileWindows * window, width, bright, random);
    run.result.pictures.push_back({"before" + ending, std::make_shared<const Tensor>(tile)});
    for (const size_t p : {kMax, kAverage})
      run.result.pictures.push_back(
          {kNames[p] + ending, std::make_shared<const Tensor>(pooled(kKinds[p], tile, window))});
  }
}

}  // namespace

void run_texture(EvidenceRun& run) {
  const int64_t repeats = run.request.repeats;
  run.expect(repeats * (4 + 2 * kMostStroke + kMostPeriod - 1));
  const int64_t width = run.request.whole("stroke");
  const Rows bright = strokes(run, 2, width, true), dark = strokes(run, 3, width, false);
  const Rows striped = stripes(run, 4, run.request.whole("period"));
  const Places places = look_at_places(run, GreyInput(run.request));
  run.result.plots = {by_stroke(run), by_period(run)};
  if (run.cancelled()) return;
  show_strokes(run);

  const int64_t polarity = run.request.whole("polarity");
  const size_t of_bright = report(run, "bright-contrast", "bright", bright);
  const size_t of_dark = report(run, "dark-contrast", "dark", dark, true);
  const size_t of_stripes = report(run, "stripe-contrast", nullptr, striped);
  const size_t of_tone = report(run, "tone-shift", "tone", places.tone);
  if (const Rows thin = without_nan(places.bright); thin.of[0].size() > 1)
    report(run, "picture-bright", nullptr, thin);
  if (const Rows thin = without_nan(places.dark); thin.of[0].size() > 1)
    report(run, "picture-dark", nullptr, thin);
  if (polarity != 2) run.expect_that("bright", of_bright, Relation::above, 0);
  if (polarity != 1) run.expect_that("dark", of_dark, Relation::above, 0);
  run.expect_that("stripes", of_stripes, Relation::above, 0);
  // max - average of the distances: the tone moves further under max.
  run.expect_that("background", of_tone, Relation::above, 0);
  const Estimate& against = run.result.measurements[of_dark].estimate;
  run.result.prediction = against.low > 0 ? 1 : against.high < 0 ? 2 : 3;
  run.result.trials = repeats * (4 + 2 * kMostStroke + kMostPeriod - 1);
}

}  // namespace poolscope
