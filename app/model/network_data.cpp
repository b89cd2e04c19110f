#include "app/model/network_data.h"

#include <fstream>
#include <system_error>

#include "core/data/digits.h"
#include "core/data/display_name.h"
#include "core/data/idx.h"

namespace poolscope {

namespace {

/// MNIST's files have had several names.
Result<std::vector<uint8_t>> read_idx(const std::filesystem::path& folder, const std::string& stem,
                                      const char* format, std::string& name) {
  for (const char separator : {'-', '.'})
    for (const char* ending : {"", ".gz"}) {
      const std::filesystem::path path = folder / (stem + separator + format + ending);
      std::error_code ignored;
      if (!std::filesystem::exists(path, ignored)) continue;
      name = display_name(path);
      return read_file_bytes(path, kMostIdxBytes);
    }
  return Error("nn.data.no_idx").with("path", displayable(folder.string())).with("file", stem + "-" + format);
}

Result<Split> load_mnist(const NetworkData& data, Progress& progress) {
  progress.total = 2;
  Result<Samples> train = read_mnist(data.folder, "train", 2);
  if (!train) return train.error();
  progress.done = 1;
  const auto classes = static_cast<int64_t>(train->classes.size());
  Result<Samples> test = read_mnist(data.folder, "t10k", classes);
  if (!test) return test.error();
  return Split{std::move(train).value(), std::move(test).value()};
}

}  // namespace

Result<std::vector<uint8_t>> read_file_bytes(const std::filesystem::path& path, int64_t most) {
  std::error_code problem;
  const std::filesystem::file_status status = std::filesystem::status(path, problem);
  const std::string shown = displayable(path.string());
  if (!std::filesystem::exists(status)) return Error("files.not_found").with("path", shown);
  if (std::filesystem::is_directory(status)) return Error("files.is_folder").with("path", shown);
  if (!std::filesystem::is_regular_file(status)) return Error("files.not_regular").with("path", shown);
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path, problem));
  if (!problem && size > most)
    return Error("files.too_many_bytes")
        .with("file", display_name(path))
        .with("size", size >> 20)
        .with("limit", most >> 20);
  std::ifstream file(path, std::ios::binary);
  if (problem || !file) return Error("files.not_allowed").with("path", shown);
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  return bytes;
}

Result<Samples> read_mnist(const std::filesystem::path& folder, const std::string& part, int64_t classes) {
  std::string images_name, labels_name;
  const Result<std::vector<uint8_t>> image_bytes =
      read_idx(folder, part + "-images", "idx3-ubyte", images_name);
  if (!image_bytes) return image_bytes.error();
  const Result<std::vector<uint8_t>> label_bytes =
      read_idx(folder, part + "-labels", "idx1-ubyte", labels_name);
  if (!label_bytes) return label_bytes.error();
  Result<IdxImages> images = parse_idx_images(*image_bytes, images_name);
  if (!images) return images.error();
  Result<std::vector<uint8_t>> labels = parse_idx_labels(*label_bytes, labels_name);
  if (!labels) return labels.error();
  return join_idx(std::move(images).value(), std::move(labels).value(), labels_name, classes);
}

Result<Samples> read_picture_folder(const std::filesystem::path& path, const Shape& shape,
                                    const PictureLoader& load, Progress* progress) {
  const Result<ImageFolder> folder = list_image_folder(path);
  if (!folder) return folder.error();
  Preparation preparation;
  preparation.shape = shape;
  preparation.invert = Invert::never;
  preparation.centre = false;
  return load_image_folder(*folder, preparation, load, progress);
}

Samples limited_samples(Samples samples, int64_t most, uint64_t seed) {
  if (most >= samples.count()) return samples;
  std::vector<int64_t> order = shuffled(samples.count(), seed);
  order.resize(static_cast<size_t>(most));
  return choose_samples(samples, order);
}

Result<Split> load_network_data(const NetworkData& data, const PictureLoader& load, Progress& progress) {
  if (data.source == DataSource::digits)
    return Split{draw_digits(data.train, data.seed), draw_digits(data.test, data.seed + kTestSeedOffset)};
  Result<Split> split = [&]() -> Result<Split> {
    if (data.source == DataSource::mnist) return load_mnist(data, progress);
    const Shape shape{1, data.colour ? 3 : 1, data.side, data.side};
    Result<Samples> all = read_picture_folder(data.folder, shape, load, &progress);
    if (!all) return all.error();
    return split_samples(*all, data.test_share, data.seed);
  }();
  if (!split) return split.error();
  split->train = limited_samples(std::move(split->train), data.train, data.seed);
  split->test = limited_samples(std::move(split->test), data.test, data.seed);
  return split;
}

Result<TrainedModel> read_model(const std::filesystem::path& path) {
  const Result<std::vector<uint8_t>> bytes = read_file_bytes(path, kMostModelBytes);
  if (!bytes) return bytes.error();
  return parse_model(*bytes, display_name(path));
}

}  // namespace poolscope
