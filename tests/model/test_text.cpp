#include <doctest/doctest.h>

#include <cstdlib>

#include "app/model/text.h"
#include "core/data/builtin.h"
#include "core/pooling/kinds.h"
#include "tests/model/scratch_folder.h"

using namespace poolscope;

namespace {

Texts load(const ScratchFolder& folder) {
  Result<Texts> texts = Texts::load(folder.path());
  REQUIRE_MESSAGE(texts.ok(), (texts.ok() ? "" : format_without_texts(texts.error())));
  return std::move(*texts);
}

std::string failure(const ScratchFolder& folder) {
  const Result<Texts> texts = Texts::load(folder.path());
  REQUIRE(!texts.ok());
  return format_without_texts(texts.error());
}

}  // namespace

TEST_CASE("tables become dotted keys, in every language") {
  ScratchFolder folder;
  folder.put("languages/en/a.toml",
             "[language]\nname = 'English'\n[kind]\nmax = 'Max'\n'max.hint' = 'Largest'\n");
  folder.put("languages/en/b.toml", "top = 'x'\n[a.b]\nc = 'deep'\n");
  folder.put("languages/zh/a.toml", "[language]\nname = '中文'\n[kind]\nmax = '最大'\n");
  folder.put("languages/zh/notes.txt", "not a table");
  Texts texts = load(folder);
  REQUIRE(texts.languages().size() == 2);
  CHECK(texts.languages()[0].name == "English");
  CHECK(texts.languages()[1].code == "zh");
  CHECK(texts.languages()[1].name == "中文");
  CHECK(texts.get("kind.max") == "Max");
  CHECK(texts.get("kind.max.hint") == "Largest");
  CHECK(texts.get("a.b.c") == "deep");
  CHECK(texts.get("top") == "x");
  CHECK(texts.missing().empty());

  CHECK(texts.set_language("zh"));
  CHECK(texts.language() == "zh");
  CHECK(texts.get("kind.max") == "最大");
  CHECK(!texts.set_language("fr"));
  CHECK(texts.language() == "zh");
  CHECK(texts.has("kind.max"));
  CHECK(!texts.has("kind.max.hint"));
  CHECK(texts.get("kind.max.hint") == "kind.max.hint");
  CHECK(texts.missing().size() == 1);
  CHECK(Texts::load(folder.path(), "zh")->language() == "zh");
  CHECK(Texts::load(folder.path(), "fr")->language() == "en");
}

TEST_CASE("a message fills the placeholders of its text") {
  ScratchFolder folder;
  folder.put("languages/en/a.toml",
             "plain = 'no {placeholder'\nsum = '{a} + {b} = {c}, {a}'\nbraces = '{{a}} {a}'\n"
             "outer = 'pooling by {@kind} of {a}'\nmax = 'max({a}, {@kind})'\n");
  const Texts texts = load(folder);
  const auto say = [&](const char* key, std::vector<Arg> args) { return texts.format(Message(key, args)); };
  CHECK(say("sum", {{"a", "1"}, {"b", "{a}"}, {"c", "3"}}) == "1 + {a} = 3, 1");
  CHECK(say("sum", {{"a", "1"}}) == "1 + {b} = {c}, 1");
  CHECK(say("braces", {{"a", "7"}}) == "{a} 7");
  CHECK(say("plain", {}) == "no {placeholder");
  CHECK(say("outer", {{"kind", "max"}, {"a", "9"}}) == "pooling by max(9, max({a}, {@kind})) of 9");
  CHECK(say("outer", {{"kind", "min"}, {"a", "9"}}) == "pooling by min of 9");
  CHECK(say("nothing", {{"a", "1"}}) == "nothing");
  CHECK(texts.missing().contains("nothing"));
}

TEST_CASE("all characters of all languages are known, for the fonts") {
  ScratchFolder folder;
  folder.put("languages/en/a.toml", "a = \"ba\\n×\"\n");
  folder.put("languages/zh/a.toml", "a = '池化a😀'\n");
  CHECK(load(folder).characters() == U"ab×化池😀");
}

TEST_CASE("broken texts are one sentence that names the place") {
  ScratchFolder folder;
  CHECK(failure(folder).find("there is no folder") != std::string::npos);
  folder.put("languages/zh/a.toml", "a = 'x'");
  CHECK(failure(folder).find("holds no English") != std::string::npos);
  folder.put("languages/en/a.toml", "a = 'x'\nb = \n");
  CHECK(failure(folder).find("a.toml, line 2") != std::string::npos);
  folder.put("languages/en/a.toml", "a = 'x'\n\nb = 3\n");
  CHECK(failure(folder).find("a.toml, line 3: b is not a text") != std::string::npos);
  folder.put("languages/en/a.toml", "a = 'x'\n");
  folder.put("languages/en/b.toml", "\na = 'y'\n");
  CHECK(failure(folder).find("b.toml, line 2: a is there twice") != std::string::npos);
  folder.put("languages/en/b.toml", "b = '\xff\xfe'\n");
  CHECK(failure(folder).find("b.toml, line 1") != std::string::npos);
}

TEST_CASE("the environment chooses the language") {
  const auto with = [](const char* lc_all, const char* messages, const char* lang) {
    const auto set = [](const char* name, const char* value) {
      if (value == nullptr)
        ::unsetenv(name);
      else
        ::setenv(name, value, 1);
    };
    set("LC_ALL", lc_all);
    set("LC_MESSAGES", messages);
    set("LANG", lang);
    return language_of_environment();
  };
  CHECK(with(nullptr, nullptr, nullptr) == "en");
  CHECK(with(nullptr, nullptr, "zh_CN.UTF-8") == "zh");
  CHECK(with("", "zh.UTF-8", "en_GB.UTF-8") == "zh");
  CHECK(with("C.UTF-8", "zh_CN", "zh_CN") == "en");
  CHECK(with("POSIX", nullptr, "zh_CN") == "en");
}

TEST_CASE("our own texts load, and keys that are put together have their words in every language") {
  Result<Texts> loaded = Texts::load(POOLSCOPE_ASSETS);
  REQUIRE(loaded.ok());
  Texts& texts = *loaded;
  REQUIRE(texts.languages().size() == 2);
  CHECK(texts.languages()[0].name == "English");
  CHECK(texts.languages()[1].name == "中文");
  CHECK(texts.characters().find(U'中') != std::u32string::npos);
  for (const Language& language : texts.languages()) {
    REQUIRE(texts.set_language(language.code));
    for (const KindInfo& kind : all_kinds())
      for (const char* part : {"", ".hint"})
        CHECK_MESSAGE(texts.has("kind." + std::string(kind.name) + part), kind.name);
    for (const BuiltinInput& input : builtin_inputs())
      CHECK_MESSAGE(texts.has("input." + std::string(input.name)), input.name);
  }
}
