#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/model/network_setup.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/image_folder.h"
#include "core/data/samples.h"
#include "core/nn/model_file.h"

namespace poolscope {

/// All bytes of an ordinary file of at most `most` of them. Errors: "files.*".
Result<std::vector<uint8_t>> read_file_bytes(const std::filesystem::path& path, int64_t most);

/// "train" or "t10k" of a folder with MNIST's IDX files, plain or packed, whatever their names' separator.
/// At least `classes` classes.
Result<Samples> read_mnist(const std::filesystem::path& folder, const std::string& part, int64_t classes);

/// One folder of pictures for each class, made to `shape`. `load` decodes: with half of its wish at least as
/// large as `shape`, it may make large pictures small.
Result<Samples> read_picture_folder(const std::filesystem::path& folder, const Shape& shape,
                                    const PictureLoader& load, Progress* progress = nullptr);

/// At most `most` of them, chosen by the seed.
Samples limited_samples(Samples samples, int64_t most, uint64_t seed);

/// Drawn digits to test with never meet those to train with: they have another seed.
inline constexpr uint64_t kTestSeedOffset = 1'000'003;

/// To learn from and to test. Blocks; reports and stops through `progress`.
Result<Split> load_network_data(const NetworkData& data, const PictureLoader& load, Progress& progress);

/// Reads and checks a model file.
Result<TrainedModel> read_model(const std::filesystem::path& path);

}  // namespace poolscope
