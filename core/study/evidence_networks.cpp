#include "core/study/evidence_networks.h"

#include <numeric>

#include "core/nn/engine.h"
#include "core/nn/evaluate.h"
#include "core/nn/optimizer.h"

namespace poolscope {

namespace {

/// Small batches and quick steps: few pictures must do.
TrainingRecipe sign_recipe(uint64_t seed, int64_t epochs) {
  TrainingRecipe recipe;
  recipe.epochs = epochs;
  recipe.batch = 16;
  recipe.rate = 3e-3;
  recipe.seed = seed;
  return recipe;
}

/// Trains in the calling thread; false where the run was cancelled. Counts one step for each epoch.
bool train(EvidenceRun& run, Engine& engine, const Samples& samples, const TrainingRecipe& recipe,
           std::vector<float>& parameters) {
  OptimizerState state = optimizer_state(engine.plan(), recipe);
  std::vector<Picture> pictures;
  std::vector<uint16_t> labels;
  int64_t step = 0;
  for (int64_t epoch = 0; epoch < recipe.epochs; ++epoch) {
    const std::vector<int64_t> order =
        shuffled(samples.count(), mix_bits(recipe.seed) + static_cast<uint64_t>(epoch));
    for (int64_t first = 0; first < samples.count(); first += recipe.batch, ++step) {
      if (run.cancelled()) return false;
      pictures.clear();
      labels.clear();
      for (int64_t i = first; i < std::min(samples.count(), first + recipe.batch); ++i) {
        const int64_t index = order[static_cast<size_t>(i)];
        pictures.push_back({samples.picture(index).data(), 0, 0});
        labels.push_back(samples.labels[static_cast<size_t>(index)]);
      }
      engine.train({pictures, labels}, step_numbers(recipe, step + 1, recipe.rate), recipe.seed, step,
                   parameters, state);
    }
    run.step();
  }
  return true;
}

/// Share of pictures with the same answer as before, when all are moved by `distance` in four ways.
double same_answers(Engine& engine, const std::vector<float>& parameters, uint64_t test_seed,
                    const SignStyle& style, const std::vector<uint16_t>& before, int64_t distance) {
  const std::array<std::array<int64_t, 2>, 4> ways = {
      {{-distance, 0}, {distance, 0}, {0, -distance}, {0, distance}}};
  int64_t same = 0;
  for (const auto& [dy, dx] : ways) {
    const Samples moved = draw_signs(kTestPictures, test_seed, style, dy, dx);
    const std::vector<uint16_t> after = evaluate(engine, parameters, moved).predicted;
    for (size_t i = 0; i < after.size(); ++i)
      same += after[i] == before[i] ? 1 : 0;
  }
  return static_cast<double>(same) / static_cast<double>(4 * kTestPictures);
}

}  // namespace

const char* network_name(NetworkKind kind) {
  constexpr const char* names[] = {"no-pooling", "strided", "average", "max", "stochastic", "global-average"};
  return names[static_cast<size_t>(kind)];
}

NetworkSpec sign_network(NetworkKind kind) {
  NetworkSpec spec{{1, 1, kSignSide, kSignSide}, {}};
  for (const int64_t channels : {8, 16}) {
    Conv2d convolution{channels, {3, 3}, {1, 1}, {1, 1}, true};
    if (kind == NetworkKind::strided) convolution.stride = {2, 2};
    spec.layers.insert(spec.layers.end(), {convolution, Relu{}});
    if (kind == NetworkKind::none || kind == NetworkKind::strided) continue;
    Pool pool;
    pool.spec.kind = kind == NetworkKind::average      ? Kind::average
                     : kind == NetworkKind::stochastic ? Kind::stochastic
                                                       : Kind::max;
    spec.layers.push_back(pool);
  }
  if (kind == NetworkKind::global_average)
    spec.layers.push_back(GlobalAverage{});
  else
    spec.layers.push_back(Flatten{});
  spec.layers.push_back(Dense{kSignClasses, true, 0});
  return spec;
}

int64_t network_steps(size_t kinds, const NetworkTraining& training) {
  return static_cast<int64_t>(kinds) * training.seeds * (training.epochs + 1);
}

std::vector<NetworkStudy> train_networks(EvidenceRun& run, const std::vector<NetworkKind>& kinds,
                                         const NetworkTraining& training) {
  const auto seeds = static_cast<size_t>(training.seeds);
  std::vector<NetworkStudy> studies;
  std::vector<NetworkPlan> plans;
  for (const NetworkKind kind : kinds) {
    plans.push_back(plan_network(sign_network(kind)).value());
    NetworkStudy study{
        kind, plans.back().parameters, std::vector<double>(seeds), std::vector<double>(seeds), {}};
    if (training.most_shift > 0)
      study.same_answers.assign(static_cast<size_t>(training.most_shift) + 1, std::vector<double>(seeds, 1));
    studies.push_back(study);
  }
  // Seed by seed, so that every thread gets some of each kind: they differ in how long they take.
  run.each(training.seeds * static_cast<int64_t>(kinds.size()), [&](int64_t job) {
    const auto seed = static_cast<size_t>(job) / kinds.size(), of = static_cast<size_t>(job) % kinds.size();
    const uint64_t train_seed = run.seed_for(301, static_cast<int64_t>(seed));
    const uint64_t test_seed = run.seed_for(302, static_cast<int64_t>(seed));
    const Samples pictures = draw_signs(training.pictures, train_seed, training.style);
    const TrainingRecipe recipe = sign_recipe(run.seed_for(303, static_cast<int64_t>(seed)), training.epochs);
    Engine engine(plans[of], 1, recipe.batch);
    std::vector<float> parameters = initial_parameters(plans[of], recipe.seed);
    if (!train(run, engine, pictures, recipe, parameters)) return;
    const Evaluation test =
        evaluate(engine, parameters, draw_signs(kTestPictures, test_seed, training.style));
    studies[of].train[seed] = evaluate(engine, parameters, pictures).score.accuracy;
    studies[of].test[seed] = test.score.accuracy;
    for (int64_t d = 1; d <= training.most_shift && !run.cancelled(); ++d)
      studies[of].same_answers[static_cast<size_t>(d)][seed] =
          same_answers(engine, parameters, test_seed, training.style, test.predicted, d);
  });
  return studies;
}

}  // namespace poolscope
