#include <vector>

#include "core/data/drawn/canvas.h"

// A pen drawing, black on white: strokes from a hair's to a marker's breadth. What becomes of thin dark lines
// on a bright ground is where max pooling and average pooling differ most.
namespace poolscope::drawn {

namespace {

constexpr double kPi = 3.14159265358979323846;

struct Stroke {
  std::vector<Point> points;
  double width = 1;
};

class Pen {
 public:
  explicit Pen(double width) : width_(width) {}
  void width(double width) { width_ = width; }
  /// Where the points of what follows are counted from.
  void origin(Point origin) { origin_ = origin; }
  void line(std::vector<Point> points) {
    for (Point& point : points)
      point = point + origin_;
    strokes_.push_back({std::move(points), width_});
  }
  /// Part of an ellipse, from one angle to another (in turns, clockwise from the right).
  void arc(Point centre, double radius_x, double radius_y, double from = 0, double to = 1) {
    std::vector<Point> points;
    const int steps = 8 + static_cast<int>(std::fabs(to - from) * std::max(radius_x, radius_y) * 2);
    for (int i = 0; i <= steps; ++i) {
      const double angle = 2 * kPi * (from + (to - from) * i / steps);
      points.push_back({centre.x + radius_x * std::cos(angle), centre.y + radius_y * std::sin(angle)});
    }
    line(std::move(points));
  }
  void circle(Point centre, double radius) { arc(centre, radius, radius); }
  void box(double left, double top, double right, double bottom) {
    line({{left, top}, {right, top}, {right, bottom}, {left, bottom}, {left, top}});
  }

  /// Each stroke darkens the pixels around it by how much of them it covers.
  Tensor print(int64_t height, int64_t width) const {
    Tensor picture({1, 1, height, width}, 255.0f);
    for (const Stroke& stroke : strokes_)
      for (size_t i = 0; i + 1 < stroke.points.size(); ++i)
        print_segment(stroke.points[i], stroke.points[i + 1], stroke.width, picture);
    return picture;
  }

 private:
  static void print_segment(Point a, Point b, double width, Tensor& picture) {
    const double reach = width / 2 + 1;
    const Shape& shape = picture.shape();
    const auto first = [&](double u, double v) {
      return std::max<int64_t>(0, static_cast<int64_t>(std::min(u, v) - reach));
    };
    const auto last = [&](double u, double v, int64_t size) {
      return std::min(size - 1, static_cast<int64_t>(std::max(u, v) + reach));
    };
    for (int64_t y = first(a.y, b.y); y <= last(a.y, b.y, shape.h); ++y)
      for (int64_t x = first(a.x, b.x); x <= last(a.x, b.x, shape.w); ++x) {
        const Point middle = {static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5};
        const double cover =
            std::min(width, 1.0) * unit(0.5 + std::max(width, 1.0) / 2 - segment_distance(middle, a, b));
        float& value = picture.at(0, 0, y, x);
        value = std::min(value, stored(1 - cover));
      }
  }

  double width_;
  Point origin_;
  std::vector<Stroke> strokes_;
};

void draw_house(Pen& pen) {
  pen.width(2.6);
  pen.box(40, 118, 150, 204);
  pen.line({{28, 122}, {95, 62}, {162, 122}});
  pen.width(1.4);
  pen.line({{124, 88}, {124, 66}, {138, 66}, {138, 101}});
  pen.box(58, 136, 84, 162);
  pen.line({{71, 136}, {71, 162}});
  pen.line({{58, 149}, {84, 149}});
  pen.box(106, 148, 132, 204);
  pen.circle({127, 178}, 1.6);
  pen.circle({95, 98}, 8);
  pen.width(0.8);
  for (int i = 1; i < 9; ++i)  // tiles: lines beside the slope of the roof
    pen.line({{95.0 - i * 7.1, 70.0 + i * 6.4}, {101.0 - i * 7.1 + 2.5 * i, 70.0 + i * 6.4}});
  for (int row = 0; row < 5; ++row)  // bricks in a corner of the wall
    for (int i = 0; i < 2; ++i)
      pen.line({{44.0 + i * 15 + (row % 2) * 6, 172.0 + row * 6},
                {55.0 + i * 15 + (row % 2) * 6, 172.0 + row * 6}});
  pen.width(1);
  for (int i = 0; i < 3; ++i)  // smoke
    pen.arc({136.0 + i * 7, 54.0 - i * 12}, 6.0 + i * 1.5, 6.0 + i * 1.5, 0.3, 1.05);
}

void draw_branch(Pen& pen, Point from, double angle, double length, int depth) {
  if (depth == 0) return;
  const Point to = {from.x + length * std::cos(angle), from.y - length * std::sin(angle)};
  pen.width(0.55 * depth - 0.05);
  pen.line({from, to});
  draw_branch(pen, to, angle + 0.43, length * 0.77, depth - 1);
  draw_branch(pen, to, angle - 0.36, length * 0.8, depth - 1);
  if (depth > 4) draw_branch(pen, to, angle + 0.04, length * 0.62, depth - 2);
}

void draw_bicycle(Pen& pen) {
  const Point rear = {190, 206}, front = {272, 206}, pedals = {223, 208}, saddle = {214, 166},
              head = {257, 164};
  for (const Point wheel : {rear, front}) {
    pen.width(2.4);
    pen.circle(wheel, 27);
    pen.width(0.7);
    pen.circle(wheel, 24);
    for (int i = 0; i < 12; ++i) {
      const double angle = kPi * i / 6 + 0.1;
      pen.line({wheel, {wheel.x + 24 * std::cos(angle), wheel.y + 24 * std::sin(angle)}});
    }
    pen.width(1.4);
    pen.circle(wheel, 3);
  }
  pen.width(2.2);
  pen.line({rear, pedals, head, saddle, rear});
  pen.line({pedals, {211, 158}});
  pen.line({front, {254, 152}});
  pen.width(3.4);
  pen.line({{203, 157}, {221, 157}});
  pen.width(2);
  pen.line({{254, 152}, {262, 149}, {269, 152}, {270, 158}});
  pen.width(1.2);
  pen.circle(pedals, 7);
  pen.line({{229, 216}, {217, 200}});
  pen.line({{225, 217}, {234, 216}});
  pen.width(0.8);
  pen.line({{190, 203}, {223, 201}});
  pen.line({{190, 209}, {223, 215}});
}

void draw_surroundings(Pen& pen) {
  pen.width(1.6);
  pen.line({{0, 233}, {60, 233.6}, {120, 232.6}, {200, 233.4}, {320, 232.8}, {440, 233.2}});
  pen.width(0.9);
  for (int i = 0; i < 30; ++i) {  // grass
    const double x = 6 + 14.6 * i + 5 * keyed_uniform(9, 0, 0, static_cast<uint64_t>(i));
    pen.line({{x - 3, 226.5}, {x, 233}, {x + 1, 224}});
    pen.line({{x, 233}, {x + 4, 227}});
  }
  pen.width(1.8);
  pen.circle({44, 40}, 15);
  pen.width(1);
  for (int i = 0; i < 16; ++i) {
    const double angle = kPi * i / 8, length = i % 2 == 0 ? 31 : 25;
    pen.line({{44 + 19 * std::cos(angle), 40 + 19 * std::sin(angle)},
              {44 + length * std::cos(angle), 40 + length * std::sin(angle)}});
  }
  for (const Point bird : {Point{196, 34}, Point{214, 46}, Point{180, 50}}) {
    pen.arc({bird.x - 5, bird.y}, 5, 4, 0.55, 1);
    pen.arc({bird.x + 5, bird.y}, 5, 4, 0.5, 0.95);
  }
}

}  // namespace

Tensor draw_lineart() {
  Pen pen(1);
  draw_surroundings(pen);
  pen.origin({0, 28});
  draw_house(pen);
  pen.origin({0, 0});
  draw_branch(pen, {352, 233}, kPi / 2, 38, 8);
  draw_bicycle(pen);
  return pen.print(250, 440);
}

}  // namespace poolscope::drawn
