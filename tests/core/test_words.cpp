#include <doctest/doctest.h>

#include <toml++/toml.h>

#include <set>
#include <string>

#include "core/pooling/dialects.h"
#include "core/pooling/formula.h"
#include "core/pooling/kinds.h"
#include "tests/core/random_spec.h"

/// Every kind has its words in every language, whatever its windows hold.

using namespace poolscope;

namespace {

toml::table texts(const std::string& language) {
  return toml::parse_file(std::string(POOLSCOPE_LANGUAGES) + "/" + language + "/engine.toml");
}

/// "kind.max.hint" as tables write it: [kind] and "max.hint", or deeper tables.
std::string find(const toml::table& table, const std::string& key) {
  for (size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', dot + 1))
    if (const toml::table* inner = table[key.substr(0, dot)].as_table())
      if (std::string text = find(*inner, key.substr(dot + 1)); !text.empty()) return text;
  return table[key].value_or(std::string());
}

/// Placeholders of a text that the message does not fill.
std::string unfilled(const std::string& text, const Message& message) {
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const size_t begin = text[open + 1] == '@' ? open + 2 : open + 1;
    const std::string name = text.substr(begin, text.find('}', begin) - begin);
    bool filled = false;
    for (const Arg& arg : message.args)
      filled = filled || arg.name == name;
    if (!filled) return name;
  }
  return "";
}

float some_value(Random& random) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const float odd[] = {std::numeric_limits<float>::quiet_NaN(), kInf, -kInf, 0, -1};
  return random.below(6) == 0 ? odd[random.below(5)] : static_cast<float>(random.below(64)) / 8;
}

}  // namespace

TEST_CASE("kinds and dialects have names and hints in every language") {
  for (const char* language : {"en", "zh"}) {
    const toml::table table = texts(language);
    for (const KindInfo& info : all_kinds()) {
      CAPTURE(info.name);
      CHECK(!find(table, "kind." + std::string(info.name)).empty());
      CHECK(!find(table, "kind." + std::string(info.name) + ".hint").empty());
    }
    for (const DialectInfo& info : all_dialects()) {
      CAPTURE(info.name);
      CHECK(!find(table, "dialect." + std::string(info.name)).empty());
      CHECK(!find(table, "dialect." + std::string(info.name) + ".hint").empty());
    }
  }
}

TEST_CASE("every step of every kind can be told, and every refusal explained") {
  const toml::table english = texts("en"), chinese = texts("zh");
  std::set<std::string> said, refused;
  const auto check = [&](const Message& message) {
    CAPTURE(message.key);
    const std::string en = find(english, message.key), zh = find(chinese, message.key);
    CHECK(!en.empty());
    CHECK(!zh.empty());
    CHECK(unfilled(en, message) == "");
    CHECK(unfilled(zh, message) == "");
  };
  for (const KindInfo& info : all_kinds()) {
    CAPTURE(info.name);
    Random random(5 + static_cast<uint64_t>(info.kind));
    for (int round = 0; round < 400; ++round) {
      const PoolSpec spec = random_spec(random, info);
      const Shape shape{1, 1, between(random, 1, 7), between(random, 1, 7)};
      const Result<PoolPlan> plan = validate(spec, shape);
      if (!plan.ok()) {
        if (refused.insert(plan.error().key).second) check(plan.error());
        continue;
      }
      Tensor input(shape);
      for (float& value : input.values())
        value = some_value(random);
      const StepRecord step = step_at(*plan, input, 0, 0, random.below(plan->steps_per_plane()));
      const Message message = narrate(*plan, step);
      if (said.insert(message.key).second) check(message);
      if (said.insert(locate(*plan, step).key).second) check(locate(*plan, step));
      const std::string text = formula_text(*plan, step);
      CHECK(text.find(format_value(step.result)) != std::string::npos);
      int results = 0;
      for (const FormulaSpan& span : formula(*plan, step)) {
        results += span.role == FormulaRole::result;
        const bool known = span.tap < static_cast<int>(step.taps.size());
        CHECK(known);
        if (span.role == FormulaRole::winner && step.winner >= 0) CHECK(span.tap == step.winner);
        if (known && span.tap >= 0) CHECK(step.taps[static_cast<size_t>(span.tap)].inside);
      }
      CHECK(results == (info.kind == Kind::stochastic ? 0 : 1));
    }
  }
  MESSAGE(said.size(), " sentences, ", refused.size(), " refusals");
  CHECK(said.size() > 40);
  CHECK(refused.size() > 10);
}

TEST_CASE("formulas of every kind") {
  const Tensor input = Tensor::matrix({{1, 2}, {3, 6}});
  const auto text = [&](const PoolSpec& spec) {
    const PoolPlan plan = validate(spec, input.shape()).value();
    return formula_text(plan, step_at(plan, input, 0, 0, 0));
  };
  CHECK(text({.kind = Kind::lp, .norm = 3}) == "(1^3 + 2^3 + 3^3 + 6^3)^(1/3) = 6.316");
  CHECK(text({.kind = Kind::lp, .norm = 1, .normalise = Normalise::mean, .dialect = Dialect::onnx}) ==
        "((|1|^1 + |2|^1 + |3|^1 + |6|^1) / 4)^(1/1) = 3");
  CHECK(text({.kind = Kind::l2, .normalise = Normalise::mean}) == "√((1² + 2² + 3² + 6²) / 4) = 3.536");
  CHECK(text({.kind = Kind::log_sum_exp}) == "log((e^1 + e^2 + e^3 + e^6) / 4) = 4.686");
  CHECK(text({.kind = Kind::log_sum_exp, .sharpness = 2}) ==
        "log((e^(2·1) + e^(2·2) + e^(2·3) + e^(2·6)) / 4) / 2 = 5.308");
  CHECK(text({.kind = Kind::softpool}) == "0.00627 · 1 + 0.017 · 2 + 0.0463 · 3 + 0.93 · 6 = 5.762");
  CHECK(text({.kind = Kind::mixed, .mix = 0.25}) == "0.25 · 6 + 0.75 · 3 = 3.75");
  CHECK(text({.kind = Kind::blur, .taps = 3}) == "0.25 · 1 + 0.25 · 2 + 0.25 · 3 + 0.25 · 6 = 3");
  CHECK(text({.kind = Kind::global_max}) == "max( 1, 2, 3, 6 ) = 6");
  CHECK(text({.kind = Kind::aps}) == "x[1, 1] = 6");
}
