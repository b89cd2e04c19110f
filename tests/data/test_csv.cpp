#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/data/csv.h"

using namespace poolscope;

namespace {

Message refusal(std::string_view text) {
  const Result<Tensor> result = parse_csv(text, "m.csv");
  return result ? Message() : result.error();
}

}  // namespace

TEST_CASE("numbers are separated by commas, semicolons, tabs or blanks") {
  const Tensor wanted = Tensor::matrix({{1, -2.5f, 3}, {4, 5e2f, 6}});
  for (const char* text : {"1,-2.5,3\n4,5e2,6\n", "1;-2.5;3\r\n4;5e2;6", "1\t-2.5\t3\n4\t5e2\t6\n",
                           "  1  -2.5 3\n4 5e2    6  \n", "\n1, -2.5 ,3\n4,5e2,6\n\n\n",
                           "\xef\xbb\xbf# a header\n1,-2.5,3\n4,5e2,6\n"}) {
    CAPTURE(text);
    const Result<Tensor> result = parse_csv(text, "m.csv");
    REQUIRE(result.ok());
    CHECK(result->same_bits(wanted));
  }
}

TEST_CASE("special values") {
  const Result<Tensor> result = parse_csv("nan,inf\n-inf,+0.5\n", "m.csv");
  REQUIRE(result.ok());
  CHECK(std::isnan(result->at(0, 0, 0, 0)));
  CHECK(result->at(0, 0, 0, 1) == std::numeric_limits<float>::infinity());
  CHECK(result->at(0, 0, 1, 0) == -std::numeric_limits<float>::infinity());
  CHECK(result->at(0, 0, 1, 1) == 0.5f);
}

TEST_CASE("a broken matrix is refused with its place") {
  const auto error = [](const char* key) { return Error(key).with("file", "m.csv"); };
  CHECK(refusal("") == error("files.csv_empty"));
  CHECK(refusal("\n \n# nothing\n") == error("files.csv_empty"));
  CHECK(refusal("1,2\n3\n") ==
        error("files.csv_ragged").with("line", 2).with("columns", 1).with("wanted", 2));
  CHECK(refusal("1,2\n3,four\n") ==
        error("files.csv_not_a_number").with("line", 2).with("column", 2).with("text", "four"));
  CHECK(refusal("1,,3\n") == error("files.csv_empty_cell").with("line", 1).with("column", 2));
  CHECK(refusal("1;2\n3;4,5\n").key == "files.csv_not_a_number");
  CHECK(refusal("1 2\n0x10 4\n").key == "files.csv_not_a_number");
  CHECK(refusal("1e50\n").key == "files.csv_not_a_number");
  CHECK(refusal("1,\x1b[31m\n").args.back().value == "\\x1b[31m");
  CHECK(refusal("1 2\n3 4\n\n5 6\n") ==
        error("files.csv_planes").with("line", 4).with("rows", 1).with("wanted", 2));
  CHECK(refusal(std::string(100, '1')).key == "files.csv_not_a_number");
}

TEST_CASE("more than 4096 rows or columns are refused") {
  std::string row, rows;
  for (int i = 0; i < 4096; ++i) {
    row += "1 ";
    rows += "1\n";
  }
  CHECK(parse_csv(row, "m.csv").ok());
  CHECK(parse_csv(rows, "m.csv").ok());
  CHECK(refusal(row + "1").key == "files.csv_too_many");
  CHECK(refusal(rows + "1").key == "files.csv_too_many");
}

TEST_CASE("what is written reads back the same, planes separated by an empty line") {
  Tensor tensor({1, 2, 3, 2});
  for (int64_t i = 0; i < tensor.count(); ++i)
    tensor.data()[i] = 1.0f / static_cast<float>(i + 1) - 0.3f;
  tensor.at(0, 1, 2, 1) = -std::numeric_limits<float>::infinity();
  const std::string text = encode_csv(tensor);
  CHECK(text.find("\n\n") != std::string::npos);
  const Result<Tensor> back = parse_csv(text, "m.csv");
  REQUIRE(back.ok());
  CHECK(back->same_bits(tensor));
  CHECK(encode_csv(Tensor::matrix({{1, 2.5f}, {-3, 4}})) == "1,2.5\n-3,4\n");
}
