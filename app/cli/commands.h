#pragma once

#include "app/cli/arguments.h"
#include "app/cli/cli.h"

namespace poolscope {

/// A command of the program. To add one: a row in all_commands() (run.cpp), a function that runs it, and the
/// texts "cli.<name>.about", ".usage" and ".notes" in every language.
struct Command {
  CommandInfo info;
  int (*run)(const Arguments&, const CliHooks&, const Voice&);
};

CommandInfo pool_command();
int run_pool(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo trace_command();
int run_trace(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo shot_command();
int run_shot(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo render_command();
int run_render(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo code_command();
int run_code(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo train_command();
int run_train(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo evaluate_command();
int run_evaluate(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo predict_command();
int run_predict(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo evidence_command();
int run_evidence(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo sheet_command();
int run_sheet(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo bench_command();
int run_bench(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

CommandInfo shift_command();
int run_shift(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

/// Without a command: the window.
CommandInfo window_command();
int run_window(const Arguments& arguments, const CliHooks& hooks, const Voice& voice);

}  // namespace poolscope
