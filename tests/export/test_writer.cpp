#include <doctest/doctest.h>

#include <fstream>

#include "app/export/film_writer.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;

namespace {

FilmPicture picture(uint8_t level) {
  return {8, 6, std::vector<uint8_t>(8 * 6 * 4, level), 50};
}

/// Writes `count` pictures; the writer's status.
Status write_film(FilmFormat format, const std::filesystem::path& path, bool replace, int count) {
  FilmWriter writer(format, path, {8, 6, "caption"}, replace);
  for (int i = 0; i < count; ++i) {
    writer.wait_for_room();
    writer.add(picture(static_cast<uint8_t>(i)));
  }
  writer.end();
  writer.wait();
  return writer.status();
}

}  // namespace

TEST_CASE("the thread writes what the encoder makes") {
  const ScratchFolder folder;
  const auto path = folder.path() / "film.gif";
  CHECK(write_film(FilmFormat::gif, path, false, 30).ok());
  const auto encoder = make_encoder(FilmFormat::gif, path, {8, 6, "caption"});
  for (int i = 0; i < 30; ++i)
    REQUIRE(encoder->add(picture(static_cast<uint8_t>(i))).ok());
  CHECK((ScratchFolder::read(path) == encoder->finish()->front().bytes));
}

TEST_CASE("an existing file stays as it is unless it may be replaced") {
  const ScratchFolder folder;
  const auto path = folder.path() / "film.webp";
  std::ofstream(path) << "old";
  const Status refused = write_film(FilmFormat::webp, path, false, 2);
  CHECK(refused.error().key == "export.error.exists");
  CHECK(ScratchFolder::read(path) == "old");
  CHECK(write_film(FilmFormat::webp, path, true, 2).ok());
  CHECK(ScratchFolder::read(path).substr(0, 4) == "RIFF");
  // One of the numbered files is there: none of them is written.
  std::ofstream(folder.path() / "p-0002.png") << "old";
  CHECK(!write_film(FilmFormat::png_frames, folder.path() / "p.png", false, 3).ok());
  CHECK(!std::filesystem::exists(folder.path() / "p-0001.png"));
  CHECK(ScratchFolder::read(folder.path() / "p-0002.png") == "old");
}

TEST_CASE("what is cancelled, or left before its end, writes nothing") {
  const ScratchFolder folder;
  for (const bool by_hand : {true, false}) {
    FilmWriter writer(FilmFormat::png_frames, folder.path() / "p.png", {8, 6, ""}, true);
    writer.add(picture(1));
    if (!by_hand) continue;
    writer.cancel();
    writer.wait();
    CHECK(writer.cancelled());
    CHECK(writer.status().ok());
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}
