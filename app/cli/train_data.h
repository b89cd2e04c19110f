#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/cli/arguments.h"
#include "core/base/result.h"
#include "core/data/samples.h"

namespace poolscope {

/// What --data says: "digits", "mnist:FOLDER" or "folder:FOLDER".
struct DataRequest {
  enum class Kind { digits, mnist, folder } kind = Kind::digits;
  std::string path;
  std::string typed;
};
/// "nn.cli.no_data", or "cli.error.not_a_choice" for anything else.
Result<DataRequest> parse_data(const Arguments& arguments);

/// How much of it.
struct DataLimits {
  uint64_t seed = 1;             ///< what digits are drawn, how a folder is split
  std::optional<int64_t> limit;  ///< at most that many to learn from, chosen by the seed
};

/// To learn from and to test. Drawn digits: 20,000 and 2,000, drawn apart. MNIST: its two pairs of files,
/// plain or packed. A folder: four fifths and one fifth of every class, prepared for `shape`.
Result<Split> load_split(const DataRequest& request, const DataLimits& limits, const Shape& shape);
/// Only the part to test with; of a folder, all of it.
Result<Samples> load_test(const DataRequest& request, const DataLimits& limits, const Shape& shape);

/// A positive decimal number such as 0.001 or 1e-3.
Result<double> to_rate(std::string_view option, const std::string& typed);
/// Reads a whole number where the option was given.
Status read_number(const Arguments& arguments, std::string_view name, int64_t least, int64_t most,
                   int64_t& value);

}  // namespace poolscope
