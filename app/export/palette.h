#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace poolscope {

/// A colour as 0xRRGGBB.
using Rgb = uint32_t;

/// Counts colours, and remembers a number for each of them.
class ColourTable {
 public:
  struct Entry {
    Rgb colour = 0;
    uint32_t count = 0;  ///< 0: an empty place
    uint32_t number = 0;
  };

  ColourTable() : places_(1024) {}
  void add(Rgb colour, uint32_t count = 1);
  size_t size() const { return size_; }
  /// nullptr where the colour was never added.
  const Entry* find(Rgb colour) const;
  Entry* find(Rgb colour);
  /// In an order that depends on nothing but the colours and their counts: the most frequent first.
  std::vector<Entry> by_frequency() const;
  void clear();

 private:
  size_t place_of(Rgb colour) const;
  void grow();
  std::vector<Entry> places_;  ///< a power of two of them, at most half full
  size_t size_ = 0;
};

/// At most `most` colours (up to 256) that stand for these. Exactly these where there are no more. Otherwise
/// the colours of large areas are kept exactly, and the rest is divided where it varies most (as in Wu 1991)
/// and moved to the means of what it stands for (Lloyd 1982).
std::vector<Rgb> choose_palette(const ColourTable& colours, size_t most);

/// Finds the nearest colour of a palette; of equally near ones the first.
class NearestColour {
 public:
  explicit NearestColour(std::span<const Rgb> palette);
  size_t operator()(Rgb colour) const;

 private:
  size_t count_;
  std::vector<float> red_, green_, blue_;
};

}  // namespace poolscope
