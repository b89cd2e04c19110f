#pragma once

#include <filesystem>
#include <optional>

#include "app/model/session.h"

namespace poolscope {

/// Files of the state that is not saved, one for each running program, so that a crash loses nothing. Beside
/// each lies a lock that the system lets go when its program ends, however it ends: a file without a locked
/// lock was left behind.
class Autosave {
 public:
  /// `folder` is made when something is written first. Empty: nothing is kept.
  explicit Autosave(std::filesystem::path folder);
  ~Autosave();  ///< leaves nothing behind, unless told to stay()
  Autosave(const Autosave&) = delete;
  Autosave& operator=(const Autosave&) = delete;

  /// The newest one that was left behind; held, so that no other program offers it too. Those that were put
  /// off again and again go when there are many newer ones.
  std::optional<LeftOver> find_left_over();
  /// It was restored: it becomes this program's own file, so that a further crash finds it again.
  void adopt(const LeftOver& left_over);
  void discard(const LeftOver& left_over);

  /// This program's own file stays when it ends.
  void stay() { stays_ = true; }
  /// This program's own file, ready to be written; empty where there is no place for it.
  std::filesystem::path prepare();
  /// Everything is saved: the file goes.
  void clear();

 private:
  bool take_own_lock();
  std::filesystem::path folder_, own_;
  int own_lock_ = -1, held_lock_ = -1;
  bool stays_ = false;
};

}  // namespace poolscope
