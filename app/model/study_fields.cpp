#include "app/model/study_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/data/display_name.h"

namespace poolscope {

namespace {

std::string number_text(double value) {
  return format_short(value, 6);
}

}  // namespace

StudyFields StudyFields::to_read(const In& object) {
  StudyFields fields;
  fields.in_ = &object;
  if (!object.is_object()) fields.error_ = Error("study.not_an_object");
  return fields;
}

StudyFields StudyFields::to_write(Out& object) {
  StudyFields fields;
  object = Out::object();
  fields.out_ = &object;
  return fields;
}

bool StudyFields::has(const char* name) const {
  return in_ != nullptr && in_->is_object() && in_->contains(name);
}

const StudyFields::In* StudyFields::peek(const char* name) {
  asked_.emplace_back(name);
  if (!has(name)) return nullptr;
  return &(*in_)[name];
}

void StudyFields::put(const char* name, Out value) {
  (*out_)[name] = std::move(value);
}

void StudyFields::fail(std::string_view name, Message message) {
  if (error_) return;
  // A person reads it: no control characters, no endless names.
  constexpr size_t kLongestName = 80;
  error_ = std::move(message.with("field", displayable(path_ + std::string(name).substr(0, kLongestName))));
}

void StudyFields::fail(Message message) {
  if (!error_) error_ = std::move(message);
}

bool StudyFields::flag(const char* name, bool& value) {
  if (!reading()) return put(name, value), true;
  const In* found = peek(name);
  if (!found) return false;
  if (found->is_boolean())
    value = found->get<bool>();
  else
    fail(name, Message("study.field.flag"));
  return true;
}

std::optional<int64_t> StudyFields::whole_number(const In& value, int64_t low, int64_t high) const {
  if (!value.is_number_integer()) return std::nullopt;
  const bool huge = value.is_number_unsigned() &&
                    value.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (huge) return std::nullopt;
  const auto number = value.get<int64_t>();
  if (number < low || number > high) return std::nullopt;
  return number;
}

bool StudyFields::integer(const char* name, int64_t& value, int64_t low, int64_t high) {
  if (!reading()) return put(name, value), true;
  const In* found = peek(name);
  if (!found) return false;
  if (const auto number = whole_number(*found, low, high))
    value = *number;
  else
    fail(name, Message("study.field.integer").with("low", low).with("high", high));
  return true;
}

bool StudyFields::integer(const char* name, int& value, int low, int high) {
  int64_t wide = value;
  const bool named = integer(name, wide, low, high);
  value = static_cast<int>(wide);
  return named;
}

bool StudyFields::seed(const char* name, uint64_t& value) {
  if (!reading()) return put(name, value), true;
  const In* found = peek(name);
  if (!found) return false;
  const bool fits = found->is_number_unsigned() || (found->is_number_integer() && found->get<int64_t>() >= 0);
  if (fits)
    value = found->get<uint64_t>();
  else
    fail(name, Message("study.field.seed"));
  return true;
}

bool StudyFields::number(const char* name, double& value, double low, double high) {
  if (!reading()) return put(name, value), true;
  const In* found = peek(name);
  if (!found) return false;
  const double given = found->is_number() ? found->get<double>() : std::nan("");
  if (given >= low && given <= high)
    value = given;
  else
    fail(name, Message("study.field.number").with("low", number_text(low)).with("high", number_text(high)));
  return true;
}

bool StudyFields::number(const char* name, double& value) {
  if (!reading()) return put(name, value), true;
  const In* found = peek(name);
  if (!found) return false;
  if (found->is_number())
    value = found->get<double>();
  else
    fail(name, Message("study.field.any_number"));
  return true;
}

bool StudyFields::text(const char* name, std::string& value) {
  if (!reading()) return put(name, value), true;
  const In* found = peek(name);
  if (!found) return false;
  if (found->is_string())
    value = found->get<std::string>();
  else
    fail(name, Message("study.field.text"));
  return true;
}

bool StudyFields::size(const char* name, Size2& value, int64_t low, int64_t high) {
  if (!reading()) return put(name, Out::array({value.h, value.w})), true;
  const In* found = peek(name);
  if (!found) return false;
  const bool pair = found->is_array() && found->size() == 2;
  const auto h = whole_number(pair ? (*found)[0] : *found, low, high);
  const auto w = whole_number(pair ? (*found)[1] : *found, low, high);
  if (h && w)
    value = {*h, *w};
  else
    fail(name, Message("study.field.size").with("low", low).with("high", high));
  return true;
}

bool StudyFields::choice_of(const char* name, const std::vector<std::string_view>& words,
                            std::optional<size_t>& place) {
  if (!reading()) return put(name, place ? Out(std::string(words[*place])) : Out()), true;
  const In* found = peek(name);
  if (!found) return false;
  if (found->is_string()) {
    const auto& given = found->get_ref<const std::string&>();
    const auto word = std::find(words.begin(), words.end(), given);
    if (word != words.end()) return place = static_cast<size_t>(word - words.begin()), true;
  }
  std::string allowed;
  for (const std::string_view word : words)
    allowed += (allowed.empty() ? "" : ", ") + std::string(word);
  fail(name, Message("study.field.choice").with("allowed", allowed));
  return true;
}

void StudyFields::write_null(const char* name) {
  put(name, nullptr);
}

bool StudyFields::take_null(const char* name) {
  const In* found = peek(name);
  return found != nullptr && found->is_null();
}

std::optional<StudyFields> StudyFields::enter(const char* name) {
  StudyFields inside;
  inside.path_ = path_ + name + ".";
  if (!reading()) {
    put(name, Out::object());
    inside.out_ = &(*out_)[name];
    return inside;
  }
  const In* found = peek(name);
  if (!found) return std::nullopt;
  if (!found->is_object()) return fail(name, Message("study.field.object")), std::nullopt;
  inside.in_ = found;
  return inside;
}

std::optional<size_t> StudyFields::enter_list(const char* name, size_t present, size_t fewest, size_t most) {
  if (!reading()) return put(name, Out::array()), present;
  const In* found = peek(name);
  if (!found) return std::nullopt;
  if (found->is_array() && found->size() >= fewest && found->size() <= most) return found->size();
  fail(name, Message("study.field.list")
                 .with("fewest", static_cast<int64_t>(fewest))
                 .with("most", static_cast<int64_t>(most)));
  return std::nullopt;
}

std::optional<StudyFields> StudyFields::enter_element(const char* name, size_t index) {
  StudyFields inside;
  const std::string element = std::string(name) + "[" + std::to_string(index) + "]";
  inside.path_ = path_ + element + ".";
  if (!reading()) {
    Out& list = (*out_)[name];
    list.push_back(Out::object());
    inside.out_ = &list.back();
    return inside;
  }
  const In& found = (*in_)[name][index];
  if (!found.is_object()) return fail(element, Message("study.field.object")), std::nullopt;
  inside.in_ = &found;
  return inside;
}

void StudyFields::leave(const StudyFields& inside) {
  if (!error_) error_ = inside.error_;
}

void StudyFields::close() {
  if (!reading() || error_ || !in_->is_object()) return;
  for (const auto& [name, value] : in_->items())
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
      return fail(name, Message("study.field.unknown"));
}

}  // namespace poolscope
