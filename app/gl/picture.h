#pragma once

#include <filesystem>
#include <memory>

#include "app/scene/picture.h"
#include "core/base/result.h"

namespace poolscope::gl {

/// Draws pictures inside ImGui's draw lists with shaders/picture.{vert,frag}. Keeps each tensor's texture as
/// long as somebody else holds the tensor. One per context, alive while the context is.
class Renderer : public PicturePainter {
 public:
  /// Errors: display.shader_missing {file}, display.shader_broken {file, reason}.
  static Result<std::unique_ptr<Renderer>> create(const std::filesystem::path& shaders);
  ~Renderer() override;

  /// Forgets the views of the last frame and the textures of tensors nobody else holds. Once per frame,
  /// first.
  void begin_frame();
  void draw(ImDrawList* list, const PictureView& view) override;
  uint64_t thumbnail(const TensorPtr& tensor, int side_px) override;

  /// For tests: textures uploaded from now on are cut into tiles of at most this side. 0: as the card allows.
  void set_tile_limit(int side);

  struct State;

 private:
  explicit Renderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace poolscope::gl
