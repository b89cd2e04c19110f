// The window's savers without a window, for test_faults.py. Each line on standard input, "WHAT FAULT AT
// FILE", asks of the program's frames what a person would, with a fault planted (faults.cpp); the answer is a
// line "saved" or "failed", as the program said.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "app/model/study_setups.h"
#include "app/platform/decode_job.h"
#include "app/platform/decode_worker.h"
#include "app/platform/offscreen.h"
#include "app/shell.h"

using namespace poolscope;

namespace {

/// Frames until nothing is on its way any more.
void settle(Shell& shell) {
  int quiet = 0;
  for (int frame = 0; frame < 5000 && quiet < 4; ++frame) {
    shell.model.finish_work();
    shell.frame(1.0 / 60, false);
    quiet = shell.animating() ? 0 : quiet + 1;
  }
}

void ask(Shell& shell, Command command) {
  shell.outbox.post(std::move(command));
  settle(shell);
}

void change_kind(Shell& shell, Kind kind) {
  Document document = shell.model.document;
  document.spec.kind = kind;
  ask(shell, command::Edit{std::move(document), 0});
}

void study(Shell& shell, const std::filesystem::path& file) {
  change_kind(shell, Kind::average);
  ask(shell, command::SaveStudyAs{file});
}

/// Two states, one after the other into the same file; a line is printed for each.
void unsaved(Shell& shell, const std::filesystem::path& folder) {
  shell.keep_unsaved_in(folder);
  for (const Kind kind : {Kind::average, Kind::min}) {
    change_kind(shell, kind);
    shell.frame(60, false);
    settle(shell);
  }
}

void log(Shell& shell, const std::filesystem::path& file) {
  for (int step = 0; step < 3; ++step)
    ask(shell, command::Seek{step, false});
  ask(shell, command::SaveLog{file});
}

void film(Shell& shell, const std::filesystem::path& file) {
  FilmRequest request;
  const std::string ending = file.extension().string();
  request.setup.format = ending == ".gif"    ? FilmFormat::gif
                         : ending == ".webp" ? FilmFormat::webp
                                             : FilmFormat::png_still;
  request.setup.size_px = {240, 320};
  request.setup.fps = 2;
  request.setup.seconds = 1;
  request.path = file;
  ask(shell, command::StartExport{request});
}

void numbers(Shell& shell, const std::filesystem::path& file) {
  ask(shell, command::StartExport{CsvRequest{ExportMatrix::output, file, true}});
}

void sheet(Shell& shell, const std::filesystem::path& file) {
  PracticeRequest request;
  request.sheet.seed = 7;
  request.sheet.count = 1;
  request.path = file;
  ask(shell, command::StartExport{request});
}

/// The network of "given.safetensors" beside it.
void open_network(Shell& shell, const std::filesystem::path& file) {
  ask(shell, command::SetLab{"network"});
  ask(shell, command::Network{NetworkOrder::open_model, 0, file.parent_path() / "given.safetensors"});
}

void network(Shell& shell, const std::filesystem::path& file) {
  open_network(shell, file);
  ask(shell, command::Network{NetworkOrder::save_model, 0, file});
}

void runs(Shell& shell, const std::filesystem::path& file) {
  open_network(shell, file);
  ask(shell, command::Network{NetworkOrder::save_runs, 0, file});
}

void evidence(Shell& shell, const std::filesystem::path& file) {
  Document document = shell.model.document;
  document.evidence.claim = Claim::parameters;
  ask(shell, command::Edit{std::move(document), 0});
  ask(shell, command::SetLab{"evidence"});
  ask(shell, command::SaveEvidence{file, file.extension() == ".png", true});
}

void settings(Shell& shell, const std::filesystem::path& file) {
  Settings settings = shell.model.settings;
  settings.text_percent = 150;
  if (const Status saved = save_settings(settings, file); !saved.ok())
    notify(shell.model, saved.error(), true);
  settle(shell);
}

const std::map<std::string, void (*)(Shell&, const std::filesystem::path&)> kSavers{
    {"study", study},       {"unsaved", unsaved}, {"log", log},   {"film", film},
    {"numbers", numbers},   {"network", network}, {"runs", runs}, {"evidence", evidence},
    {"settings", settings}, {"sheet", sheet}};

/// Does one line.
void save(Shell& shell, const std::string& line) {
  static int round = 0;
  std::istringstream words(line);
  std::string what, fault, at, file;
  words >> what >> fault >> at >> file;
  ::setenv("POOLSCOPE_FAULT", fault.c_str(), 1);
  ::setenv("POOLSCOPE_FAULT_AT", at.c_str(), 1);
  ::setenv("POOLSCOPE_FAULT_ROUND", std::to_string(++round).c_str(), 1);
  const int before = shell.errors_shown();
  kSavers.at(what)(shell, file);
  std::puts(shell.errors_shown() > before ? "failed" : "saved");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], kDecodeWorkerArgument) == 0) return decode_worker_main(argc, argv);
  const Result<Paths> paths = find_paths();
  auto surface = Offscreen::open(640, 480);
  if (!paths || !surface) return 3;
  auto shell = Shell::create(**surface, *paths, std::move(*Texts::load(paths->assets, "en")), nullptr);
  if (!shell) return 3;
  settle(**shell);
  std::string line;
  while (std::getline(std::cin, line))
    save(**shell, line);
  // At once: what is drawn beside, for the first time that it is needed, is not waited for.
  std::_Exit(0);
}
