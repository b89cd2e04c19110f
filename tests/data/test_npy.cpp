#include <doctest/doctest.h>

#include <cstring>
#include <limits>

#include "core/data/npy.h"

using namespace poolscope;

namespace {

template <class T>
std::string file(const std::string& descr, const std::string& shape, const std::vector<T>& values,
                 const std::string& order = "False") {
  std::string dict = "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(dict.size());
  bytes += '\0';
  bytes += dict;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return bytes;
}

Result<NpyArray> parse(const std::string& bytes) {
  return parse_npy({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, "a.npy");
}

std::string refusal(const std::string& bytes) {
  const Result<NpyArray> result = parse(bytes);
  return result ? "accepted" : result.error().key;
}

}  // namespace

TEST_CASE("float32, float64 and uint8 in 2 to 4 dimensions") {
  const Result<NpyArray> floats = parse(file<float>("'<f4'", "(2, 3)", {1, 2, 3, 4, 5, 6.5f}));
  REQUIRE(floats.ok());
  CHECK(floats->dimensions == 2);
  CHECK(floats->tensor.same_bits(Tensor::matrix({{1, 2, 3}, {4, 5, 6.5f}})));

  const Result<NpyArray> doubles = parse(file<double>("'<f8'", "(2, 1, 2)", {1, 2, 0.1, -4}));
  REQUIRE(doubles.ok());
  CHECK(doubles->dimensions == 3);
  CHECK(doubles->tensor.shape() == Shape{1, 2, 1, 2});
  CHECK(doubles->tensor.at(0, 1, 0, 0) == 0.1f);

  const Result<NpyArray> bytes = parse(file<uint8_t>("'|u1'", "(2, 1, 1, 2)", {0, 255, 7, 8}));
  REQUIRE(bytes.ok());
  CHECK(bytes->dimensions == 4);
  CHECK(bytes->tensor.shape() == Shape{2, 1, 1, 2});
  CHECK(bytes->tensor.at(0, 0, 0, 1) == 255);
}

TEST_CASE("anything else is refused by name") {
  const std::vector<float> four = {1, 2, 3, 4};
  CHECK(refusal(file<float>("'>f4'", "(2, 2)", four)) == "files.npy_type");
  CHECK(refusal(file<int64_t>("'<i8'", "(2, 2)", {1, 2, 3, 4})) == "files.npy_type");
  CHECK(refusal(file<float>("[('a', '<f4')]", "(2, 2)", four)) == "files.npy_type");
  CHECK(refusal(file<float>("'<f4'", "(2, 2)", four, "True")) == "files.npy_fortran");
  CHECK(refusal(file<float>("'<f4'", "(4,)", four)) == "files.npy_dimensions");
  CHECK(refusal(file<float>("'<f4'", "()", {1})) == "files.npy_dimensions");
  CHECK(refusal(file<float>("'<f4'", "(1, 1, 1, 2, 2)", four)) == "files.npy_dimensions");
  CHECK(refusal(file<float>("'<f4'", "(0, 4)", {})) == "files.npy_empty");
  CHECK(refusal(file<float>("'<f4'", "(2, 3)", four)) == "files.npy_size");
  CHECK(refusal(file<float>("'<f4'", "(2, 1)", four)) == "files.npy_size");
  CHECK(refusal(file<float>("'<f4'", "(4611686018427387904, 4)", four)) == "files.npy_too_many");
  CHECK(refusal(file<float>("'<f4'", "(99999999999999999999, 4)", four)) == "files.npy_header");
  CHECK(refusal(file<float>("'<f4'", "(-2, -2)", four)) == "files.npy_header");
  CHECK(refusal(file<float>("'<f4'", "(2 2)", four)) == "files.npy_header");
  CHECK(refusal(file<double>("'<f8'", "(1, 2)", {1, 1e300})) == "files.npy_range");
  std::string version = file<float>("'<f4'", "(2, 2)", four);
  version[6] = 9;
  CHECK(refusal(version) == "files.npy_version");
  CHECK(refusal("") == "files.npy_truncated");
  CHECK(refusal("PK\x03\x04 not an array") == "files.npy_header");
}

TEST_CASE("no beginning of a file is accepted") {
  const std::string whole = file<float>("'<f4'", "(2, 2)", {1, 2, 3, 4});
  REQUIRE(refusal(whole) == "accepted");
  for (size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal(whole.substr(0, length)) != "accepted");
  }
}

TEST_CASE("what is written reads back the same") {
  Tensor tensor({2, 3, 4, 5});
  for (int64_t i = 0; i < tensor.count(); ++i)
    tensor.data()[i] = static_cast<float>(i) * 0.37f - 3;
  tensor.data()[5] = std::numeric_limits<float>::quiet_NaN();
  const std::string bytes = encode_npy(tensor, 4);
  CHECK((bytes.size() - static_cast<size_t>(tensor.count()) * 4) % 64 == 0);
  const Result<NpyArray> back = parse(bytes);
  REQUIRE(back.ok());
  CHECK(back->dimensions == 4);
  CHECK(back->tensor.same_bits(tensor));

  const std::string matrix = encode_npy(Tensor::matrix({{1, 2}, {3, 4}}), 2);
  CHECK(matrix.find("'shape': (2, 2), }") != std::string::npos);
  CHECK(parse(matrix)->dimensions == 2);
}

TEST_CASE("indices are written as int64") {
  const std::vector<int64_t> indices = {0, 5, -1, 15};
  const std::string bytes = encode_npy(indices, {1, 1, 2, 2}, 3);
  CHECK(bytes.find("'descr': '<i8'") != std::string::npos);
  CHECK(bytes.find("'shape': (1, 2, 2), }") != std::string::npos);
  CHECK(std::memcmp(bytes.data() + bytes.size() - 32, indices.data(), 32) == 0);
}
