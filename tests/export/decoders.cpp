#include "tests/export/decoders.h"

#include <doctest/doctest.h>
#include <gif_lib.h>
#include <webp/demux.h>

#include <algorithm>
#include <cstring>

namespace poolscope::test {

namespace {

struct Reader {
  const std::string& bytes;
  size_t at = 0;
};

int read_some(GifFileType* gif, GifByteType* out, int count) {
  auto& reader = *static_cast<Reader*>(gif->UserData);
  const size_t taken = std::min(static_cast<size_t>(count), reader.bytes.size() - reader.at);
  std::memcpy(out, reader.bytes.data() + reader.at, taken);
  reader.at += taken;
  return static_cast<int>(taken);
}

void lay_over(std::vector<uint8_t>& canvas, const GifFileType& gif, const SavedImage& image,
              int transparent) {
  const GifImageDesc& place = image.ImageDesc;
  const ColorMapObject* map = place.ColorMap != nullptr ? place.ColorMap : gif.SColorMap;
  REQUIRE(map != nullptr);
  for (int y = 0; y < place.Height; ++y)
    for (int x = 0; x < place.Width; ++x) {
      const int number = image.RasterBits[y * place.Width + x];
      if (number == transparent) continue;
      REQUIRE(number < map->ColorCount);
      const GifColorType& c = map->Colors[number];
      uint8_t* pixel = canvas.data() + 4 * ((place.Top + y) * gif.SWidth + place.Left + x);
      pixel[0] = c.Red, pixel[1] = c.Green, pixel[2] = c.Blue, pixel[3] = 255;
    }
}

void read_extensions(const SavedImage& image, Decoded& film) {
  for (int i = 0; i < image.ExtensionBlockCount; ++i) {
    const ExtensionBlock& block = image.ExtensionBlocks[i];
    const std::string words(reinterpret_cast<const char*>(block.Bytes), static_cast<size_t>(block.ByteCount));
    if (block.Function == COMMENT_EXT_FUNC_CODE) film.comment += words;
    if (block.Function == CONTINUE_EXT_FUNC_CODE && words.size() == 3 && words[0] == 1)
      film.loops = words[1] | words[2] << 8;
  }
}

}  // namespace

const Decoded::Shown& Decoded::at(int ms) const {
  for (const Shown& shown : pictures)
    if (ms < shown.until_ms) return shown;
  return pictures.back();
}

Decoded decode_gif(const std::string& bytes) {
  Reader reader{bytes};
  int error = 0;
  GifFileType* gif = DGifOpen(&reader, read_some, &error);
  REQUIRE(gif != nullptr);
  REQUIRE(DGifSlurp(gif) == GIF_OK);
  Decoded film;
  film.width = gif->SWidth;
  film.height = gif->SHeight;
  std::vector<uint8_t> canvas(static_cast<size_t>(film.width) * static_cast<size_t>(film.height) * 4);
  int now = 0;
  for (int i = 0; i < gif->ImageCount; ++i) {
    read_extensions(gif->SavedImages[i], film);
    GraphicsControlBlock control{};
    REQUIRE(DGifSavedExtensionToGCB(gif, i, &control) == GIF_OK);
    CHECK(control.DisposalMode == DISPOSE_DO_NOT);
    lay_over(canvas, *gif, gif->SavedImages[i], control.TransparentColor);
    now += control.DelayTime * 10;
    film.pictures.push_back({canvas, now});
  }
  CHECK(reader.at == bytes.size());
  DGifCloseFile(gif, &error);
  return film;
}

Decoded decode_webp(const std::string& bytes) {
  const WebPData data{reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
  WebPAnimDecoder* decoder = WebPAnimDecoderNew(&data, nullptr);
  REQUIRE(decoder != nullptr);
  WebPAnimInfo info;
  REQUIRE(WebPAnimDecoderGetInfo(decoder, &info));
  Decoded film;
  film.width = static_cast<int>(info.canvas_width);
  film.height = static_cast<int>(info.canvas_height);
  film.loops = static_cast<int>(info.loop_count);
  while (WebPAnimDecoderHasMoreFrames(decoder)) {
    uint8_t* rgba = nullptr;
    int until = 0;
    REQUIRE(WebPAnimDecoderGetNext(decoder, &rgba, &until));
    film.pictures.push_back(
        {{rgba, rgba + static_cast<size_t>(film.width) * static_cast<size_t>(film.height) * 4}, until});
  }
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(WebPAnimDecoderGetDemuxer(decoder), "XMP ", 1, &chunk))
    film.comment.assign(reinterpret_cast<const char*>(chunk.chunk.bytes), chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  WebPAnimDecoderDelete(decoder);
  return film;
}

}  // namespace poolscope::test
