#pragma once

#include <string>

#include "app/model/sheet.h"
#include "app/model/text.h"

namespace poolscope {

/// The practice sheet as a PNG: A4 at 200 dots per inch, black on white, in the language of `texts`;
/// `answers`: filled in. Errors: those of make_sheet(), "cli.error.no_fonts".
Result<std::string> sheet_png(const SheetRequest& request, bool answers, const Texts& texts);

}  // namespace poolscope
