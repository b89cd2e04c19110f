#include "app/exporter.h"

#include <chrono>
#include <span>
#include <utility>

#include "app/cli/sheet_page.h"
#include "app/export/film.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

constexpr double kPieceSeconds = 0.025;

/// "120 kB": as file managers count.
std::string size_text(int64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  if (bytes < 1000000) return format_short(static_cast<double>(bytes) / 1e3, 3) + " kB";
  return format_short(static_cast<double>(bytes) / 1e6, 3) + " MB";
}

}  // namespace

void Exporter::take_orders(Model& model, const Texts& texts, const FrameState& look) {
  if (std::exchange(model.wants_cancel_export, false)) {
    if (film_) film_->cancel();
    if (csv_) csv_->cancel();
  }
  if (auto request = std::exchange(model.wants_export, std::nullopt); request && !busy())
    begin(model, texts, look, std::move(*request));
}

void Exporter::begin(Model& model, const Texts& texts, const FrameState& look, ExportRequest request) {
  if (auto* csv = std::get_if<CsvRequest>(&request)) {
    path_ = displayable(csv->path.string());
    csv_ = std::make_unique<CsvJob>(*csv, model.plan(), model.document.input.tensor, wake_);
    model.session.exporting = ExportProgress{};
    return;
  }
  if (const auto* practice = std::get_if<PracticeRequest>(&request)) {
    begin_page(texts, *practice);
    model.session.exporting = ExportProgress{};
    return;
  }
  FilmRequest& film = std::get<FilmRequest>(request);
  path_ = displayable(film.path.string());
  auto job = FilmJob::begin(model, paths, texts, look, std::move(film), wake_);
  if (!job) return notify(model, job.error(), true);
  film_ = std::move(*job);
  model.session.exporting = ExportProgress{0, film_->plan().frames};
}

void Exporter::begin_page(const Texts& texts, const PracticeRequest& request) {
  path_ = displayable(request.path.string());
  // Texts of its own: they are not for several threads at once.
  page_ = std::async(std::launch::async, [texts, request, wake = wake_]() -> Result<int64_t> {
    Result<std::string> png = sheet_png(request.sheet, request.answers, texts);
    Status status = png.ok() ? Status() : Status(png.error());
    const int64_t bytes = png.ok() ? static_cast<int64_t>(png->size()) : 0;
    if (status.ok()) {
      const EncodedFile file{request.path, std::move(*png)};
      status = write_files(std::span(&file, 1), request.replace);
    }
    if (wake != nullptr) wake();
    if (!status.ok()) return status.error();
    return bytes;
  });
}

void Exporter::work(Model& model) {
  if (page_.valid() && page_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    const Result<int64_t> bytes = page_.get();
    return finish(model, false, bytes.ok() ? Status() : Status(bytes.error()), bytes.ok() ? *bytes : 0);
  }
  if (film_) {
    const double begin = clock_.now_seconds();
    while (clock_.now_seconds() - begin < kPieceSeconds && film_->work()) {
    }
    model.session.exporting = ExportProgress{film_->frames_done(), film_->plan().frames};
    if (!film_->done()) return;
    const bool cancelled = film_->writer().cancelled() && film_->writer().bytes() == 0;
    const Status status = film_->writer().status();
    const int64_t bytes = film_->writer().bytes();
    film_.reset();
    finish(model, cancelled, status, bytes);
  } else if (csv_ && csv_->done()) {
    const Status status = csv_->status();
    const bool cancelled = csv_->cancelled() && csv_->bytes() == 0;
    const int64_t bytes = csv_->bytes();
    csv_.reset();
    finish(model, cancelled, status, bytes);
  }
}

void Exporter::finish(Model& model, bool cancelled, const Status& status, int64_t bytes) {
  model.session.exporting.reset();
  if (cancelled) return notify(model, Message("export.cancelled").with("path", path_));
  if (!status.ok()) return notify(model, status.error(), true);
  notify(model, Message("export.written").with("path", path_).with("size", size_text(bytes)));
  if (model.session.dialog == Dialog::take_away) model.session.dialog = Dialog::none;
}

}  // namespace poolscope
