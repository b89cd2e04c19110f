// Animated lossless WebP with libwebp and libwebpmux.

#include <webp/encode.h>
#include <webp/mux.h>

#include <utility>

#include "app/export/film.h"

namespace poolscope {

namespace {

/// Level 0 to 9 of libwebp's lossless presets: on drawn pictures the higher ones take many times as long for
/// a few percent.
constexpr int kEffort = 1;

/// The caption as XMP, which picture programs show as the description.
std::string description_xmp(const std::string& caption) {
  std::string escaped;
  for (const char c : caption) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
         "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:description>"
         "<rdf:Alt><rdf:li xml:lang=\"x-default\">" +
         escaped + "</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>";
}

class WebpEncoder : public FilmEncoder {
 public:
  WebpEncoder(std::filesystem::path path, FilmFacts facts)
      : path_(std::move(path)), facts_(std::move(facts)) {
    WebPAnimEncoderOptions options;
    if (!WebPAnimEncoderOptionsInit(&options)) return;
    options.anim_params.loop_count = 0;  // for ever
    options.kmin = options.kmax = 0;     // no pictures that repeat what is there already
    encoder_ = WebPAnimEncoderNew(facts_.width, facts_.height, &options);
  }
  ~WebpEncoder() override {
    if (encoder_ != nullptr) WebPAnimEncoderDelete(encoder_);
  }

  Status add(const FilmPicture& picture) override {
    WebPConfig config;
    WebPPicture frame;
    if (encoder_ == nullptr || !WebPConfigInit(&config) || !WebPConfigLosslessPreset(&config, kEffort) ||
        !WebPPictureInit(&frame))
      return broken();
    frame.width = picture.width;
    frame.height = picture.height;
    frame.use_argb = 1;
    const bool added = WebPPictureImportRGBX(&frame, picture.rgba.data(), picture.width * 4) &&
                       WebPAnimEncoderAdd(encoder_, &frame, begin_ms_, &config);
    WebPPictureFree(&frame);
    if (!added) return broken();
    begin_ms_ += picture.milliseconds;
    return {};
  }

  Result<std::vector<EncodedFile>> finish() override {
    WebPData film;
    WebPDataInit(&film);
    if (!WebPAnimEncoderAdd(encoder_, nullptr, begin_ms_, nullptr) ||
        !WebPAnimEncoderAssemble(encoder_, &film)) {
      WebPDataClear(&film);
      return broken();
    }
    std::string bytes = described(film);
    WebPDataClear(&film);
    if (bytes.empty()) return broken();
    std::vector<EncodedFile> files;
    files.push_back({path_, std::move(bytes)});
    return files;
  }

 private:
  Error broken() const { return Error("export.error.encoder").with("format", "WebP"); }

  /// The film with its caption; empty where memory ran out.
  std::string described(const WebPData& film) const {
    WebPMux* mux = WebPMuxCreate(&film, 0);
    if (mux == nullptr) return {};
    const std::string xmp = description_xmp(facts_.caption);
    const WebPData chunk{reinterpret_cast<const uint8_t*>(xmp.data()), xmp.size()};
    WebPData whole;
    WebPDataInit(&whole);
    std::string bytes;
    if (WebPMuxSetChunk(mux, "XMP ", &chunk, 0) == WEBP_MUX_OK && WebPMuxAssemble(mux, &whole) == WEBP_MUX_OK)
      bytes.assign(reinterpret_cast<const char*>(whole.bytes), whole.size);
    WebPDataClear(&whole);
    WebPMuxDelete(mux);
    return bytes;
  }

  std::filesystem::path path_;
  FilmFacts facts_;
  WebPAnimEncoder* encoder_ = nullptr;
  int begin_ms_ = 0;
};

}  // namespace

std::unique_ptr<FilmEncoder> make_webp_encoder(const std::filesystem::path& path, const FilmFacts& facts) {
  return std::make_unique<WebpEncoder>(path, facts);
}

}  // namespace poolscope
