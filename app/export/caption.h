#pragma once

#include <string>

#include "app/model/text.h"
#include "core/pooling/plan.h"

namespace poolscope {

struct Model;

/// What was set when a film was made, in one line: "Max · window 2 × 2, stride 2 · Scene · 3 × 480 × 640 →
/// 3 × 240 × 320". Only what the kind uses, and what differs from the usual.
std::string film_caption(const Model& model, const Texts& texts);

/// The same of a pooling alone, for the head of a program.
std::string code_caption(const PoolPlan& plan, const std::string& input_name, const Texts& texts);

/// A name for a file of what is shown: "window-max-2x2", without an ending.
std::string suggested_name(const Model& model);

}  // namespace poolscope
