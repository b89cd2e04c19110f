#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/data/pixels.h"

namespace poolscope {

/// Reads PBM, PGM and PPM, written as text or in bytes (P1 to P6), and PAM (P7) with the usual tuple types.
/// Values are scaled from 0..maxval to 0..255 and rounded; transparency is laid over white. Of several
/// pictures in one file the first is read.
Result<Pixels> parse_pnm(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace poolscope
