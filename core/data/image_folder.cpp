#include "core/data/image_folder.h"

#include <algorithm>
#include <cmath>
#include <system_error>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

/// One plane of values 0 to 255.
struct Plane {
  int64_t h = 0, w = 0;
  std::vector<float> values;
  float at(int64_t y, int64_t x) const { return values[static_cast<size_t>(y * w + x)]; }
};

float limited(float value) {
  return value > 0 ? std::min(value, 255.0f) : 0.0f;  // NaN is 0
}

Plane grey_of(const Tensor& picture) {
  const Shape& shape = picture.shape();
  Plane plane{shape.h, shape.w, std::vector<float>(static_cast<size_t>(shape.plane()))};
  for (size_t i = 0; i < plane.values.size(); ++i)
    plane.values[i] = shape.c >= 3 ? limited(0.299f * picture.plane(0)[i] + 0.587f * picture.plane(1)[i] +
                                             0.114f * picture.plane(2)[i])
                                   : limited(picture.plane(0)[i]);
  return plane;
}

Plane channel_of(const Tensor& picture, int64_t channel) {
  const Shape& shape = picture.shape();
  const float* values = picture.plane(std::min(channel, shape.c - 1));
  Plane plane{shape.h, shape.w, std::vector<float>(values, values + shape.plane())};
  for (float& value : plane.values)
    value = limited(value);
  return plane;
}

bool light_border(const Plane& plane) {
  double sum = 0;
  int64_t count = 0;
  for (int64_t y = 0; y < plane.h; ++y)
    for (int64_t x = 0; x < plane.w; ++x) {
      if (y > 0 && y + 1 < plane.h && x > 0 && x + 1 < plane.w) continue;
      sum += plane.at(y, x);
      ++count;
    }
  return sum > 127.5 * static_cast<double>(count);
}

/// The mean of the box [y0, y1) x [x0, x1), whose edges may lie inside pixels; outside the plane is 0.
double box_mean(const Plane& plane, double y0, double y1, double x0, double x1) {
  double sum = 0;
  const auto first = [](double v) { return std::max<int64_t>(0, static_cast<int64_t>(std::floor(v))); };
  for (int64_t y = first(y0); y < plane.h && static_cast<double>(y) < y1; ++y) {
    const double height = std::min(y1, static_cast<double>(y + 1)) - std::max(y0, static_cast<double>(y));
    for (int64_t x = first(x0); x < plane.w && static_cast<double>(x) < x1; ++x) {
      const double width = std::min(x1, static_cast<double>(x + 1)) - std::max(x0, static_cast<double>(x));
      sum += height * width * plane.at(y, x);
    }
  }
  return sum / ((y1 - y0) * (x1 - x0));
}

/// Which part of a plane becomes the whole output, in its pixels.
struct Crop {
  double y = 0, x = 0, h = 1, w = 1;
};

/// The largest part of the output's proportions, from the middle.
Crop middle_of(const Plane& plane, const Shape& shape) {
  const auto h = static_cast<double>(plane.h), w = static_cast<double>(plane.w);
  const double scale = std::min(h / static_cast<double>(shape.h), w / static_cast<double>(shape.w));
  Crop crop;
  crop.h = scale * static_cast<double>(shape.h);
  crop.w = scale * static_cast<double>(shape.w);
  crop.y = (h - crop.h) / 2;
  crop.x = (w - crop.w) / 2;
  return crop;
}

/// As MNIST was made: what is drawn fits into 20/28 of the size, its mass in the centre.
Crop around_ink(const Plane& plane, const Shape& shape) {
  const float top = *std::max_element(plane.values.begin(), plane.values.end());
  int64_t y0 = plane.h, y1 = -1, x0 = plane.w, x1 = -1;
  double mass = 0, my = 0, mx = 0;
  for (int64_t y = 0; y < plane.h; ++y)
    for (int64_t x = 0; x < plane.w; ++x) {
      const float value = plane.at(y, x);
      if (value < 0.2f * top || value <= 0) continue;
      y0 = std::min(y0, y), y1 = std::max(y1, y), x0 = std::min(x0, x), x1 = std::max(x1, x);
      mass += value;
      my += value * (static_cast<double>(y) + 0.5);
      mx += value * (static_cast<double>(x) + 0.5);
    }
  if (mass <= 0) return middle_of(plane, shape);
  const double scale = std::max(static_cast<double>(y1 - y0 + 1) / static_cast<double>(shape.h),
                                static_cast<double>(x1 - x0 + 1) / static_cast<double>(shape.w)) *
                       28 / 20;
  Crop crop;
  crop.h = scale * static_cast<double>(shape.h);
  crop.w = scale * static_cast<double>(shape.w);
  crop.y = my / mass - crop.h / 2;
  crop.x = mx / mass - crop.w / 2;
  return crop;
}

void resize(const Plane& plane, const Crop& crop, const Shape& shape, uint8_t* out) {
  const double dy = crop.h / static_cast<double>(shape.h), dx = crop.w / static_cast<double>(shape.w);
  for (int64_t y = 0; y < shape.h; ++y)
    for (int64_t x = 0; x < shape.w; ++x) {
      const double top = crop.y + dy * static_cast<double>(y), left = crop.x + dx * static_cast<double>(x);
      const double value = box_mean(plane, top, top + dy, left, left + dx);
      out[y * shape.w + x] = static_cast<uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
    }
}

bool hidden(const std::filesystem::path& path) {
  return path.filename().string().starts_with('.');
}

/// Entries of a folder in the order of their names.
std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder,
                                                         std::error_code& problem) {
  std::vector<std::filesystem::directory_entry> entries;
  for (std::filesystem::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (hidden(at->path())) continue;
    entries.push_back(*at);
    if (static_cast<int64_t>(entries.size()) > kMostFolderFiles) break;
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return entries;
}

}  // namespace

std::vector<uint8_t> prepare_picture(const Tensor& picture, const Preparation& preparation) {
  const Shape& shape = preparation.shape;
  const Plane grey = grey_of(picture);
  const bool invert =
      preparation.invert == Invert::always || (preparation.invert == Invert::detect && light_border(grey));
  std::vector<Plane> planes;
  for (int64_t c = 0; c < shape.c; ++c)
    planes.push_back(shape.c == 1 ? grey : channel_of(picture, c));
  if (invert)
    for (Plane& plane : planes)
      for (float& value : plane.values)
        value = 255 - value;
  const bool fits = grey.h == shape.h && grey.w == shape.w;
  const Crop crop =
      preparation.centre && !fits ? around_ink(planes.front(), shape) : middle_of(planes.front(), shape);
  std::vector<uint8_t> out(static_cast<size_t>(shape.count()));
  for (int64_t c = 0; c < shape.c; ++c)
    resize(planes[static_cast<size_t>(c)], crop, shape, out.data() + c * shape.plane());
  return out;
}

Result<ImageFolder> list_image_folder(const std::filesystem::path& folder) {
  const std::string name = displayable(folder.string());
  std::error_code problem;
  ImageFolder found;
  const auto classes = entries_of(folder, problem);
  if (problem) return Error("nn.data.folder_unreadable").with("path", name).with("reason", problem.message());
  for (const auto& entry : classes) {
    std::error_code ignored;
    if (!entry.is_directory(ignored)) continue;
    const auto files = entries_of(entry.path(), problem);
    if (problem)
      return Error("nn.data.folder_unreadable")
          .with("path", displayable(entry.path().string()))
          .with("reason", problem.message());
    if (static_cast<int64_t>(found.classes.size()) >= kMostClasses)
      return Error("nn.data.folder_too_many_classes").with("path", name).with("most", kMostClasses);
    for (const auto& file : files) {
      if (!file.is_regular_file(ignored)) continue;
      found.files.push_back(file.path());
      found.labels.push_back(static_cast<uint16_t>(found.classes.size()));
      if (static_cast<int64_t>(found.files.size()) > kMostFolderFiles)
        return Error("nn.data.folder_too_many_files").with("path", name).with("most", kMostFolderFiles);
    }
    if (found.labels.empty() || found.labels.back() != found.classes.size())
      return Error("nn.data.folder_empty_class").with("path", displayable(entry.path().string()));
    found.classes.push_back(displayable(entry.path().filename().string(), 40));
  }
  if (found.classes.size() < 2) return Error("nn.data.folder_few_classes").with("path", name);
  return found;
}

Result<Samples> load_image_folder(const ImageFolder& folder, const Preparation& preparation,
                                  const PictureLoader& load, Progress* progress) {
  Samples samples;
  samples.shape = preparation.shape;
  samples.classes = folder.classes;
  if (progress) progress->total = static_cast<int64_t>(folder.files.size());
  for (size_t i = 0; i < folder.files.size(); ++i) {
    const Result<LoadedInput> loaded = load(folder.files[i]);
    if (!loaded) return loaded.error();
    const std::vector<uint8_t> pixels = prepare_picture(*loaded->tensor, preparation);
    samples.pixels.insert(samples.pixels.end(), pixels.begin(), pixels.end());
    samples.labels.push_back(folder.labels[i]);
    if (!progress) continue;
    ++progress->done;
    if (progress->cancelled) return Error("nn.data.cancelled");
  }
  return samples;
}

}  // namespace poolscope
