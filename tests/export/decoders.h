#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope::test {

/// What a viewer shows: whole pictures, each with the time at which it ends.
struct Decoded {
  int width = 0, height = 0;
  int loops = -1;  ///< 0: for ever
  std::string comment;
  struct Shown {
    std::vector<uint8_t> rgba;
    int until_ms = 0;
  };
  std::vector<Shown> pictures;

  /// The picture that stands at that time.
  const Shown& at(int ms) const;
};

/// With giflib's decoder; pictures are laid over one another as GIF89a says. Fails the test where the file
/// is broken.
Decoded decode_gif(const std::string& bytes);
/// With libwebpdemux's decoder.
Decoded decode_webp(const std::string& bytes);

}  // namespace poolscope::test
