#include <doctest/doctest.h>

#include <cmath>

#include "app/model/model.h"
#include "app/model/predict.h"
#include "core/pooling/kinds.h"

using namespace poolscope;

namespace {

/// The textbook's matrix, pooled by one kind, at its first window.
struct Textbook : Model {
  explicit Textbook(Kind kind) {
    refresh();
    Document changed = document;
    changed.spec.kind = kind;
    apply_command(*this, command::Edit{changed, 0});
    apply_command(*this, command::Seek{0, false});
  }
};

void rest(Model& model) {
  for (int i = 0; i < 600 && model.session.playback.moving(); ++i)
    tick(model, 1.0 / 60);
}

/// Prediction on, and the clock at rest on the first hidden window.
void ask(Model& model) {
  apply_command(model, command::TogglePrediction{});
  rest(model);
}

}  // namespace

TEST_CASE("switching prediction on asks for the next window; off shows everything again") {
  Textbook model(Kind::max);
  CHECK_FALSE(question_open(model));
  ask(model);
  CHECK(model.session.playback.step() == 1);
  CHECK(question_open(model));
  apply_command(model, command::TogglePrediction{});
  CHECK_FALSE(question_open(model));
  // From the last window it begins again at the first.
  apply_command(model, command::Seek{3, false});
  ask(model);
  CHECK(model.session.playback.step() == 0);
  CHECK(question_open(model));
}

TEST_CASE("the engine's result is right for every kind, another number is not") {
  for (const KindInfo& info : all_kinds()) {
    CAPTURE(std::string(info.name));
    Textbook model(info.kind);
    for (int64_t step = 0; step < model.steps(); ++step) {
      apply_command(model, command::Seek{step, false});
      const StepRecord& record = model.record();
      if (info.kind != Kind::stochastic) CHECK(judge_value(model.plan(), record, record.result).right);
      CHECK_FALSE(judge_value(model.plan(), record, record.result + 1000).right);
      CHECK_FALSE(judge_value(model.plan(), record, NAN).right);
      if (!answered_by_cell(model.plan(), record)) continue;
      const Tap& winner = record.taps[static_cast<size_t>(record.winner)];
      const auto answer = judge_cell(model.plan(), record, winner.row, winner.column);
      REQUIRE(answer.has_value());
      if (info.kind != Kind::stochastic) CHECK(answer->right);
    }
  }
}

TEST_CASE("cells: equal values are equally right, others wrong, cells outside no answer") {
  Textbook model(Kind::max);
  Document document = model.document;
  document.spec.window = {4, 4};
  apply_command(model, command::Edit{document, 0});
  // The textbook's only 4 is at row 3, column 1.
  CHECK(judge_cell(model.plan(), model.record(), 3, 1)->right);
  CHECK_FALSE(judge_cell(model.plan(), model.record(), 0, 0)->right);
  CHECK_FALSE(judge_cell(model.plan(), model.record(), 4, 0).has_value());
  apply_command(model, command::SetCell{0, 0, 4});
  CHECK(judge_cell(model.plan(), model.record(), 0, 0)->right);
  CHECK(judge_cell(model.plan(), model.record(), 3, 1)->right);
}

TEST_CASE("of a draw the best chance is right, whatever was drawn") {
  Textbook model(Kind::stochastic);
  // 1 2 / 0 1: the 2 has the chance 2/4.
  for (uint64_t seed = 1; seed < 20; ++seed) {
    Document document = model.document;
    document.spec.seed = seed;
    apply_command(model, command::Edit{document, 0});
    CHECK(judge_cell(model.plan(), model.record(), 0, 1)->right);
    CHECK(judge_value(model.plan(), model.record(), 2).right);
    CHECK_FALSE(judge_cell(model.plan(), model.record(), 0, 0)->right);
    const WindowAnswer hopeless = *judge_cell(model.plan(), model.record(), 1, 0);
    CHECK_FALSE(hopeless.right);
    CHECK(verdict(model.plan(), model.record(), hopeless)->key == "predict.draw.none");
  }
}

TEST_CASE("means are right as exactly as one computes by hand; fractions are understood") {
  Textbook model(Kind::average);
  apply_command(model, command::Seek{1, false});
  CHECK(model.record().result == 1.5f);
  CHECK(judge_value(model.plan(), model.record(), *parse_guess("3/2")).right);
  CHECK_FALSE(judge_value(model.plan(), model.record(), 1.6).right);
  CHECK_FALSE(judge_value(model.plan(), model.record(), 2).right);
  CHECK(parse_guess(" -0.5 ") == -0.5);
  CHECK(parse_guess("+3") == 3);
  CHECK(parse_guess("1e3") == 1000);
  CHECK(std::isnan(*parse_guess("nan")));
  for (const char* wrong : {"", " ", "two", "1/0", "1/", "/2", "3 4", "+-3", "0x2"})
    CHECK_FALSE(parse_guess(wrong).has_value());
}

TEST_CASE("going on shows a hidden result first; a guess shows it at once; stepping back keeps the answers") {
  Textbook model(Kind::max);
  ask(model);
  apply_command(model, command::StepBy{1});
  rest(model);
  CHECK(model.session.playback.step() == 1);
  CHECK_FALSE(question_open(model));
  CHECK_FALSE(present_answer(model)->guessed);
  apply_command(model, command::StepBy{1});
  rest(model);
  CHECK(model.session.playback.step() == 2);
  CHECK(question_open(model));
  apply_command(model, command::GuessCell{3, 1});
  CHECK_FALSE(question_open(model));
  CHECK(present_answer(model)->right);
  apply_command(model, command::StepBy{-1});
  rest(model);
  CHECK_FALSE(question_open(model));
  CHECK(model.session.prediction.guesses == 1);
}

TEST_CASE("playing stops at the next hidden window, at every speed, and Space shows its result") {
  for (const double speed : {0.5, 1.0, 1000.0}) {
    Textbook model(Kind::max);
    ask(model);
    apply_command(model, command::SetSpeed{speed});
    for (int64_t step = 1; step < 4; ++step) {
      CHECK(question_open(model));
      CHECK(model.session.playback.step() == step);
      apply_command(model, command::PlayPause{});
      CHECK_FALSE(model.session.playback.playing);
      rest(model);
      CHECK_FALSE(question_open(model));
      apply_command(model, command::PlayPause{});
      rest(model);
    }
  }
}

TEST_CASE("another input, setting or number forgets the answers; undo asks again") {
  Textbook model(Kind::max);
  ask(model);
  apply_command(model, command::GuessValue{3});
  CHECK_FALSE(question_open(model));
  apply_command(model, command::SetCell{0, 3, 9});
  CHECK(question_open(model));
  apply_command(model, command::GuessValue{9});
  CHECK(present_answer(model)->right);
  apply_command(model, command::Undo{});
  CHECK(question_open(model));
}

TEST_CASE("nothing is hidden backwards, on pictures and in other labs") {
  Textbook model(Kind::max);
  ask(model);
  Document document = model.document;
  document.direction = Direction::backward;
  apply_command(model, command::Edit{document, 0});
  CHECK_FALSE(question_open(model));
  apply_command(model, command::Undo{});
  CHECK(question_open(model));
  apply_command(model, command::SetLab{"compare"});
  CHECK_FALSE(question_open(model));
  apply_command(model, command::SetLab{"window"});
  apply_command(model, command::OpenBuiltin{"digit"});
  CHECK_FALSE(question_open(model));
}

TEST_CASE("the question's arithmetic does not tell the result") {
  for (const KindInfo& info : all_kinds()) {
    CAPTURE(std::string(info.name));
    Textbook model(info.kind);
    int marks = 0;
    for (const FormulaSpan& span : question_formula(model.plan(), model.record())) {
      CHECK(span.role != FormulaRole::winner);
      marks += span.text == "?";
    }
    CHECK(marks == 1);
  }
}
