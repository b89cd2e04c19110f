#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.h"
#include "core/pooling/spec.h"

namespace poolscope {

/// The named fields of one JSON object, read into values or written from them: a setup names each of its
/// fields once, and the same lines do both.
///
///   fields.integer("depth", setup.depth, 1, kDeepest);
///   fields.flag("inverted", setup.inverted);
///
/// Reading is strict but partial: a field that is not there leaves its value as it is; one that nobody asked
/// for, or that holds something else than it should, is an error that names it ("compare.depth"). The first
/// error stays. Every function says whether the field was there (when writing: true).
class StudyFields {
 public:
  using In = nlohmann::json;
  using Out = nlohmann::ordered_json;

  static StudyFields to_read(const In& object);
  static StudyFields to_write(Out& object);

  bool reading() const { return in_ != nullptr; }
  /// Reads only: the field is there.
  bool has(const char* name) const;

  bool flag(const char* name, bool& value);
  bool integer(const char* name, int64_t& value, int64_t low, int64_t high);
  bool integer(const char* name, int& value, int low, int high);
  bool seed(const char* name, uint64_t& value);
  bool number(const char* name, double& value, double low, double high);
  /// Any finite one.
  bool number(const char* name, double& value);
  bool text(const char* name, std::string& value);
  /// One number for both, or [height, width].
  bool size(const char* name, Size2& value, int64_t low, int64_t high);

  /// One of a few names.
  template <class T>
  using Names = std::initializer_list<std::pair<std::string_view, T>>;
  template <class T>
  bool choice(const char* name, T& value, Names<T> names) {
    return choice(name, value, std::vector<std::pair<std::string_view, T>>(names));
  }
  template <class T>
  bool choice(const char* name, T& value, const std::vector<std::pair<std::string_view, T>>& names) {
    std::vector<std::string_view> words;
    std::optional<size_t> place;
    for (const auto& [word, meaning] : names) {
      if (meaning == value) place = words.size();
      words.push_back(word);
    }
    const bool named = choice_of(name, words, place);
    if (named && place) value = names[*place].second;
    return named;
  }

  /// A value or null. `describe(fields, name, value)` reads or writes it as a plain one.
  template <class T, class Describe>
  bool optional(const char* name, std::optional<T>& value, Describe describe) {
    if (!reading()) {
      if (value) return describe(*this, name, *value);
      write_null(name);
      return true;
    }
    if (!has(name)) return false;
    if (take_null(name)) return value.reset(), true;
    T fresh = value.value_or(T{});
    const bool named = describe(*this, name, fresh);
    value = std::move(fresh);
    return named;
  }

  /// Fields inside a field. `describe(fields)`.
  template <class Describe>
  bool object(const char* name, Describe describe) {
    std::optional<StudyFields> inside = enter(name);
    if (!inside) return false;
    describe(*inside);
    inside->close();
    leave(*inside);
    return true;
  }

  /// A list of objects; a list that is named is replaced as a whole. `describe(fields, element)`.
  template <class T, class Describe>
  bool list(const char* name, std::vector<T>& values, size_t fewest, size_t most, Describe describe) {
    const std::optional<size_t> count = enter_list(name, values.size(), fewest, most);
    if (!count) return false;
    if (reading()) values.assign(*count, T{});
    for (size_t i = 0; i < values.size(); ++i) {
      std::optional<StudyFields> inside = enter_element(name, i);
      if (!inside) return true;
      describe(*inside, values[i]);
      inside->close();
      leave(*inside);
    }
    return true;
  }

  /// For what the functions above do not know. The value of the field when reading, and never an error;
  /// nullptr where it is not there.
  const In* peek(const char* name);
  /// Writes the field.
  void put(const char* name, Out value);
  /// Notes an error of this field, unless there is one already; adds {field} to the message.
  void fail(std::string_view name, Message message);
  void fail(Message message);

  /// Refuses fields that nobody asked for. Call at the end, of the outermost object.
  void close();
  bool ok() const { return !error_.has_value(); }
  const std::optional<Error>& error() const { return error_; }

 private:
  StudyFields() = default;
  bool choice_of(const char* name, const std::vector<std::string_view>& words, std::optional<size_t>& place);
  std::optional<int64_t> whole_number(const In& value, int64_t low, int64_t high) const;
  std::optional<StudyFields> enter(const char* name);
  std::optional<size_t> enter_list(const char* name, size_t present, size_t fewest, size_t most);
  std::optional<StudyFields> enter_element(const char* name, size_t index);
  void leave(const StudyFields& inside);
  void write_null(const char* name);
  bool take_null(const char* name);

  const In* in_ = nullptr;
  Out* out_ = nullptr;
  std::string path_;  ///< "compare." in front of this object's fields
  std::vector<std::string_view> asked_;
  std::optional<Error> error_;
};

}  // namespace poolscope
