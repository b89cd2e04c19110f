#pragma once

#include "app/model/study_fields.h"
#include "app/model/study_state.h"

namespace poolscope {

/// The fields of "input". Reading fills all of `input` anew.
void read_input_fields(StudyFields& fields, Input& input, const StudyReading& reading);
/// False where the input was edited and is too large to be kept.
bool write_input_fields(StudyFields& fields, const Input& input, const std::filesystem::path& folder);

}  // namespace poolscope
