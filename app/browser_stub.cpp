// Stands in until app/ui/file_browser.cpp is there.
#include "app/ui/file_browser.h"
namespace poolscope::ui {
struct FileBrowser::State {};
FileBrowser::FileBrowser(Options) {}
FileBrowser::~FileBrowser() = default;
void FileBrowser::open(const std::filesystem::path&, std::vector<std::filesystem::path>) {}
void FileBrowser::close() {}
bool FileBrowser::is_open() const {
  return false;
}
bool FileBrowser::busy() const {
  return false;
}
std::optional<std::filesystem::path> FileBrowser::draw(Ui&, const BrowserTexts&) {
  return {};
}
}  // namespace poolscope::ui
