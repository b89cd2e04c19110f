#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/pooling/kinds.h"
#include "core/pooling/pool.h"
#include "core/pooling/trace.h"

using namespace poolscope;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path kGolden = POOLSCOPE_GOLDEN;

bool absent() {
  if (fs::exists(kGolden)) return false;
  MESSAGE("skipped: no reference answers at ", kGolden.string());
  return true;
}

/// Just enough of NumPy's format for these files, and on purpose not the program's own reader.
template <class T>
std::vector<T> read_npy(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_MESSAGE(bytes.size() > 10, path.string());
  const size_t header =
      10 + static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  const char* type = std::is_same_v<T, float> ? "'<f4'" : "'<i8'";
  REQUIRE_MESSAGE(bytes.substr(0, header).find(type) != std::string::npos, path.string());
  std::vector<T> values((bytes.size() - header) / sizeof(T));
  std::memcpy(values.data(), bytes.data() + header, values.size() * sizeof(T));
  return values;
}

Shape shape_of(const json& list) {
  return {list.at(0).get<int64_t>(), list.at(1).get<int64_t>(), list.at(2).get<int64_t>(),
          list.at(3).get<int64_t>()};
}

Tensor read_tensor(const fs::path& folder, const json& meta, const std::string& name) {
  Tensor tensor(shape_of(meta.at("files").at(name).at("shape")));
  const std::vector<float> values = read_npy<float>(folder / (name + ".npy"));
  REQUIRE(static_cast<int64_t>(values.size()) == tensor.count());
  std::copy(values.begin(), values.end(), tensor.data());
  return tensor;
}

Size2 pair_of(const json& params, const char* name, Size2 otherwise) {
  if (!params.contains(name)) return otherwise;
  return {params[name].at(0).get<int64_t>(), params[name].at(1).get<int64_t>()};
}

/// PyTorch's parameters as a PoolSpec.
PoolSpec spec_of(const std::string& op, const json& params) {
  PoolSpec spec;
  if (op == "max") {
    spec.kind = Kind::max;
  } else if (op == "avg") {
    spec.kind = Kind::average;
  } else if (op == "lp") {
    REQUIRE(params.at("norm") == 2);
    spec.kind = Kind::l2;
  } else {
    REQUIRE((op == "adaptive_avg" || op == "adaptive_max"));
    spec.kind = op == "adaptive_avg" ? Kind::adaptive_average : Kind::adaptive_max;
  }
  spec.output_size = pair_of(params, "output_size", spec.output_size);
  spec.window = pair_of(params, "kernel", spec.window);
  spec.stride = pair_of(params, "stride", spec.stride);
  spec.padding = pair_of(params, "padding", spec.padding);
  spec.dilation = pair_of(params, "dilation", spec.dilation);
  if (params.value("ceil_mode", false)) spec.rounding = Rounding::ceil;
  spec.count_padding = params.value("count_include_pad", true);
  if (params.contains("divisor_override") && !params["divisor_override"].is_null())
    spec.divisor = params["divisor_override"].get<int64_t>();
  return spec;
}

/// How many values differ by more than `absolute` + `relative` * |expected|; NaN equals NaN.
int64_t differences(const Tensor& got, const Tensor& expected, double relative, double absolute) {
  if (got.shape() != expected.shape()) return -1;
  int64_t count = 0;
  for (int64_t i = 0; i < got.count(); ++i) {
    const double a = got.data()[i], b = expected.data()[i];
    if (a == b || (std::isnan(a) && std::isnan(b))) continue;
    if (!(std::fabs(a - b) <= absolute + relative * std::fabs(b))) ++count;
  }
  return count;
}

void check_case(const fs::path& folder, const json& meta, const PoolSpec& spec) {
  const std::string name = meta.at("name").get<std::string>();
  CAPTURE(name);
  const Tensor x = read_tensor(folder, meta, "x"), y = read_tensor(folder, meta, "y"),
               gy = read_tensor(folder, meta, "gy"), gx = read_tensor(folder, meta, "gx");
  const Result<PoolPlan> plan = validate(spec, x.shape());
  REQUIRE(plan.ok());
  REQUIRE(plan->out == y.shape());
  const PoolOutput output = forward(*plan, x, true);
  CHECK(differences(output.values, y, meta.at("rtol").get<double>(), meta.at("atol").get<double>()) == 0);
  if (meta.at("files").contains("idx")) CHECK(output.indices == read_npy<int64_t>(folder / "idx.npy"));
  const PoolOutput truth = reference_forward(*plan, x, true);
  CHECK(differences(truth.values, y, meta.at("rtol").get<double>(), meta.at("atol").get<double>()) == 0);
  CHECK(truth.indices == output.indices);
  CHECK(differences(reference_backward(*plan, x, gy), gx, meta.at("grad_rtol").get<double>(),
                    meta.at("grad_atol").get<double>()) == 0);
  const Result<Tensor> gradient = backward(*plan, x, gy);
  REQUIRE(gradient.ok());
  CHECK(differences(*gradient, gx, meta.at("grad_rtol").get<double>(), meta.at("grad_atol").get<double>()) ==
        0);
  // What a step shows is what was computed.
  for (int64_t step = 0; step < plan->steps_per_plane(); ++step) {
    const StepRecord record = step_at(*plan, x, x.shape().n - 1, x.shape().c - 1, step);
    const auto at = static_cast<size_t>((x.shape().planes() - 1) * plan->steps_per_plane() + step);
    const float expected = output.values.values()[at];
    // Fast kernels add in float; what selects is the same bit for bit.
    const bool same = kind_info(spec.kind).selects
                          ? std::memcmp(&record.result, &expected, sizeof expected) == 0
                          : std::fabs(record.result - expected) <= 1e-6f * (1 + std::fabs(expected));
    if (!same || (!output.indices.empty() && record.winner_index != output.indices[at]))
      FAIL_CHECK("step " << step << " shows " << record.result << ", the output holds " << expected);
  }
}

int check_cases(const std::string& op, Kind kind) {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    if (!entry.is_directory()) continue;
    std::ifstream file(entry.path() / "meta.json");
    const json meta = json::parse(file);
    if (meta.at("op") != op) continue;
    PoolSpec spec = spec_of(op, meta.at("params"));
    spec.kind = kind;
    check_case(entry.path(), meta, spec);
    ++cases;
  }
  return cases;
}

}  // namespace

TEST_CASE("max pooling agrees with PyTorch: values, indices, gradients") {
  if (absent()) return;
  CHECK(check_cases("max", Kind::max) == 45);
}

TEST_CASE("average pooling agrees with PyTorch: values, gradients") {
  if (absent()) return;
  CHECK(check_cases("avg", Kind::average) == 24);
}

TEST_CASE("Lp pooling agrees with PyTorch: values, gradients") {
  if (absent()) return;
  CHECK(check_cases("lp", Kind::l2) == 10);
  CHECK(check_cases("lp", Kind::lp) == 10);
}

TEST_CASE("adaptive pooling agrees with PyTorch: values, indices, gradients") {
  if (absent()) return;
  CHECK(check_cases("adaptive_max", Kind::adaptive_max) == 14);
  CHECK(check_cases("adaptive_avg", Kind::adaptive_average) == 8);
}

TEST_CASE("what PyTorch refuses is refused") {
  if (absent()) return;
  std::ifstream file(kGolden / "invalid.json");
  const json cases = json::parse(file);
  CHECK(cases.size() > 20);
  for (const json& one : cases) {
    const Result<PoolPlan> plan =
        validate(spec_of(one.at("op").get<std::string>(), one.at("params")), shape_of(one.at("shape")));
    CHECK_MESSAGE(!plan.ok(), one.at("message").get<std::string>());
    if (plan.ok()) continue;
    // Refused for the same reason.
    const std::string message = one.at("message").get<std::string>(), key = plan.error().key;
    const char* reason = message.find("pad should") != std::string::npos        ? "error.pool.padding-half"
                         : message.find("stride should") != std::string::npos   ? "error.pool.stride"
                         : message.find("dilation should") != std::string::npos ? "error.pool.dilation"
                                                                                : "error.pool.no-output";
    CHECK_MESSAGE(key.rfind(reason, 0) == 0, message << " was refused with " << key);
  }
}
