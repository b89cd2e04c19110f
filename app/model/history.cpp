#include "app/model/history.h"

#include <utility>

namespace poolscope {

namespace {
constexpr size_t kMostSteps = 200;  // documents share their tensors, so this is small
}

void History::record(const Document& before, uint64_t gesture) {
  const bool goes_on = gesture != 0 && gesture == last_gesture_ && !past_.empty();
  last_gesture_ = gesture;
  future_.clear();
  if (goes_on) return;
  past_.push_back(before);
  if (past_.size() > kMostSteps) past_.erase(past_.begin());
}

void History::undo(Document& document) {
  if (past_.empty()) return;
  future_.push_back(std::exchange(document, past_.back()));
  past_.pop_back();
  last_gesture_ = 0;
}

void History::redo(Document& document) {
  if (future_.empty()) return;
  past_.push_back(std::exchange(document, future_.back()));
  future_.pop_back();
  last_gesture_ = 0;
}

}  // namespace poolscope
