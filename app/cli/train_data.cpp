#include "app/cli/train_data.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <vector>

#include "app/model/network_data.h"
#include "app/platform/load_input.h"
#include "core/data/digits.h"

namespace poolscope {

namespace {

constexpr int64_t kDrawnTrain = 20'000, kDrawnTest = 2'000;
constexpr double kTestShare = 0.2;

Result<Samples> read_folder(const std::string& path, const Shape& shape) {
  LoadOptions options;
  options.max_side = 4 * std::max(shape.h, shape.w);  // larger ones are made small while they are read
  return read_picture_folder(path, shape,
                             [&](const std::filesystem::path& file) { return load_input(file, options); });
}

Samples limited(Samples samples, const DataLimits& limits) {
  return limits.limit ? limited_samples(std::move(samples), *limits.limit, limits.seed) : samples;
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
                 draw_digits(kDrawnTest, limits.seed + kTestSeedOffset)};
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
    return draw_digits(limits.limit.value_or(kDrawnTest), limits.seed + kTestSeedOffset);
  Result<Samples> samples = request.kind == DataRequest::Kind::folder ? read_folder(request.path, shape)
                                                                      : read_mnist(request.path, "t10k", 2);
  if (!samples) return samples.error();
  return limited(std::move(samples).value(), limits);
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
