#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "app/scene/picture.h"
#include "core/base/result.h"

namespace poolscope::gl {

/// What goes to the graphics card per frame of a window: a few milliseconds' worth.
inline constexpr int64_t kPieceBytes = int64_t{6} << 20;

/// Draws pictures inside ImGui's draw lists with shaders/picture.{vert,frag}. Keeps each tensor's texture as
/// long as somebody else holds the tensor. One per context, alive while the context is.
class Renderer : public PicturePainter {
 public:
  /// Errors: display.shader_missing {file}, display.shader_broken {file, reason}.
  static Result<std::unique_ptr<Renderer>> create(const std::filesystem::path& shaders);
  ~Renderer() override;

  /// From now on pictures are prepared beside the window's frames and go to the graphics card in pieces of so
  /// many bytes per frame: no frame waits for a large one. Until a picture is there, a coarser one shows, or
  /// what was there before. Without: everything is there at once.
  void work_in_pieces(int64_t bytes_per_frame);
  /// Something that the last frame drew was not there, or not as fine as it should be: draw another frame.
  bool pending() const;

  /// Forgets the views of the last frame and the textures of tensors nobody else holds. Once per frame,
  /// first.
  void begin_frame();
  void draw(ImDrawList* list, const PictureView& view) override;
  uint64_t thumbnail(const TensorPtr& tensor, int side_px) override;

  /// For tests: pictures are cut into tiles of at most this side from now on. 0: what suits.
  void set_tile_limit(int side);

  struct State;

 private:
  explicit Renderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace poolscope::gl
