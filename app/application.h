#pragma once

#include <filesystem>

#include "app/cli/cli.h"
#include "app/model/model.h"

namespace poolscope {

/// Opens the window and runs until it is closed. Exit status: see cli.h.
int run_window_application(const ViewRequest& request, const Voice& voice);
/// Renders the application's real frame off screen into a PNG: the same bytes every time.
int run_shot_application(const ViewRequest& request, const std::filesystem::path& output, const Voice& voice);

/// A film or a still into a file, without a window; film_application.cpp.
int run_render_application(const ViewRequest& request, FilmRequest film, const Voice& voice);

/// Brings what was asked for on the command line into `model`, on top of what the program starts with. Fails
/// where an input or a pooling was named that cannot be.
Status show_request(Model& model, const ViewRequest& request);

}  // namespace poolscope
