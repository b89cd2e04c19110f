#include <algorithm>
#include <cmath>

#include "app/model/atomic_file.h"
#include "app/model/model.h"
#include "app/model/network_data.h"
#include "app/model/network_runs.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

/// The values that go into a layer become the input of the Window lab, pooled as the layer does it.
void open_layer(Model& model, int64_t layer) {
  const std::shared_ptr<const ApplyRun>& run = model.network.apply.latest();
  if (!run || layer < 0 || layer >= static_cast<int64_t>(run->request.plan->layers.size())) return;
  Document document = model.document;
  document.input = {};
  document.input.tensor = run->values[static_cast<size_t>(layer)];
  document.input.network_layer = layer + 1;
  const LayerPlan& plan = run->request.plan->layers[static_cast<size_t>(layer)];
  if (plan.pool) {
    document.spec = plan.pool->spec;
    document.stride_linked = document.spec.stride == document.spec.window;
    document.rectangular = document.spec.window.h != document.spec.window.w;
  }
  document.batch = document.channel = 0;
  document.direction = Direction::forward;
  document.colormap = Colormap::viridis;
  apply_command(model, command::Edit{std::move(document), 0});
  apply_command(model, command::Seek{0, false});
  apply_command(model, command::SetLab{"window"});
}

void save_model(Model& model, const std::filesystem::path& path) {
  const NetworkRun* run = model.network.shown();
  if (run == nullptr || !run->weights()) return notify(model, Error("network.nothing_to_save"), true);
  const TrainedModel trained{run->plan->spec, *run->weights(), run->classes, data_in_words(*run)};
  if (const Status written = write_whole(path, encode_model(trained)); !written.ok())
    return notify(model, written.error(), true);
  notify(model, Message("network.saved").with("file", display_name(path)));
}

void save_runs(Model& model, const std::filesystem::path& path) {
  if (const Status written = write_whole(path, runs_as_csv(model.network.runs)); !written.ok())
    return notify(model, written.error(), true);
  notify(model, Message("network.saved").with("file", display_name(path)));
}

void open_model(Model& model, const std::filesystem::path& path) {
  Result<TrainedModel> read = read_model(path);
  if (!read) return notify(model, read.error(), true);
  model.network.add_model(std::move(*read), display_name(path));
  model.session.network_page = NetworkPage::apply;
  notify(model, Message("network.opened").with("file", display_name(path)));
}

void train(Model& model) {
  if (model.network.training()) return model.network.resume();
  model.network.start(model.document, false);
}

}  // namespace

void apply_network_order(Model& model, const command::Network& order) {
  NetworkWork& work = model.network;
  switch (order.order) {
    case NetworkOrder::train:
      return train(model);
    case NetworkOrder::pause:
      return work.pause();
    case NetworkOrder::stop:
      return work.stop();
    case NetworkOrder::step:
      if (!work.training() && !work.waits_for_data()) work.start(model.document, true);
      return work.step(std::max<int64_t>(1, order.number));
    case NetworkOrder::show_run:
      return work.show(order.number);
    case NetworkOrder::remove_run:
      return work.remove(order.number);
    case NetworkOrder::compare_kinds:
      return work.compare_kinds(model.document);
    case NetworkOrder::open_layer:
      return open_layer(model, order.number);
    case NetworkOrder::page:
      model.session.network_page = static_cast<NetworkPage>(std::clamp<int64_t>(order.number, 0, 4));
      return;
    case NetworkOrder::save_model:
      return save_model(model, order.path);
    case NetworkOrder::save_runs:
      return save_runs(model, order.path);
    case NetworkOrder::open_model:
      return open_model(model, order.path);
  }
}

bool poll_network(Model& model) {
  const bool changed = model.network.poll();
  for (const Message& error : model.network.take_errors())
    notify(model, error, true);
  for (const int64_t id : model.network.take_ended()) {
    if (model.session.lab == "network") continue;
    for (const NetworkRun& run : model.network.runs)
      if (run.id == id && !run.snapshot->epochs.empty() && !run.snapshot->error)
        notify(model, Message("network.ended")
                          .with("percent", format_percent(run.snapshot->epochs.back().test.accuracy)));
  }
  return changed;
}

}  // namespace poolscope
