// poolscope sheet: a page of exercises to print, the same for everybody who has the seed.

#include <string>

#include "app/cli/commands.h"
#include "app/cli/outputs.h"
#include "app/cli/pool_options.h"
#include "app/cli/sheet_page.h"
#include "app/model/atomic_file.h"

namespace poolscope {

namespace {

Result<SheetRequest> read_sheet(const Arguments& arguments) {
  SheetRequest request;
  const Result<PoolSpec> spec = parse_pool_options(arguments);
  if (!spec.ok()) return spec.error();
  if (arguments.has("seed")) request.seed = spec->seed;
  if (arguments.has("kind")) request.kind = spec->kind;
  // Anything but the kind and the seed lays the windows.
  for (const OptionInfo& option : pool_options())
    if (option.name != "seed" && option.name != "kind" && arguments.has(option.name)) request.spec = *spec;
  if (const std::string* count = arguments.find("count")) {
    const Result<int64_t> number = to_integer("--count", *count, 1, kMostExercises);
    if (!number.ok()) return number.error();
    request.count = *number;
  }
  return request;
}

}  // namespace

CommandInfo sheet_command() {
  CommandInfo command{"sheet", {}, {{"kinds", kind_lines()}}};
  command.options.insert(command.options.end(), pool_options().begin(), pool_options().end());
  command.options.insert(command.options.end(), {{"count", "N", "sheet"},
                                                 {"answers", "", "sheet"},
                                                 {"output", "OUT.png", "output", "-o"},
                                                 {"lang", "LANG", "general"},
                                                 {"help", "", "general", "-h"}});
  return command;
}

int run_sheet(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const std::string* output = arguments.find("output");
  if (output == nullptr) return voice.bad_argument(Error("cli.error.no_sheet_output"));
  const Result<OutputFormat> format = output_format("--output", *output);
  if (!format.ok() || *format != OutputFormat::png)
    return voice.bad_argument(Error("cli.error.png_only").with("value", *output));
  const Result<SheetRequest> request = read_sheet(arguments);
  if (!request.ok()) return voice.bad_argument(request.error());
  if (const auto exercises = make_sheet(*request); !exercises.ok())
    return voice.bad_argument(exercises.error());
  const Result<std::string> png = sheet_png(*request, arguments.has("answers"), voice.texts());
  if (!png.ok()) return voice.failed(png.error());
  if (Status written = write_whole(*output, *png); !written.ok()) return voice.failed(written.error());
  return kExitDone;
}

}  // namespace poolscope
