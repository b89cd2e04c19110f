#include <doctest/doctest.h>

#include <toml++/toml.h>

#include <cmath>
#include <set>
#include <string>
#include <thread>

#include "core/data/builtin.h"
#include "core/study/evidence.h"
#include "core/study/signs.h"
#include "tests/common/thoroughness.h"

/// Every experiment finds an answer that is known in closed form, and its verdict turns where the data do.

using namespace poolscope;

namespace {

EvidenceResult run(const EvidenceRequest& request, int threads = 0) {
  EvidenceOptions options;
  options.threads = threads;
  Result<EvidenceResult> result = run_evidence(request, options);
  REQUIRE(result.ok());
  return std::move(*result);
}

const Measurement& measured(const EvidenceResult& result, std::string_view quantity, std::string_view of) {
  const Measurement* found = result.find(quantity, of);
  REQUIRE_MESSAGE(found != nullptr, quantity << " of " << of);
  return *found;
}

Answer answer(const EvidenceResult& result, std::string_view id) {
  for (const EvidenceCase& one : result.cases)
    if (one.id == id) return one.answer;
  FAIL("no case " << id);
  return Answer::unclear;
}

/// A request on a picture drawn cell by cell, values 0 to 1.
template <class Cell>
EvidenceRequest on_drawing(Claim claim, int64_t side, Cell cell) {
  Tensor picture({1, 1, side, side});
  for (int64_t y = 0; y < side; ++y)
    for (int64_t x = 0; x < side; ++x)
      picture.at(0, 0, y, x) = static_cast<float>(cell(y, x));
  EvidenceRequest request = normal_request(claim);
  request.input = std::make_shared<const Tensor>(std::move(picture));
  return request;
}

EvidenceRequest on_noise(Claim claim) {
  Random random(7);
  return on_drawing(claim, 240, [&](int64_t, int64_t) { return random.uniform(); });
}

EvidenceRequest on_scene(Claim claim, int64_t repeats) {
  EvidenceRequest request = normal_request(claim);
  request.input = make_builtin("scene");
  request.is_picture = true;
  if (claim_info(claim).repeats > 0) request.repeats = repeats;
  return request;
}

}  // namespace

TEST_CASE("evidence: noise pushes the maximum of n cells up by 1.03, 1.49 and 1.77 deviations") {
  EvidenceRequest request = on_scene(Claim::mean_shift, 50);
  request.set("surface", 1);
  const double expected[] = {1.0294, 1.4850, 1.7660};
  for (const int window : {2, 3, 4}) {
    request.set("window", window);
    const EvidenceResult result = run(request);
    CHECK(measured(result, "feature-error", "max").estimate.contains(expected[window - 2]));
    CHECK(measured(result, "feature-error", "average").estimate.contains(0));
  }
}

TEST_CASE(
    "evidence: averaging leaves the mean where the convolution put it; the verdict turns with the target") {
  EvidenceRequest request = on_scene(Claim::mean_shift, 50);
  const EvidenceResult mean = run(request);
  // The same to the rounding of floats, in every repeat.
  CHECK(measured(mean, "weight-shift", "average").estimate.value ==
        doctest::Approx(measured(mean, "weight-shift", "none").estimate.value).epsilon(1e-5));
  CHECK(answer(mean, "weights") == Answer::no);
  CHECK(answer(mean, "features") == Answer::no);
  CHECK(mean.verdict == Verdict::not_supported);
  CHECK(mean.prediction == 1);
  request.set("target", 1);
  const EvidenceResult peak = run(request);
  CHECK(answer(peak, "features") == Answer::yes);
  CHECK(peak.verdict == Verdict::only_if);
}

TEST_CASE("evidence: an average scatters by sigma / sqrt(N), a maximum by 0.70, 0.60 and 0.54 sigma") {
  EvidenceRequest request = on_scene(Claim::variance, 50);
  // One interval in twenty misses; with this seed none does.
  request.seed = 2;
  request.set("surface", 1);
  const double largest[] = {0.7012, 0.5978, 0.5411};
  for (const int window : {2, 3, 4}) {
    request.set("window", window);
    const EvidenceResult result = run(request);
    CHECK(measured(result, "deviation", "average").estimate.contains(1.0 / window));
    CHECK(measured(result, "deviation", "max").estimate.contains(largest[window - 2]));
    CHECK(measured(result, "effective-cells", "average").estimate.contains(window * window));
    CHECK(result.verdict == Verdict::supported);
    CHECK(result.prediction == 2);
  }
}

TEST_CASE("evidence: correlation leaves fewer cells that count, and none to gain where all errors are one") {
  EvidenceRequest request = on_scene(Claim::variance, 50);
  request.set("window", 3);
  request.set("correlation", 0.5);
  const EvidenceResult half = run(request);
  CHECK(measured(half, "deviation", "average").estimate.contains(std::sqrt(5.0 / 9)));
  CHECK(measured(half, "effective-cells", "average").estimate.contains(9.0 / 5));
  request.set("correlation", 1);
  const EvidenceResult one = run(request);
  CHECK(one.verdict == Verdict::not_supported);
  CHECK(measured(one, "effective-cells", "average").estimate.value == doctest::Approx(1).epsilon(1e-4));
}

TEST_CASE(
    "evidence: a thin stroke under max keeps all or nothing, under average 1/k; polarity turns the verdict") {
  EvidenceRequest request = on_scene(Claim::texture, 30);
  for (const int window : {2, 3, 4}) {
    request.set("window", window);
    const EvidenceResult result = run(request);
    CHECK(measured(result, "bright-contrast", "max").estimate.value == 1);
    CHECK(measured(result, "dark-contrast", "max").estimate.value == 0);
    CHECK(measured(result, "dark-contrast", "min").estimate.value == 1);
    for (const char* quantity : {"bright-contrast", "dark-contrast"})
      CHECK(measured(result, quantity, "average").estimate.value == doctest::Approx(1.0 / window));
    CHECK(result.verdict == Verdict::only_if);
    CHECK(result.prediction == 2);
  }
  request.set("window", 2);
  request.set("period", 6);
  request.set("polarity", 1);
  CHECK(run(request).verdict == Verdict::supported);
  request.set("polarity", 2);
  const EvidenceResult dark = run(request);
  CHECK(dark.verdict == Verdict::only_if);
  CHECK(answer(dark, "dark") == Answer::no);
}

TEST_CASE("evidence: stripes as fine as the window vanish under max and average") {
  EvidenceRequest request = on_scene(Claim::texture, 30);
  request.set("period", 2);
  const EvidenceResult result = run(request);
  for (const char* of : {"max", "average"})
    CHECK(measured(result, "stripe-contrast", of).estimate.value == doctest::Approx(0).scale(1));
  CHECK(answer(result, "stripes") == Answer::no);
}

TEST_CASE("evidence: of independent values (k - d) / (k + d) of the maxima survive a shift") {
  EvidenceRequest request = on_noise(Claim::shift);
  request.set("networks", 0);
  request.repeats = 60;
  for (const int window : {2, 3, 4}) {
    request.set("window", window);
    const Measurement one = measured(run(request), "unchanged", "max");
    CHECK(*one.theory == doctest::Approx((window - 1.0) / (window + 1)));
    CHECK(one.estimate.contains((window - 1.0) / (window + 1)));
  }
  request.set("distance", 2);
  CHECK(measured(run(request), "unchanged", "max").estimate.contains(1.0 / 3));
}

TEST_CASE("evidence: maxima absorb shifts of bright dots and not those of dark blots") {
  Random random(3);
  // Dots in blocks of 12 x 12, so that no two of them are ever in one window.
  std::vector<int64_t> at(400);
  for (int64_t& place : at)
    place = random.below(100);
  const auto distance = [&](int64_t y, int64_t x) {
    const int64_t place = at[static_cast<size_t>(y / 12 * 20 + x / 12)];
    return std::pair{y % 12 - place / 10, x % 12 - place % 10};
  };
  EvidenceRequest dots = on_drawing(Claim::shift, 240, [&](int64_t y, int64_t x) {
    return distance(y, x) == std::pair<int64_t, int64_t>{0, 0} ? 1 : 0;
  });
  dots.set("networks", 0);
  CHECK(run(dots).verdict == Verdict::supported);
  EvidenceRequest blots = on_drawing(Claim::shift, 240, [&](int64_t y, int64_t x) {
    const auto [dy, dx] = distance(y, x);
    return dy >= 0 && dy < 2 && dx >= 0 && dx < 2 ? 0 : 1;
  });
  blots.set("networks", 0);
  const EvidenceResult result = run(blots);
  CHECK(answer(result, "smaller") == Answer::no);
  CHECK(result.verdict == Verdict::only_if);
}

TEST_CASE("evidence: trained networks with pooling keep more of their answers than strided ones" *
          doctest::skip(kSanitized)) {
  EvidenceRequest request = on_scene(Claim::shift, 10);
  request.set("networks", 3);
  const EvidenceResult result = run(request);
  for (const char* of : {"strided", "average", "max", "global-average"}) {
    const double same = measured(result, "same-answer", of).estimate.value;
    CHECK((same >= 0 && same <= 1));
  }
  CHECK(measured(result, "accuracy", "max").estimate.value > 0.9);
  CHECK(answer(result, "answers") == Answer::yes);
}

TEST_CASE(
    "evidence: overlap reads cells (k / s) squared times, equal sizes once; dark strokes turn the verdict") {
  EvidenceRequest request = on_noise(Claim::window_stride);
  const EvidenceResult noise = run(request);
  CHECK(measured(noise, "reads", "as-set").estimate.value == doctest::Approx(2.25));
  CHECK(measured(noise, "reads-most", "as-set").estimate.value == 4);
  for (const char* of : {"equal-stride", "equal-window"}) {
    CHECK(measured(noise, "reads", of).estimate.value == 1);
    CHECK(measured(noise, "shared-winners", of).estimate.value == 0);
  }
  CHECK(measured(noise, "shared-winners", "as-set").estimate.value > 0.05);
  CHECK(measured(noise, "unchanged", "equal-window").estimate.contains(0.5));
  CHECK(noise.verdict == Verdict::only_if);
  // A dark stroke 3 wide always fills a window of 2, and one of 3 only at every second place.
  EvidenceRequest strokes =
      on_drawing(Claim::window_stride, 240, [](int64_t, int64_t x) { return x % 11 < 3 ? 0 : 1; });
  CHECK(run(strokes).verdict == Verdict::supported);
}

TEST_CASE("evidence: pooling helps where the position varies and hurts where it is fixed" *
          doctest::skip(kSanitized)) {
  EvidenceRequest request = normal_request(Claim::overfitting);
  request.set("pictures", 120);
  request.set("epochs", 10);
  const EvidenceResult varying = run(request);
  CHECK(measured(varying, "network-parameters", "no-pooling").estimate.value == 25830);
  for (const char* of : {"strided", "average", "max", "stochastic"})
    CHECK(measured(varying, "network-parameters", of).estimate.value == 2790);
  for (const char* of : {"no-pooling", "strided", "average", "max", "stochastic"})
    CHECK(measured(varying, "gap", of).estimate.value ==
          doctest::Approx(measured(varying, "train-accuracy", of).estimate.value -
                          measured(varying, "test-accuracy", of).estimate.value));
  CHECK(answer(varying, "test-max") == Answer::yes);
  CHECK(answer(varying, "gap-max") == Answer::yes);
  CHECK(varying.verdict != Verdict::not_supported);
  request.set("position", 1);
  const EvidenceResult fixed = run(request);
  CHECK(fixed.verdict == Verdict::not_supported);
  CHECK(fixed.prediction == 2);
}

TEST_CASE("evidence: signs depend on seed and index alone, and a shift moves them whole") {
  const SignStyle style;
  const Samples few = draw_signs(12, 5, style), many = draw_signs(40, 5, style);
  CHECK(std::equal(few.pixels.begin(), few.pixels.end(), many.pixels.begin()));
  CHECK(draw_signs(12, 6, style).pixels != few.pixels);
  const Samples moved = draw_signs(12, 5, style, 2, -1);
  for (int64_t y = 2; y < kSignSide; ++y)
    for (int64_t x = 0; x + 1 < kSignSide; ++x)
      CHECK(moved.pixels[static_cast<size_t>(y * kSignSide + x)] ==
            few.pixels[static_cast<size_t>((y - 2) * kSignSide + x + 1)]);
}

TEST_CASE("evidence: the same seed gives the same numbers on any number of threads, another seed others") {
  for (const ClaimInfo& info : all_claims()) {
    CAPTURE(info.id);
    EvidenceRequest request = on_scene(info.claim, info.least_repeats);
    if (info.claim == Claim::shift) request.set("networks", 1);
    if (info.claim == Claim::overfitting) {
      request.set("pictures", 60);
      request.set("epochs", 5);
    }
    const EvidenceResult one = run(request, 1), two = run(request, 3);
    CHECK(one.measurements == two.measurements);
    CHECK(one.cases == two.cases);
    CHECK(one.plots == two.plots);
    CHECK(evidence_csv(one) == evidence_csv(two));
    if (info.repeats == 0 || kSanitized) continue;
    request.seed = 2;
    CHECK(run(request).measurements != one.measurements);
  }
}

TEST_CASE("evidence: a run reports its progress to the end, and ends soon once it is cancelled") {
  for (const ClaimInfo& info : all_claims()) {
    CAPTURE(info.id);
    EvidenceRequest request = on_scene(info.claim, info.least_repeats);
    if (info.claim == Claim::shift) request.set("networks", 0);
    Progress progress;
    EvidenceOptions options;
    options.progress = &progress;
    if (info.claim != Claim::overfitting && info.repeats > 0) {
      REQUIRE(run_evidence(request, options).ok());
      CHECK(progress.done == progress.total);
    }
    progress.cancelled = true;
    const Result<EvidenceResult> ended = run_evidence(request, options);
    REQUIRE(!ended.ok());
    CHECK(ended.error().key == "evidence.error.cancelled");
  }
  // In the middle of a training that would take minutes.
  EvidenceRequest request = normal_request(Claim::overfitting);
  request.repeats = 50;
  Progress progress;
  EvidenceOptions options;
  options.progress = &progress;
  std::thread other([&] {
    while (progress.done < 1)
      std::this_thread::yield();
    progress.cancelled = true;
  });
  CHECK(!run_evidence(request, options).ok());
  other.join();
  CHECK(progress.done < progress.total);
}

TEST_CASE("evidence: the table has every setting, measurement, case and point") {
  EvidenceRequest request = on_scene(Claim::texture, 10);
  request.input_name = "a, \"b\"";
  const EvidenceResult result = run(request);
  const std::string table = evidence_csv(result);
  CHECK(table.starts_with("record,name,of,x,value,standard_error,low,high,n,formula\r\n"));
  CHECK(table.find("setting,input,,,\"a, \"\"b\"\"\",") != std::string::npos);
  CHECK(table.find("setting,polarity,,,both,") != std::string::npos);
  CHECK(table.find("setting,seed,,,1,") != std::string::npos);
  CHECK(table.find("result,verdict,,,only-if,") != std::string::npos);
  CHECK(table.find("case,dark,dark-contrast difference,above 0,no,") != std::string::npos);
  size_t points = 0, rows = 0;
  for (const EvidencePlot& plot : result.plots)
    for (const EvidenceSeries& series : plot.series)
      points += series.x.size();
  for (size_t at = table.find("\r\n"); at != std::string::npos; at = table.find("\r\n", at + 1))
    ++rows;
  // Header, claim, seed, repeats, input, its shape, four parameters, verdict, trials.
  CHECK(rows == 12 + result.measurements.size() + result.cases.size() + points);
}

TEST_CASE("evidence: numbers are written as their interval allows") {
  CHECK(format_estimate({0.11012, 0.0035, 0.1031, 0.1171, 200}, Unit::number) == "0.1101 ± 0.0070");
  CHECK(format_estimate({0.443, 0.01, 0.41, 0.476, 20}, Unit::share) == "44.3 ± 3.3 %");
  const double once[] = {0.43};
  CHECK(format_estimate(mean_of(once), Unit::share) == "43 % (n = 1)");
  CHECK(format_estimate(counted(25830), Unit::count) == "25 830");
  CHECK(format_estimate(counted(-117600), Unit::count) == "-117 600");
  CHECK(format_estimate({1e-9, 1e-10, 8e-10, 1.2e-9, 20}, Unit::share) == "0 %");
}

namespace {

void flatten(const toml::table& table, const std::string& prefix, std::set<std::string>& keys) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    if (const toml::table* inner = node.as_table())
      flatten(*inner, key + ".", keys);
    else
      keys.insert(key);
  }
}

std::vector<std::string> keys_of_claim(const ClaimInfo& info) {
  const std::string claim = "evidence." + std::string(info.id) + ".";
  std::vector<std::string> keys;
  for (const char* what : {"sentence", "short", "predict", "test", "others", "finding"})
    keys.push_back(claim + what);
  for (int i = 1; i <= info.predictions; ++i)
    keys.push_back(claim + "predict." + std::to_string(i));
  for (const ClaimSuggestion& next : info.suggestions)
    keys.push_back(claim + "try." + std::string(next.id));
  for (const ClaimParameter& parameter : info.parameters) {
    keys.push_back("evidence.parameter." + std::string(parameter.id));
    keys.push_back("evidence.parameter." + std::string(parameter.id) + ".hint");
    for (const std::string_view choice : parameter.choices)
      keys.push_back("evidence.choice." + std::string(choice));
  }
  return keys;
}

std::vector<std::string> keys_of_result(const EvidenceResult& result) {
  const std::string claim = "evidence." + std::string(claim_info(result.request.claim).id) + ".";
  std::vector<std::string> keys = {claim + "verdict." + std::string(verdict_name(result.verdict)),
                                   result.finding.key};
  for (const Measurement& one : result.measurements) {
    keys.push_back("evidence.quantity." + one.quantity);
    keys.push_back("evidence.of." + one.of);
  }
  for (const EvidenceCase& one : result.cases)
    keys.push_back(claim + "case." + one.id);
  for (const EvidencePlot& plot : result.plots) {
    for (const char* what : {"", ".x", ".y"})
      keys.push_back("evidence.plot." + plot.id + what);
    for (const EvidenceSeries& series : plot.series)
      keys.push_back("evidence.of." + series.of);
    for (const std::string& tick : plot.ticks)
      keys.push_back("evidence.of." + tick);
  }
  for (const EvidencePicture& picture : result.pictures)
    keys.push_back("evidence.picture." + picture.id);
  return keys;
}

}  // namespace

TEST_CASE("evidence: everything that a claim and its result name has its words in every language") {
  std::vector<std::string> keys;
  for (const ClaimInfo& info : all_claims()) {
    EvidenceRequest request = on_scene(info.claim, info.least_repeats);
    if (info.claim == Claim::shift) request.set("networks", 1);
    if (info.claim == Claim::overfitting) {
      request.set("pictures", 60);
      request.set("epochs", 5);
    }
    for (const std::string& key : keys_of_claim(info))
      keys.push_back(key);
    for (const std::string& key : keys_of_result(run(request)))
      keys.push_back(key);
  }
  for (const char* language : {"en", "zh"}) {
    std::set<std::string> known;
    flatten(toml::parse_file(std::string(POOLSCOPE_LANGUAGES) + "/" + language + "/evidence.toml"), "",
            known);
    for (const std::string& key : keys)
      CHECK_MESSAGE(known.contains(key), language << ": " << key);
  }
}

TEST_CASE("evidence: suggestions name a setting of their claim and a value that it allows") {
  for (const ClaimInfo& info : all_claims())
    for (const ClaimSuggestion& next : info.suggestions) {
      CAPTURE(next.id);
      EvidenceRequest request = on_scene(info.claim, info.repeats);
      request.set(next.parameter, next.value);
      CHECK(check_request(request).ok());
    }
}
