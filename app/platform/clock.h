#pragma once

namespace poolscope {

/// The only way time enters the program: read once per frame, handed down as dt.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds since an arbitrary start, never going back.
  virtual double now_seconds() const = 0;
};

class SteadyClock : public Clock {
 public:
  double now_seconds() const override;
};

/// Goes only where it is told: the same film every time.
class FixedClock : public Clock {
 public:
  double now_seconds() const override { return now_; }
  void advance(double dt_seconds) { now_ += dt_seconds; }

 private:
  double now_ = 0;
};

}  // namespace poolscope
