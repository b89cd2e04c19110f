#include "app/gl/picture.h"

#include <glad/gl.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "app/gl/pyramid_worker.h"
#include "app/gl/texture.h"
#include "app/gl/thumbnail.h"
#include "app/gl/tiled_texture.h"

namespace poolscope::gl {

namespace {
// Means of a picture of so many values are found in a millisecond or two.
constexpr int64_t kSmallValues = 2'000'000;
// What is not seen any more stays on the card as long as there is no more than this of it.
constexpr int64_t kMostBytes = int64_t{640} << 20;
}  // namespace

struct Renderer::State {
  struct Program {
    unsigned id = 0;
    std::map<std::string, int> places;
    int place(const std::string& name) {
      const auto [entry, is_new] = places.try_emplace(name, -1);
      if (is_new) entry->second = glGetUniformLocation(id, name.c_str());
      return entry->second;
    }
  } program;
  unsigned vertex_array = 0, maps = 0;
  int tile_limit = 0;

  /// One tile of one picture, kept until the frame was rendered.
  struct Call {
    State* state;
    PictureView view;
    Tile tile;
    int64_t width, height;
  };
  std::deque<Call> calls;

  struct Picture {
    std::weak_ptr<const Tensor> owner;
    std::unique_ptr<TiledTexture> texture;
    PyramidWorker::Order order;
    bool failed = false;
  };
  std::map<std::pair<const Tensor*, int64_t>, Picture> pictures;

  int64_t bytes_per_frame = 0;  ///< 0: all at once
  UploadBudget budget{std::numeric_limits<int64_t>::max()};
  uint64_t frame = 1;
  bool complete = true;  ///< of this frame
  /// What this and the last frame showed: it stays on the screen until what follows it is ready.
  std::vector<PictureView> shown, shown_before;
  PyramidWorker pyramids;  // ends before what it works for
  struct Small {
    std::weak_ptr<const Tensor> owner;
    ColorTexture texture;
  };
  std::map<std::pair<const Tensor*, int>, Small> thumbnails;

  ~State() {
    pictures.clear();
    thumbnails.clear();
    if (program.id) glDeleteProgram(program.id);
    if (vertex_array) glDeleteVertexArrays(1, &vertex_array);
    if (maps) glDeleteTextures(1, &maps);
  }
};

namespace {

Result<std::string> read_shader(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in || text.str().empty()) return Error("display.shader_missing").with("file", file.string());
  return text.str();
}

Result<unsigned> compile(GLenum kind, const std::filesystem::path& file) {
  Result<std::string> source = read_shader(file);
  if (!source) return source.error();
  // The version is not in the file: the browser needs another one.
  const char* parts[] = {"#version 330 core\n", source->c_str()};
  const unsigned shader = glCreateShader(kind);
  glShaderSource(shader, 2, parts, nullptr);
  glCompileShader(shader);
  GLint good = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
  if (good) return shader;
  char log[512] = "";
  glGetShaderInfoLog(shader, sizeof log, nullptr, log);
  glDeleteShader(shader);
  return Error("display.shader_broken").with("file", file.string()).with("reason", log);
}

Result<unsigned> link(const std::filesystem::path& folder) {
  Result<unsigned> vertex = compile(GL_VERTEX_SHADER, folder / "picture.vert");
  if (!vertex) return vertex.error();
  Result<unsigned> fragment = compile(GL_FRAGMENT_SHADER, folder / "picture.frag");
  if (!fragment) {
    glDeleteShader(*vertex);
    return fragment.error();
  }
  const unsigned program = glCreateProgram();
  glAttachShader(program, *vertex);
  glAttachShader(program, *fragment);
  glLinkProgram(program);
  glDeleteShader(*vertex);
  glDeleteShader(*fragment);
  GLint good = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &good);
  if (good) return program;
  char log[512] = "";
  glGetProgramInfoLog(program, sizeof log, nullptr, log);
  glDeleteProgram(program);
  return Error("display.shader_broken").with("file", (folder / "picture.*").string()).with("reason", log);
}

/// All colour maps in one texture, a row each: what the shader and colormap_at share.
unsigned make_maps() {
  std::vector<uint8_t> rgba;
  for (int m = 0; m < kColormapCount; ++m) {
    for (const Rgb8 c : colormap_table(static_cast<Colormap>(m)))
      rgba.insert(rgba.end(), {c.r, c.g, c.b, 255});
  }
  unsigned id = 0;
  glGenTextures(1, &id);
  glBindTexture(GL_TEXTURE_2D, id);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, kColormapSize, kColormapCount, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               rgba.data());
  glBindTexture(GL_TEXTURE_2D, 0);
  return id;
}

struct Rgba {
  float v[4];
};
Rgba unpack(PackedColor c) {
  const auto part = [c](int shift) { return static_cast<float>((c >> shift) & 255) / 255.0f; };
  return {{part(0), part(8), part(16), part(24)}};
}

/// Clips like Dear ImGui's backend does for its own triangles. False when nothing is left.
bool set_scissor(const ImDrawCmd& command) {
  const ImDrawData& data = *ImGui::GetDrawData();
  const ImVec2 scale = data.FramebufferScale;
  const float height = data.DisplaySize.y * scale.y;
  const float x0 = std::max(0.0f, (command.ClipRect.x - data.DisplayPos.x) * scale.x);
  const float y0 = std::max(0.0f, (command.ClipRect.y - data.DisplayPos.y) * scale.y);
  const float x1 = (command.ClipRect.z - data.DisplayPos.x) * scale.x;
  const float y1 = (command.ClipRect.w - data.DisplayPos.y) * scale.y;
  if (x1 <= x0 || y1 <= y0) return false;
  glEnable(GL_SCISSOR_TEST);
  glScissor(static_cast<int>(x0), static_cast<int>(height - y1), static_cast<int>(x1 - x0),
            static_cast<int>(y1 - y0));
  return true;
}

/// The lines between cells fade in from 8 pixels a cell to 16.
float grid_strength(const PictureView& v) {
  const double px =
      std::min((v.screen_x1 - v.screen_x0) / (v.x1 - v.x0), (v.screen_y1 - v.screen_y0) / (v.y1 - v.y0));
  return v.grid ? static_cast<float>(std::clamp((px - 8) / 8, 0.0, 1.0)) : 0.0f;
}

void set_place(Renderer::State::Program& p, const PictureView& v) {
  const ImDrawData& data = *ImGui::GetDrawData();
  const auto f = [](double x) { return static_cast<float>(x); };
  glUniform4f(p.place("u_screen"), v.screen_x0, v.screen_y0, v.screen_x1, v.screen_y1);
  glUniform4f(p.place("u_display"), data.DisplayPos.x, data.DisplayPos.y, data.DisplaySize.x,
              data.DisplaySize.y);
  glUniform4f(p.place("u_cells"), f(v.x0), f(v.y0), f(v.x1), f(v.y1));
  const double pixels_x = (v.screen_x1 - v.screen_x0) * data.FramebufferScale.x;
  const double pixels_y = (v.screen_y1 - v.screen_y0) * data.FramebufferScale.y;
  glUniform2f(p.place("u_cells_per_pixel"), f((v.x1 - v.x0) / pixels_x), f((v.y1 - v.y0) / pixels_y));
}

void set_colors(Renderer::State::Program& p, const PictureView& v, int64_t width, int64_t height,
                int first_channel) {
  float low = v.range.min, high = v.range.max;
  if (v.channel >= 0 && v.map == Colormap::diverging) {
    high = std::max(std::abs(low), std::abs(high));
    low = -high;
  }
  glUniform2f(p.place("u_range"), low, high > low ? 1.0f / (high - low) : 0.0f);
  glUniform1i(p.place("u_channel"), v.channel < 0 ? -1 : v.channel - first_channel);
  glUniform1i(p.place("u_map"), static_cast<int>(v.map));
  const int64_t shown = v.revealed < 0 ? width * height : std::min(v.revealed, width * height);
  glUniform1f(p.place("u_revealed"), static_cast<float>(shown / width));
  glUniform1f(p.place("u_revealed_column"), static_cast<float>(shown % width));
  glUniform1f(p.place("u_grid"), grid_strength(v));
  glUniform4fv(p.place("u_grid_color"), 1, unpack(v.grid_color).v);
  glUniform4fv(p.place("u_blank"), 1, unpack(v.blank).v);
  glUniform4fv(p.place("u_nan"), 1, unpack(v.not_a_number).v);
  glUniform1f(p.place("u_alpha"), v.alpha);
  float rects[16], tints[16];
  for (size_t i = 0; i < v.tints.size(); ++i) {
    const CellTint& t = v.tints[i];
    const Rgba c = unpack(t.color);
    const float rect[] = {t.x0, t.y0, t.x1, t.y1};
    std::copy_n(rect, 4, rects + 4 * i);
    std::copy_n(c.v, 4, tints + 4 * i);
  }
  glUniform4fv(p.place("u_tint_rect"), 4, rects);
  glUniform4fv(p.place("u_tint"), 4, tints);
}

/// Runs while Dear ImGui's backend renders its lists.
void render(const ImDrawList*, const ImDrawCmd* command) {
  auto& call = *static_cast<Renderer::State::Call*>(command->UserCallbackData);
  Renderer::State& state = *call.state;
  if (!set_scissor(*command)) return;
  glUseProgram(state.program.id);
  glBindVertexArray(state.vertex_array);
  glActiveTexture(GL_TEXTURE1);
  glBindTexture(GL_TEXTURE_2D, state.maps);
  glActiveTexture(GL_TEXTURE2);
  glBindTexture(GL_TEXTURE_2D_ARRAY, call.tile.id);
  glActiveTexture(GL_TEXTURE0);
  glUniform1i(state.program.place("u_maps"), 1);
  glUniform1i(state.program.place("u_values"), 2);
  const Tile& t = call.tile;
  glUniform1f(state.program.place("u_level"), static_cast<float>(t.level));
  glUniform1f(state.program.place("u_scale"), std::exp2(static_cast<float>(-t.level)));
  glUniform4f(state.program.place("u_tile"), static_cast<float>(t.x - t.margin),
              static_cast<float>(t.y - t.margin), static_cast<float>(t.texture_w),
              static_cast<float>(t.texture_h));
  glUniform2f(state.program.place("u_picture"), static_cast<float>(call.width),
              static_cast<float>(call.height));
  set_place(state.program, call.view);
  set_colors(state.program, call.view, call.width, call.height, t.first_channel);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

/// The part of the view that a piece covers, as a view of its own. False when it is out of sight.
bool cut_to_piece(PictureView& v, const Piece& piece) {
  const double x0 = std::max(v.x0, piece.x0), x1 = std::min(v.x1, piece.x1);
  const double y0 = std::max(v.y0, piece.y0), y1 = std::min(v.y1, piece.y1);
  if (x1 <= x0 || y1 <= y0) return false;
  const double sx = (v.screen_x1 - v.screen_x0) / (v.x1 - v.x0),
               sy = (v.screen_y1 - v.screen_y0) / (v.y1 - v.y0);
  const double left = v.screen_x0, top = v.screen_y0;
  v.screen_x0 = static_cast<float>(left + (x0 - v.x0) * sx);
  v.screen_x1 = static_cast<float>(left + (x1 - v.x0) * sx);
  v.screen_y0 = static_cast<float>(top + (y0 - v.y0) * sy);
  v.screen_y1 = static_cast<float>(top + (y1 - v.y0) * sy);
  v.x0 = x0;
  v.x1 = x1;
  v.y0 = y0;
  v.y1 = y1;
  return true;
}

/// What is seen of the picture: the view's cells inside the list's clipping, and their size.
Sight sight_of(const PictureView& v, const ImDrawList& list) {
  const ImVec2 low = list.GetClipRectMin(), high = list.GetClipRectMax();
  const double sx = (v.x1 - v.x0) / (v.screen_x1 - v.screen_x0),
               sy = (v.y1 - v.y0) / (v.screen_y1 - v.screen_y0);
  const ImVec2 scale = ImGui::GetIO().DisplayFramebufferScale;
  Sight sight;
  sight.x0 = v.x0 + std::max(0.0f, low.x - v.screen_x0) * sx;
  sight.y0 = v.y0 + std::max(0.0f, low.y - v.screen_y0) * sy;
  sight.x1 = v.x1 - std::max(0.0f, v.screen_x1 - high.x) * sx;
  sight.y1 = v.y1 - std::max(0.0f, v.screen_y1 - high.y) * sy;
  sight.cells_per_pixel = std::max(sx / std::max(scale.x, 0.01f), sy / std::max(scale.y, 0.01f));
  sight.channel = std::max(0, v.channel);
  return sight;
}

/// On the same pixels of the screen.
bool same_place(const PictureView& a, const PictureView& b) {
  constexpr float kSame = 0.5f;
  return std::fabs(a.screen_x0 - b.screen_x0) < kSame && std::fabs(a.screen_y0 - b.screen_y0) < kSame &&
         std::fabs(a.screen_x1 - b.screen_x1) < kSame && std::fabs(a.screen_y1 - b.screen_y1) < kSame;
}

/// The means of the picture, where they are there; begins to make them where they are not.
const Pyramid* pyramid_of(Renderer::State& state, Renderer::State::Picture& picture,
                          const PictureView& view) {
  if (!picture.order) {
    const int64_t values = view.tensor->shape().count() / view.tensor->shape().n;
    if (state.bytes_per_frame == 0) {
      picture.order = PyramidWorker::make_now(*view.tensor, view.n);
    } else if (values > kSmallValues) {
      picture.order = state.pyramids.make(view.tensor, view.n);
    } else if (!state.budget.spent()) {
      picture.order = PyramidWorker::make_now(*view.tensor, view.n);
    }
  }
  return picture.order && picture.order->done ? &picture.order->pyramid : nullptr;
}

/// Draws what there is of the picture. False where there is nothing of it yet.
bool draw_pieces(Renderer::State& state, ImDrawList* list, const PictureView& view) {
  Renderer::State::Picture& picture = state.pictures[{view.tensor.get(), view.n}];
  if (picture.owner.expired()) {
    picture = {};
    picture.owner = view.tensor;
    if (view.tensor->count() == 0) picture.failed = true;
    if (!picture.failed)
      picture.texture = std::make_unique<TiledTexture>(view.tensor->shape(), state.tile_limit);
  }
  // The blank shows; the loader has already limited what can be opened.
  if (picture.failed) return true;
  const Pyramid* pyramid = pyramid_of(state, picture, view);
  if (pyramid == nullptr) {
    state.complete = false;
    return false;
  }
  std::vector<Piece> pieces;
  picture.failed = !picture.texture->provide(*view.tensor, view.n, *pyramid, sight_of(view, *list),
                                             state.frame, state.budget, pieces, state.complete);
  for (const Piece& piece : pieces) {
    PictureView part = view;
    if (!cut_to_piece(part, piece)) continue;
    state.calls.push_back(
        {&state, std::move(part), *piece.tile, picture.texture->width(), picture.texture->height()});
    list->AddCallback(render, &state.calls.back());
  }
  if (!pieces.empty()) list->AddCallback(ImDrawCallback_ResetRenderState, nullptr);
  return !pieces.empty();
}

}  // namespace

Renderer::Renderer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Renderer::~Renderer() = default;

Result<std::unique_ptr<Renderer>> Renderer::create(const std::filesystem::path& shaders) {
  Result<unsigned> program = link(shaders);
  if (!program) return program.error();
  auto state = std::make_unique<State>();
  state->program.id = *program;
  glGenVertexArrays(1, &state->vertex_array);
  state->maps = make_maps();
  return std::unique_ptr<Renderer>(new Renderer(std::move(state)));
}

void Renderer::begin_frame() {
  State& state = *state_;
  state.calls.clear();
  std::erase_if(state.pictures, [](const auto& entry) { return entry.second.owner.expired(); });
  std::erase_if(state.thumbnails, [](const auto& entry) { return entry.second.owner.expired(); });
  int64_t bytes = 0;
  for (const auto& [key, picture] : state.pictures)
    if (picture.texture) bytes += picture.texture->bytes();
  for (auto& [key, picture] : state.pictures) {
    if (bytes <= kMostBytes || !picture.texture) continue;
    const int64_t before = picture.texture->bytes();
    picture.texture->drop_unused(state.frame, std::max<int64_t>(0, before - (bytes - kMostBytes)));
    bytes -= before - picture.texture->bytes();
  }
  ++state.frame;
  state.complete = true;
  state.budget =
      UploadBudget(state.bytes_per_frame > 0 ? state.bytes_per_frame : std::numeric_limits<int64_t>::max());
  state.shown_before = std::exchange(state.shown, {});
}

void Renderer::work_in_pieces(int64_t bytes_per_frame) {
  state_->bytes_per_frame = bytes_per_frame;
}

bool Renderer::pending() const {
  return !state_->complete;
}

void Renderer::draw(ImDrawList* list, const PictureView& view) {
  if (!view.tensor || view.x1 <= view.x0 || view.y1 <= view.y0 || view.screen_x1 <= view.screen_x0 ||
      view.screen_y1 <= view.screen_y0) {
    return;
  }
  if ((view.outside >> 24) != 0) {
    list->AddRectFilled({view.screen_x0, view.screen_y0}, {view.screen_x1, view.screen_y1}, view.outside);
  }
  if (draw_pieces(*state_, list, view)) {
    if (state_->bytes_per_frame > 0) state_->shown.push_back(view);
    return;
  }
  for (const PictureView& before : state_->shown_before) {
    if (!same_place(before, view)) continue;
    draw_pieces(*state_, list, before);
    state_->shown.push_back(before);
    return;
  }
}

void Renderer::set_tile_limit(int side) {
  state_->tile_limit = side;
}

uint64_t Renderer::thumbnail(const TensorPtr& tensor, int side_px) {
  if (!tensor || side_px <= 0) return 0;
  State::Small& small = state_->thumbnails[{tensor.get(), side_px}];
  if (small.owner.expired()) {
    small.owner = tensor;
    const Thumbnail pixels = make_thumbnail(*tensor, side_px);
    small.texture.upload(pixels.width, pixels.height, pixels.rgba);
  }
  return small.texture.handle();
}

}  // namespace poolscope::gl
