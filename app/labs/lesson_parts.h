#pragma once

#include "app/labs/frame.h"

namespace poolscope {

// The parts of a lesson on screen. None of them draws anything where no lesson is being taken.

/// In place of the right panel: the lesson's words, what to do, its question, and below them what the lab
/// itself explains. The buttons stay at the foot.
void draw_lesson_panel(LabContext& context, ui::Rect rect, void (*draw_explanation)(LabContext&));
/// Rings around what the step points at, each with its words. Last, above all panels.
void draw_lesson_pointers(LabContext& context, const FrameLayout& layout);
/// What widgets must know before they are drawn: which of them are locked, which must come into sight.
void prepare_lesson(LabContext& context);
/// Presses and the mouse's button, for what a step waits for.
void note_lesson_events(LabContext& context);
/// The button of the top bar, "Lesson 2 of 7 · Stride", and its list. Right aligned to `x`, which moves left.
void draw_lesson_button(LabContext& context, float& x, ui::Rect bar, float room);
/// Opens the export dialog where practice sheets are made.
void show_practice_sheet(LabContext& context);
/// "Lesson 2 of 7 · Stride", or the title alone for one from a file.
std::string lesson_name(const LabContext& context, const Lesson& lesson, bool with_title);

}  // namespace poolscope
