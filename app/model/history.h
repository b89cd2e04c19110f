#pragma once

#include <cstdint>
#include <vector>

#include "app/model/document.h"

namespace poolscope {

/// Undo as snapshots of the document. Changes of one gesture (a slider that is being dragged) are one step.
class History {
 public:
  /// Notes that the document is about to change from `before`. A gesture is any number that stays the same
  /// from press to release; 0 is a change of its own.
  void record(const Document& before, uint64_t gesture);
  bool can_undo() const { return !past_.empty(); }
  bool can_redo() const { return !future_.empty(); }
  /// Puts the document back by one step, keeping the present one for redo().
  void undo(Document& document);
  void redo(Document& document);
  /// How many steps there are to take back, and to take again.
  size_t depth() const { return past_.size(); }
  size_t redo_depth() const { return future_.size(); }

 private:
  std::vector<Document> past_, future_;
  uint64_t last_gesture_ = 0;
};

}  // namespace poolscope
