#pragma once

#include <string>

#include "app/model/text.h"
#include "core/study/evidence.h"

namespace poolscope {

/// A whole result as JSON; the field names are documented in app/cli/README.md and do not change. Numbers
/// that are none (NaN, infinite) are null.
std::string evidence_as_json(const EvidenceResult& result, const Texts& texts);
/// The claims with their settings.
std::string claims_as_json(const Texts& texts);

}  // namespace poolscope
