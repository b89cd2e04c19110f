#pragma once

#include <string>

#include "app/labs/lab_context.h"

namespace poolscope {

// The parts of the Network lab that the frame asks for.
void draw_network_lab(LabContext& context, ui::Rect stage);
void draw_network_controls(LabContext& context);
void draw_network_panel(LabContext& context);
void draw_network_transport(LabContext& context, ui::Rect rect);
/// In the Window lab, where its input came out of a network: a strip with the way back. What is left of the
/// stage.
ui::Rect draw_network_return(LabContext& context, ui::Rect stage);

// The pages, from the cursor to the right edge; `bottom` is where the stage ends.
void draw_network_data(LabContext& context, float bottom);
void draw_network_editor(LabContext& context, const NetworkCheck& check);
void draw_network_training(LabContext& context, float bottom);
void draw_network_evaluation(LabContext& context, float bottom);
void draw_network_apply(LabContext& context, float bottom);

// Parts that several pages show.
void draw_confusion(LabContext& context, const char* key, ui::Rect area, bool numbers);
void draw_network_runs(LabContext& context);
/// A sentence where there is nothing to show yet, with a button that trains.
void draw_train_first(LabContext& context, const char* key);

/// "Conv 5×5", "Max 2×2".
std::string layer_title(const LabContext& context, const Layer& layer);
/// "8×24×24".
std::string shape_short(const Shape& shape);
/// The document's network on the shape of its data, or what it will be while they are not there.
NetworkSpec lab_network(const LabContext& context);

inline void order_network(const LabContext& context, NetworkOrder order, int64_t number = 0) {
  context.outbox.post(command::Network{order, number, {}});
}
inline void show_network_page(const LabContext& context, NetworkPage page) {
  order_network(context, NetworkOrder::page, static_cast<int64_t>(page));
}
/// Posts the document with another setup; `change` of a slider makes a drag one undo step.
void edit_network(const LabContext& context, NetworkSetup setup);
void edit_network(const LabContext& context, NetworkSetup setup, const ui::SliderChange& change);

}  // namespace poolscope
