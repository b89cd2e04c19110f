#pragma once

#include <string>

#include "core/base/result.h"
#include "core/data/input_file.h"

namespace poolscope {

/// What a command's INPUT means: a file, or, where no such file exists, a built-in input of that name. Its
/// `dimensions` say how an answer is written: as many as the .npy file had; 2 for one plane of a .csv and 3
/// for several; 3 (C x H x W) for pictures.
Result<LoadedInput> read_input(const std::string& typed);

/// The names of the built-in inputs: "textbook, shift6, ...".
std::string builtin_names();

}  // namespace poolscope
