#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace poolscope {

/// A sheet of white paper to print black on: lines, grey areas and words, drawn without a display. The same
/// fonts give the same pixels.
class Page {
 public:
  Page(int64_t width, int64_t height);
  ~Page();

  int64_t width() const { return width_; }
  int64_t height() const { return height_; }
  /// Rows of 8-bit grey.
  const std::vector<uint8_t>& pixels() const { return pixels_; }

  /// `grey` 0 is black, 255 white. Pixels; clipped to the page.
  void fill(double x0, double y0, double x1, double y1, uint8_t grey);
  /// The outline of a rectangle, its thickness inside.
  void frame(double x0, double y0, double x1, double y1, double thickness, uint8_t grey = 0);

  enum class Weight { regular, bold };
  /// Words on the base line y, from x on. `em_px` is the size of the type. Returns the x behind them.
  double text(double x, double y, double em_px, std::string_view utf8, Weight weight = Weight::regular,
              uint8_t grey = 0);
  double text_width(double em_px, std::string_view utf8, Weight weight = Weight::regular) const;
  void text_centred(double x, double y, double em_px, std::string_view utf8, Weight weight = Weight::regular,
                    uint8_t grey = 0);
  /// False where no font was found for Latin letters, or, asked for, Chinese ones.
  bool has_fonts(bool chinese) const;

 private:
  struct Face;
  const Face* face_of(char32_t letter, Weight weight, int& glyph) const;
  int64_t width_, height_;
  std::vector<uint8_t> pixels_;
  std::unique_ptr<Face> regular_, bold_, chinese_;
};

}  // namespace poolscope
