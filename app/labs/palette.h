#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/labs/lab_context.h"

namespace poolscope {

/// Something that the command palette finds.
struct PaletteEntry {
  std::string key;      ///< "action.play", "lab.compare", "kind.max", "preset.2x2s2", "lesson.stride" ...
  std::string label;    ///< in the present language
  std::string english;  ///< found as well, whatever the language
  std::string group;    ///< what it is: "Lab", "Pooling" ...
  std::string group_english;
  std::string note;  ///< its keys
  Command command;
};

/// All that can be done now: labs, actions that are possible, kinds, presets, dialects, lessons, inputs,
/// languages, themes, recent files.
std::vector<PaletteEntry> palette_entries(const LabContext& context);

/// How well the words that were typed fit; 0: not at all. Every word must be found: at the start of the label
/// is best, then at the start of a word, anywhere, and last letter by letter in order. Case is ignored.
int palette_score(std::string_view typed, std::string_view words);

/// The entries that fit, best first; all of them, in their order, where nothing was typed.
std::vector<PaletteEntry> palette_matches(std::vector<PaletteEntry> entries, std::string_view typed);

void draw_palette(LabContext& context);

}  // namespace poolscope
