#pragma once

#include <string>

#include "app/model/text.h"
#include "core/data/input_file.h"
#include "core/pooling/trace.h"

namespace poolscope {

/// One step as JSON; the field names are documented in app/cli/README.md and do not change.
std::string trace_as_json(const LoadedInput& input, const PoolPlan& plan, const StepRecord& step,
                          const Texts& texts);

}  // namespace poolscope
