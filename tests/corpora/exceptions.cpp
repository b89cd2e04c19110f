#include "tests/corpora/exceptions.h"

#include <array>

namespace poolscope {

namespace {

constexpr std::array kExceptions = {
    Exception{
        "bomb/gif_dispose3_three_frames.gif", "refuse",
        "its first frame ends after 1 of 256 pixels; a frame that is short of pixels is incomplete, as in "
        "gif/libjpeg-turbo__id_000039, which the manifest wants refused"},
    Exception{"gif/libjpeg-turbo__id_000378_src_000171_op_havoc_rep_4_gif.gif", "refuse",
              "15136 pixels high: over the limit of 8192"},
    Exception{
        "gif/libjpeg-turbo__id_001950_src_000962_op_havoc_rep_4_gif.gif", "refuse",
        "its canvas is 0 pixels high; 63008 x 48 is what Pillow makes of a later frame, over the limit too"},
    Exception{"gif/robert-ancell__max-width.gif", "refuse", "65535 pixels wide: over the limit of 8192"},
    Exception{"jpg/python-pillow__orientation_rectangle.jpg", "1x2",
              "2 x 1 as stored; Exif orientation 8 turns it, and the camera's orientation is respected"},
    Exception{"jpg/recurser__Portrait_8.jpg", "1200x1800",
              "1800 x 1200 as stored; Exif orientation 8 turns it"},
    Exception{
        "png/image-rs__x_interlaced_chck.png", "refuse",
        "the checksum of its IDAT chunk is wrong; the manifest refuses such files elsewhere (PngSuite's x*)"},
    Exception{"png/serenityos__exif.png", "200x100",
              "100 x 200 as stored; the orientation in its eXIf chunk turns it"},
};

constexpr std::array<std::string_view, 9> kVariants = {"RLE BMP",
                                                       "Radiance HDR",
                                                       "Softimage PIC",
                                                       "GIF without a colour table",
                                                       "GIF with a frame outside the canvas",
                                                       "arithmetic-coded JPEG",
                                                       "bitmap PSD",
                                                       "WebP",
                                                       "Apple CgBI PNG"};

}  // namespace

std::span<const Exception> corpus_exceptions() {
  return kExceptions;
}
std::span<const std::string_view> refused_variants() {
  return kVariants;
}

}  // namespace poolscope
