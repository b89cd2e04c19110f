#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "app/model/study_state.h"
#include "core/base/result.h"

namespace poolscope {

/// Largest study file, and how deep it may nest: enough for kLargestEmbedded values.
inline constexpr int64_t kMaxStudyBytes = int64_t{16} << 20;
inline constexpr int kDeepestStudy = 32;
inline constexpr int kStudyVersion = 1;
inline constexpr std::string_view kStudyEnding = ".pool.json";

/// Whether a file of this name is opened as a study: it ends in ".json".
bool is_study_name(const std::filesystem::path& file);
/// The name with ".pool.json" at its end, unless it ends in ".json" already.
std::filesystem::path as_study_name(std::filesystem::path file);

/// One JSON object that says "poolscope": 1. Errors: "study.*", one sentence.
Result<nlohmann::json> parse_study(std::string_view bytes);
/// A study from a file. What it does not name is as at the program's start. `reading.folder` is set to the
/// file's. Errors name the file.
Result<StudyState> read_study(const std::filesystem::path& file, StudyReading reading);
/// The bytes of a study: one field on a line, the rows of a matrix too. `folder`: where it will be saved.
Result<std::string> study_text(const StudyState& state, const std::filesystem::path& folder);

}  // namespace poolscope
