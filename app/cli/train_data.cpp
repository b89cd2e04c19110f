#include "app/cli/train_data.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "app/platform/load_input.h"
#include "core/data/digits.h"
#include "core/data/display_name.h"
#include "core/data/idx.h"

namespace poolscope {

namespace {

constexpr int64_t kDrawnTrain = 20'000, kDrawnTest = 2'000;
constexpr double kTestShare = 0.2;

/// All bytes of an ordinary file of at most `most` of them.
Result<std::vector<uint8_t>> read_bytes(const std::filesystem::path& path, int64_t most) {
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

/// MNIST's files have had several names.
Result<std::vector<uint8_t>> read_idx(const std::string& folder, const std::string& stem, const char* format,
                                      std::string& name) {
  for (const char separator : {'-', '.'})
    for (const char* ending : {"", ".gz"}) {
      const std::filesystem::path path = std::filesystem::path(folder) / (stem + separator + format + ending);
      std::error_code ignored;
      if (!std::filesystem::exists(path, ignored)) continue;
      name = display_name(path);
      return read_bytes(path, kMostIdxBytes);
    }
  return Error("nn.data.no_idx").with("path", displayable(folder)).with("file", stem + "-" + format);
}

/// "train" or "t10k".
Result<Samples> read_mnist(const std::string& folder, const std::string& part, int64_t classes) {
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

Result<Samples> read_folder(const std::string& path, const Shape& shape) {
  const Result<ImageFolder> folder = list_image_folder(path);
  if (!folder) return folder.error();
  Preparation preparation;
  preparation.shape = shape;
  preparation.invert = Invert::never;
  preparation.centre = false;
  LoadOptions options;
  options.max_side = 4 * std::max(shape.h, shape.w);  // larger ones are made small while they are read
  return load_image_folder(*folder, preparation,
                           [&](const std::filesystem::path& file) { return load_input(file, options); });
}

Samples limited(Samples samples, const DataLimits& limits) {
  if (!limits.limit || *limits.limit >= samples.count()) return samples;
  std::vector<int64_t> order = shuffled(samples.count(), limits.seed);
  order.resize(static_cast<size_t>(*limits.limit));
  return choose_samples(samples, order);
}

}  // namespace

Result<DataRequest> parse_data(const Arguments& arguments) {
  const std::string* typed = arguments.find("data");
  if (typed == nullptr) return Error("nn.cli.no_data");
  DataRequest request;
  request.typed = *typed;
  if (*typed == "digits") return request;
  for (const auto& [prefix, kind] :
       {std::pair{std::string("mnist:"), DataRequest::Kind::mnist}, {"folder:", DataRequest::Kind::folder}}) {
    if (!typed->starts_with(prefix) || typed->size() == prefix.size()) continue;
    request.kind = kind;
    request.path = typed->substr(prefix.size());
    return request;
  }
  return not_a_choice("--data", *typed, "digits, mnist:DIR, folder:DIR");
}

Result<Split> load_split(const DataRequest& request, const DataLimits& limits, const Shape& shape) {
  if (request.kind == DataRequest::Kind::digits)
    return Split{draw_digits(limits.limit.value_or(kDrawnTrain), limits.seed),
                 draw_digits(kDrawnTest, limits.seed + 1'000'003)};
  if (request.kind == DataRequest::Kind::folder) {
    Result<Samples> all = read_folder(request.path, shape);
    if (!all) return all.error();
    Split split = split_samples(*all, kTestShare, limits.seed);
    split.train = limited(std::move(split.train), limits);
    return split;
  }
  Result<Samples> train = read_mnist(request.path, "train", 2);
  if (!train) return train.error();
  const auto classes = static_cast<int64_t>(train->classes.size());
  Result<Samples> test = read_mnist(request.path, "t10k", classes);
  if (!test) return test.error();
  return Split{limited(std::move(train).value(), limits), std::move(test).value()};
}

Result<Samples> load_test(const DataRequest& request, const DataLimits& limits, const Shape& shape) {
  if (request.kind == DataRequest::Kind::digits)
    return draw_digits(limits.limit.value_or(kDrawnTest), limits.seed + 1'000'003);
  Result<Samples> samples = request.kind == DataRequest::Kind::folder ? read_folder(request.path, shape)
                                                                      : read_mnist(request.path, "t10k", 2);
  if (!samples) return samples.error();
  return limited(std::move(samples).value(), limits);
}

Result<TrainedModel> read_model(const std::string& path) {
  const Result<std::vector<uint8_t>> bytes = read_bytes(path, kMostModelBytes);
  if (!bytes) return bytes.error();
  return parse_model(*bytes, display_name(path));
}

Result<double> to_rate(std::string_view option, const std::string& typed) {
  double value = 0;
  const auto [end, problem] = std::from_chars(typed.data(), typed.data() + typed.size(), value);
  if (problem == std::errc() && end == typed.data() + typed.size() && std::isfinite(value) && value > 0)
    return value;
  return Error("nn.cli.not_a_rate").with("option", std::string(option)).with("value", typed);
}

Status read_number(const Arguments& arguments, std::string_view name, int64_t least, int64_t most,
                   int64_t& value) {
  const std::string* typed = arguments.find(name);
  if (typed == nullptr) return {};
  const Result<int64_t> number = to_integer("--" + std::string(name), *typed, least, most);
  if (!number.ok()) return number.error();
  value = *number;
  return {};
}

}  // namespace poolscope
