#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/input_file.h"
#include "core/data/samples.h"

namespace poolscope {

/// Whether a picture is turned to white on black, as MNIST is: `detect` asks its border, which is paper.
enum class Invert { detect, never, always };

/// How a picture becomes a network's input.
struct Preparation {
  Shape shape{1, 1, 28, 28};  ///< 1 or 3 channels
  Invert invert = Invert::detect;
  /// Cuts out what is drawn, fits it into 20/28 of the size and puts its mass in the centre, as MNIST was
  /// made. Pictures that have the size already are left as they are.
  bool centre = true;
};

/// `picture` is 1 x C x H x W with values 0 to 255; the answer is preparation.shape in bytes. Grey is the
/// mean of the channels weighted as in BT.601; sizes change by the mean of the area that a pixel covers.
std::vector<uint8_t> prepare_picture(const Tensor& picture, const Preparation& preparation);

/// A folder with one folder of pictures for each class.
struct ImageFolder {
  std::vector<std::string> classes;  ///< names of the folders, sorted
  std::vector<std::filesystem::path> files;
  std::vector<uint16_t> labels;  ///< by file
};
inline constexpr int64_t kMostFolderFiles = 100'000;

/// Looks what is there, without opening it; hidden files are left out. Errors: "nn.data.folder_*".
Result<ImageFolder> list_image_folder(const std::filesystem::path& folder);

/// How files are read: the program decodes pictures in a process of its own.
using PictureLoader = std::function<Result<LoadedInput>(const std::filesystem::path&)>;

/// Reads all of them. A picture that cannot be read ends it with that picture's error.
Result<Samples> load_image_folder(const ImageFolder& folder, const Preparation& preparation,
                                  const PictureLoader& load, Progress* progress = nullptr);

}  // namespace poolscope
