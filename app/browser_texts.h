#pragma once

#include <filesystem>
#include <string>

#include "app/model/model.h"
#include "app/model/text.h"
#include "app/ui/file_browser.h"

namespace poolscope {

/// What the open dialog needs from the rest of the program: words, previews, a folder to start in.
ui::BrowserTexts browser_texts(const Texts& texts);
ui::FileBrowser::Options browser_options(void (*wake)());
/// The folder of the present file, of the newest recent one, or the working folder.
std::filesystem::path start_folder(const Model& model);
void append_utf8(std::string& text, char32_t character);

}  // namespace poolscope
