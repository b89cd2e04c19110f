// How long the thread of the window is busy with each frame, of a large picture in every lab. Drives the
// real Shell on a surface off screen: commands as panels post them, frames until nothing moves any more.
//   bench_fluent [PICTURE | SIDE [PARTS]]
// Without a picture it draws one of SIDE x SIDE (4096) itself. Parts: "window compare channels shift files".
#include <glad/gl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "app/model/png.h"
#include "app/platform/decode_job.h"
#include "app/platform/decode_worker.h"
#include "app/platform/offscreen.h"
#include "app/shell.h"
#include "core/base/random.h"

using namespace poolscope;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// What this thread has computed, whatever else the computer does meanwhile.
double thread_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// What this thread has waited for a processor while others had them. 0 where the system does not count it.
double waited_milliseconds() {
  std::FILE* file = std::fopen("/proc/thread-self/schedstat", "r");
  if (file == nullptr) return 0;
  long long ran = 0, waited = 0;
  const int read = std::fscanf(file, "%lld %lld", &ran, &waited);
  std::fclose(file);
  return read == 2 ? static_cast<double>(waited) / 1e6 : 0;
}

/// Measures what drawing costs apart from the rest of a frame: on a computer without a graphics card the
/// processor draws, and that is not what is asked for here.
class TimedSurface : public Surface {
 public:
  explicit TimedSurface(Surface& surface) : surface_(surface) {}
  int width() const override { return surface_.width(); }
  int height() const override { return surface_.height(); }
  float content_scale() const override { return surface_.content_scale(); }
  void upload_fonts() override { surface_.upload_fonts(); }
  bool begin_frame(double dt) override { return surface_.begin_frame(dt); }
  void end_frame() override {
    const double begin = thread_milliseconds(), waited = waited_milliseconds();
    const auto from = Clock::now();
    surface_.end_frame();
    glFinish();
    drawing_wall = milliseconds(Clock::now() - from);
    drawing_cpu = thread_milliseconds() - begin;
    drawing_waited = waited_milliseconds() - waited;
  }
  PixelImage read_pixels() override { return surface_.read_pixels(); }
  double drawing_wall = 0, drawing_cpu = 0, drawing_waited = 0;

 private:
  Surface& surface_;
};

struct Worst {
  double wall = 0, cpu = 0, busy = 0, drawing = 0;
  int frames = 0, over = 0;
};

class Bench {
 public:
  Bench(Shell& shell, TimedSurface& surface) : shell_(shell), surface_(surface) {}

  /// `act(i)` before frame i of `acts`, then frames until all is done; one line of the table.
  void run(const char* name, int acts, const std::function<void(int)>& act) {
    Worst worst;
    const auto begin = Clock::now();
    int quiet = 0;
    for (int i = 0; i < acts || quiet < 3; ++i) {
      if (i < acts) act(i);
      measure(worst);
      quiet = shell_.animating() ? 0 : quiet + 1;
      if (milliseconds(Clock::now() - begin) > 1000 * patience) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
    std::printf("| %-44s | %6d | %7.1f | %7.1f | %7.1f | %4d | %7.1f | %6.1f |\n", name, worst.frames,
                worst.wall, worst.busy, worst.cpu, worst.over, worst.drawing,
                milliseconds(Clock::now() - begin) / 1e3);
    std::fflush(stdout);
  }
  double patience = 60;

 private:
  void measure(Worst& worst) {
    surface_.drawing_wall = surface_.drawing_cpu = 0;
    surface_.drawing_waited = 0;
    const double begin = thread_milliseconds(), waited_before = waited_milliseconds();
    const auto from = Clock::now();
    shell_.frame(1.0 / 60, false);
    const double wall = milliseconds(Clock::now() - from) - surface_.drawing_wall;
    const double cpu = thread_milliseconds() - begin - surface_.drawing_cpu;
    const double waited = waited_milliseconds() - waited_before - surface_.drawing_waited;
    // What the frame would have taken on a computer with a processor to spare: computing, and blocked.
    const double busy = std::max(cpu, wall - waited);
    worst.busy = std::max(worst.busy, busy);
    worst.wall = std::max(worst.wall, wall);
    worst.cpu = std::max(worst.cpu, cpu);
    worst.drawing = std::max(worst.drawing, surface_.drawing_wall);
    ++worst.frames;
    worst.over += busy > 50;
  }

  Shell& shell_;
  TimedSurface& surface_;
};

/// Something like a photo: soft shapes, edges, and noise.
std::filesystem::path draw_picture(int side) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("bench_fluent_" + std::to_string(side) + ".png");
  if (std::filesystem::exists(file)) return file;
  std::vector<uint8_t> rgb(static_cast<size_t>(side) * static_cast<size_t>(side) * 3);
  Random random(7);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double u = static_cast<double>(x) / side, v = static_cast<double>(y) / side;
      for (int c = 0; c < 3; ++c) {
        const double wave = std::sin(9 * u + 2 * c) * std::cos(7 * v - c);
        const double edge = std::sin(60 * u * v + c) > 0 ? 30 : -30;
        const double value = 128 + 70 * wave + edge + 12 * random.uniform();
        rgb[(static_cast<size_t>(y) * static_cast<size_t>(side) + static_cast<size_t>(x)) * 3 +
            static_cast<size_t>(c)] = static_cast<uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  const std::string png = encode_png({side, side, 3, rgb});
  std::FILE* out = std::fopen(file.c_str(), "wb");
  if (out == nullptr || std::fwrite(png.data(), 1, png.size(), out) != png.size()) std::exit(1);
  std::fclose(out);
  return file;
}

/// The whole tour; `edit` changes the document as a panel does.
class Tour {
 public:
  Tour(Shell& shell, Bench& bench) : shell_(shell), bench_(bench) {}

  void window_lab() {
    bench_.run("window: next kinds", 5,
               [&](int i) { edit([i](Document& d) { d.spec.kind = kKinds[i % 5]; }); });
    bench_.run("window: dragging the window slider", 12, [&](int i) {
      edit([i](Document& d) { d.spec.window = d.spec.stride = {2 + i % 6, 2 + i % 6}; }, 1);
    });
    zoom("window: zooming in and out");
    bench_.run("window: playing", 90, [&](int i) {
      if (i == 0 || i == 89) shell_.outbox.post(command::PlayPause{});
    });
    bench_.run("window: backward", 1,
               [&](int) { edit([](Document& d) { d.direction = Direction::backward; }); });
    bench_.run("window: forward, one channel", 2, [&](int i) {
      edit([i](Document& d) {
        d.direction = Direction::forward;
        d.channel = i == 0 ? 1 : kColourChannels;
      });
    });
    bench_.run("window: undo and redo", 12, [&](int i) {
      shell_.outbox.post(i < 6 ? Command(command::Undo{}) : Command(command::Redo{}));
    });
  }

  void compare_lab() {
    lab("compare: opening", "compare");
    bench_.run("compare: kind of one column", 1,
               [&](int) { edit([](Document& d) { d.compare.columns[0].kind = Kind::l2; }); });
    bench_.run("compare: dragging the window slider", 12, [&](int i) {
      edit([i](Document& d) { d.spec.window = d.spec.stride = {2 + i % 4, 2 + i % 4}; }, 2);
    });
    zoom("compare: zooming in and out");
    bench_.run("compare: pooled three times", 1,
               [&](int) { edit([](Document& d) { d.compare.depth = 3; }); });
    bench_.run("compare: inverted", 2,
               [&](int i) { edit([i](Document& d) { d.compare.inverted = i == 0, d.compare.depth = 1; }); });
    bench_.run("compare: two steps", 1, [&](int) { edit([](Document& d) { d.compare.two_steps = true; }); });
    bench_.run("compare: difference to a column, one channel", 1, [&](int) {
      edit([](Document& d) { d.compare.reference = 1, d.channel = 0, d.compare.two_steps = false; });
    });
    bench_.run("compare: undo", 3, [&](int) { shell_.outbox.post(command::Undo{}); });
  }

  void channels_lab() {
    lab("channels: opening", "channels");
    bench_.run("channels: next kinds", 3,
               [&](int i) { edit([i](Document& d) { d.spec.kind = kKinds[i]; }); });
    zoom("channels: zooming in and out");
    bench_.run("channels: 64 feature maps", 1,
               [&](int) { edit([](Document& d) { d.channels.feature_maps = true, d.channels.maps = 64; }); });
    bench_.run("channels: next map", 8, [&](int i) { edit([i](Document& d) { d.channels.map = i; }); });
    bench_.run("channels: dragging the window slider", 12, [&](int i) {
      edit([i](Document& d) { d.spec.window = d.spec.stride = {2 + i % 4, 2 + i % 4}; }, 3);
    });
  }

  void shift_lab() {
    lab("shift: opening", "shift");
    bench_.run("shift: dragging the picture", 40, [&](int i) {
      shell_.outbox.post(command::SetShift{{i % 9 - 4, i % 17 - 8}});
    });
    bench_.run("shift: kind", 1, [&](int) { edit([](Document& d) { d.spec.kind = Kind::average; }); });
    bench_.run("shift: edges", 2, [&](int i) {
      edit([i](Document& d) { d.shift.edges = i == 0 ? ShiftEdges::zero : ShiftEdges::reveal; });
    });
    zoom("shift: zooming in and out");
    bench_.run("shift: playing", 60, [&](int i) {
      if (i == 0) shell_.outbox.post(command::PlayPause{});
      if (i == 59) shell_.outbox.post(command::PlayPause{});
    });
  }

  void files(const std::filesystem::path& folder) {
    lab("evidence: opening", "evidence");
    lab("window: again", "window");
    bench_.run("saving the study", 1,
               [&](int) { shell_.outbox.post(command::SaveStudyAs{folder / "bench.pool.json"}); });
    bench_.run("exporting a picture of the lab", 1, [&](int) {
      FilmRequest film;
      film.setup.format = FilmFormat::png_still;
      film.path = folder / "bench.png";
      shell_.outbox.post(command::StartExport{film});
    });
    bench_.run("exporting the output as numbers", 1, [&](int) {
      shell_.outbox.post(command::StartExport{CsvRequest{ExportMatrix::output, folder / "bench.csv", true}});
    });
    bench_.run("another picture", 1, [&](int) { shell_.outbox.post(command::OpenBuiltin{"scene"}); });
    bench_.run("back to the large one", 1, [&](int) { shell_.outbox.post(command::Undo{}); });
  }

 private:
  static constexpr Kind kKinds[] = {Kind::average, Kind::l2, Kind::stochastic, Kind::blur, Kind::max};

  void edit(const std::function<void(Document&)>& change, uint64_t gesture = 0) {
    Document document = shell_.model.document;
    change(document);
    shell_.outbox.post(command::Edit{std::move(document), gesture});
  }
  void lab(const char* name, const char* which) {
    bench_.run(name, 1, [&](int) { shell_.outbox.post(command::SetLab{which}); });
  }
  void zoom(const char* name) {
    const Shape& shape = shell_.model.document.shape();
    bench_.run(name, 60, [&](int i) {
      const double turn = i < 30 ? i : 59 - i;
      shell_.model.session.view = {static_cast<double>(shape.w) * 0.5 + 3 * i,
                                   static_cast<double>(shape.h) * 0.5, 0.15 * std::pow(1.2, turn)};
      if (i == 59) shell_.model.session.view = {};
    });
  }

  Shell& shell_;
  Bench& bench_;
};

}  // namespace

int main(int argc, char** argv) {
  // Pictures are decoded by this program in a process of its own, as by the real one.
  if (argc > 1 && std::strcmp(argv[1], kDecodeWorkerArgument) == 0) return decode_worker_main(argc, argv);
  const std::string wanted = argc > 1 ? argv[1] : "4096";
  const int side = std::atoi(wanted.c_str());
  const std::filesystem::path picture = side > 0 ? draw_picture(side) : std::filesystem::path(wanted);
  const Result<Paths> paths = find_paths();
  if (!paths.ok()) return 1;
  Result<Texts> texts = Texts::load(paths->assets, "en");
  auto memory = Offscreen::open(1440, 900);
  if (!texts.ok() || !memory.ok()) return 1;
  TimedSurface surface(**memory);
  auto shell = Shell::create(surface, *paths, std::move(*texts), [] {});
  if (!shell.ok()) return 1;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "bench_fluent";
  std::filesystem::create_directories(folder);
  (*shell)->keep_unsaved_in(folder / "unsaved");
  std::printf(
      "| what | frames | longest, ms | without waiting for a processor, ms | computing, ms | over 50 | "
      "drawing, ms | all, s |\n");
  std::printf("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  Bench bench(**shell, surface);
  bench.run("start", 5, [](int) {});
  bench.run("opening the picture", 1, [&](int) { (*shell)->open_file(picture); });
  Tour tour(**shell, bench);
  const std::string parts = argc > 2 ? argv[2] : "window compare channels shift files";
  const auto wants = [&](const char* part) { return parts.find(part) != std::string::npos; };
  if (wants("window")) tour.window_lab();
  if (wants("compare")) tour.compare_lab();
  if (wants("channels")) tour.channels_lab();
  if (wants("shift")) tour.shift_lab();
  if (wants("files")) tour.files(folder);
  return 0;
}
