#include <cstring>
#include <string>
#include <vector>

#include "app/application.h"
#include "app/cli/cli.h"
#include "app/labs/labs.h"
#include "app/platform/decode_job.h"
#include "app/platform/decode_worker.h"

int main(int argc, char** argv) {
  // Before anything else: as a decoding worker this process opens no window and reads no settings.
  if (argc > 1 && std::strcmp(argv[1], poolscope::kDecodeWorkerArgument) == 0)
    return poolscope::decode_worker_main(argc, argv);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  poolscope::CliHooks hooks;
  hooks.open_window = poolscope::run_window_application;
  hooks.labs = poolscope::lab_names();
  hooks.shot = poolscope::run_shot_application;
  hooks.render = poolscope::run_render_application;
  return poolscope::run_cli(arguments, hooks);
}
