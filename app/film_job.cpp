#include "app/film_job.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "app/export/caption.h"
#include "app/labs/export_frame.h"

namespace poolscope {

namespace {

// A band is rendered in a few milliseconds also by software.
constexpr int kBandPixels = 1 << 19;
// New panels need two frames until everything has its place.
constexpr int kSettlingLayouts = 3;

/// Help texts, files and the system are no part of a lab: their characters would be a third of all.
bool may_be_filmed(const std::string& key) {
  for (const char* elsewhere : {"cli.", "nn.cli.", "display.", "save.", "browser.", "gallery."})
    if (key.starts_with(elsewhere)) return false;
  return true;
}

int band_rows(int width) {
  return std::max(16, kBandPixels / width);
}

}  // namespace

FilmJob::FilmJob(Model& model, Texts texts, FilmRequest request)
    : model_(model),
      texts_(std::move(texts)),
      request_(std::move(request)),
      clock_before_(model.session.playback),
      session_(model.session),
      ui_(fonts_) {
  texts_.set_language(request_.setup.language);
  plan_ = plan_film(request_.setup, model.steps(), model.plan().out.w);
  caption_ = film_caption(model, texts_);
  session_.dialog = Dialog::none;
  session_.hovered.reset();
  session_.editing.reset();
  session_.prediction = {};
  session_.panels_hidden = false;
  session_.notices.clear();
  session_.opening.clear();
  model_.session.playback.playing = false;
}

FilmJob::~FilmJob() {
  if (font_baker_.joinable()) font_baker_.join();
  model_.session.playback = clock_before_;
  model_.refresh();
  if (framebuffer_ == nullptr) return;
  // Textures and programs go while their context is there.
  const Framebuffer::Turn turn(*framebuffer_);
  renderer_.reset();
}

Result<std::unique_ptr<FilmJob>> FilmJob::begin(Model& model, const Paths& paths, const Texts& texts,
                                                const FrameState& look, FilmRequest request, void (*wake)()) {
  std::unique_ptr<FilmJob> job(new FilmJob(model, texts, std::move(request)));
  const FilmSetup& setup = job->request_.setup;
  const int width = static_cast<int>(setup.size_px.w), height = static_cast<int>(setup.size_px.h);
  auto framebuffer = Framebuffer::create(width, height, band_rows(width));
  if (!framebuffer) return framebuffer.error();
  job->framebuffer_ = std::move(*framebuffer);
  job->bake_fonts(wake);
  auto renderer = gl::Renderer::create(paths.shaders);
  if (!renderer) return renderer.error();
  job->renderer_ = std::move(*renderer);
  if (wake != nullptr) job->renderer_->work_in_pieces(gl::kPieceBytes);
  job->state_ = look;
  job->state_.hide_timings = job->state_.filming = true;
  job->state_.left_drawer = job->state_.right_drawer = false;
  job->writer_ = std::make_unique<FilmWriter>(
      setup.format, job->request_.path, FilmFacts{width, height, job->caption_}, job->request_.replace, wake);
  return job;
}

void FilmJob::bake_fonts(void (*wake)()) {
  const FilmSetup& setup = request_.setup;
  fonts_.set_scale(static_cast<float>(setup.text_percent) / 100);
  fonts_.leave_out_floor();
  fonts_.need_glyphs(caption_);
  fonts_.need_glyphs(model_.document.input.name);
  for (const std::string& key : texts_.keys())
    if (may_be_filmed(key)) fonts_.need_glyphs(texts_.get(key));
  if (setup.whole_window)  // its bar names all languages
    for (const Language& language : texts_.languages())
      fonts_.need_glyphs(language.name);
  font_baker_ = std::thread([this, wake, &atlas = framebuffer_->font_atlas()] {
    fonts_.bake_apart(atlas);
    fonts_baked_ = true;
    fonts_baked_.notify_all();
    if (wake != nullptr) wake();
  });
}

/// An empty frame uploads them with everything else that its context needs, which is a piece of its own.
void FilmJob::use_fonts() {
  const Framebuffer::Turn turn(*framebuffer_);
  font_baker_.join();
  fonts_.use_baked();
  ui_.theme = request_.setup.theme == ThemeName::night ? &ui::night_theme() : &ui::paper_theme();
  ui::apply_style(*ui_.theme, fonts_.scale());
  framebuffer_->begin_frame(0);
  framebuffer_->close_frame();
}

void FilmJob::draw() {
  const Framebuffer::Turn turn(*framebuffer_);
  // The panels read the model: for as long as they draw, it shows the film.
  session_.playback = model_.session.playback;
  Settings settings = model_.settings;
  settings.theme = request_.setup.theme;
  settings.language = texts_.language();
  settings.text_percent = request_.setup.text_percent;
  std::swap(model_.session, session_);
  std::swap(model_.settings, settings);
  const double dt = 1 / plan_.fps;
  framebuffer_->begin_frame(dt);
  ui_.begin_frame(dt);
  renderer_->begin_frame();
  LabContext context{ui_, texts_, model_, ignored_, *renderer_, state_, model_.session};
  draw_film_frame(context, static_cast<float>(framebuffer_->width()),
                  static_cast<float>(framebuffer_->height()), request_.setup.whole_window, caption_);
  ui_.end_frame();
  framebuffer_->close_frame();
  std::swap(model_.settings, settings);
  std::swap(model_.session, session_);
  ignored_.take();
}

bool FilmJob::work() {
  if (writer_->done() || writer_->cancelled() || frame_ == plan_.frames) return false;
  if (!fonts_baked_) return false;
  if (font_baker_.joinable()) {
    use_fonts();
    return true;
  }
  if (band_ < 0) {
    model_.session.playback.position = model_.session.playback.goal = plan_.position(frame_);
    tick(model_, 0);
    if (model_.busy()) return false;
    draw();
    if (renderer_->pending()) return false;
    if (frame_ == 0 && ++layouts_ < kSettlingLayouts) return true;
    band_ = 0;
    picture_ = writer_->recycled();
    picture_.width = framebuffer_->width();
    picture_.height = framebuffer_->height();
    picture_.milliseconds = plan_.milliseconds(frame_);
  }
  if (band_ < framebuffer_->bands()) {
    const Framebuffer::Turn turn(*framebuffer_);
    framebuffer_->render_band(band_++, picture_.rgba);
  }
  if (band_ < framebuffer_->bands()) return true;
  if (!writer_->has_room()) return false;
  writer_->add(std::move(picture_));
  picture_ = {};
  band_ = -1;
  if (++frame_ == plan_.frames) writer_->end();
  return true;
}

void FilmJob::wait() {
  if (!fonts_baked_)
    fonts_baked_.wait(false);
  else if (model_.busy() && band_ < 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  else if (frame_ < plan_.frames && !writer_->cancelled())
    writer_->wait_for_room();
  else
    writer_->wait();
}

void FilmJob::cancel() {
  writer_->cancel();
}

}  // namespace poolscope
