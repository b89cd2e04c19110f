#pragma once

#include <filesystem>

#include "app/cli/cli.h"

namespace poolscope {

/// Opens the window and runs until it is closed. Exit status: see cli.h.
int run_window_application(const ViewRequest& request, const Voice& voice);
/// Renders the application's real frame off screen into a PNG: the same bytes every time.
int run_shot_application(const ViewRequest& request, const std::filesystem::path& output, const Voice& voice);

}  // namespace poolscope
