#include <algorithm>
#include <charconv>
#include <system_error>

#include "app/cli/commands.h"
#include "app/cli/evidence_json.h"
#include "app/cli/input.h"
#include "app/model/atomic_file.h"
#include "core/data/display_name.h"

namespace poolscope {

namespace {

std::string claim_names() {
  std::vector<std::string> names = {"list"};
  for (const ClaimInfo& info : all_claims())
    names.emplace_back(info.id);
  return join(names);
}

/// By its name, or by its number in the list; nullptr where there is none.
const ClaimInfo* claim_called(const std::string& typed) {
  const std::span<const ClaimInfo> claims = all_claims();
  if (typed.size() == 1 && typed[0] >= '1' && static_cast<size_t>(typed[0] - '0') <= claims.size())
    return &claims[static_cast<size_t>(typed[0] - '1')];
  return find_claim(typed);
}

/// "3", "0.25" or the name of a choice.
Result<double> to_setting(const ClaimParameter& parameter, const std::string& typed) {
  if (parameter.is_switch()) {
    const auto found = std::find(parameter.choices.begin(), parameter.choices.end(), typed);
    if (found != parameter.choices.end()) return static_cast<double>(found - parameter.choices.begin());
    const std::vector<std::string> names(parameter.choices.begin(), parameter.choices.end());
    return not_a_choice("--set " + std::string(parameter.id), typed, join(names));
  }
  const char* end = typed.data() + typed.size();
  double value = 0;
  const auto [stop, problem] = std::from_chars(typed.data(), end, value);
  if (problem == std::errc() && stop == end) return value;
  return Error("cli.error.not_a_real")
      .with("option", "--set " + std::string(parameter.id))
      .with("value", typed)
      .with("least", format_short(parameter.least))
      .with("most", format_short(parameter.most));
}

/// "window=3,noise=0.2"
Status read_settings(const std::string& typed, EvidenceRequest& request) {
  const ClaimInfo& info = claim_info(request.claim);
  for (size_t at = 0; at <= typed.size();) {
    const size_t end = std::min(typed.find(',', at), typed.size());
    const std::string one = typed.substr(at, end - at);
    at = end + 1;
    const size_t equals = std::min(one.find('='), one.size());
    const std::string id = one.substr(0, equals);
    const auto parameter = std::find_if(info.parameters.begin(), info.parameters.end(),
                                        [&](const ClaimParameter& candidate) { return candidate.id == id; });
    if (parameter == info.parameters.end() || equals == one.size()) {
      std::vector<std::string> names;
      for (const ClaimParameter& candidate : info.parameters)
        names.push_back(std::string(candidate.id) + "=");
      return not_a_choice("--set", one, join(names));
    }
    const Result<double> value = to_setting(*parameter, one.substr(equals + 1));
    if (!value.ok()) return value.error();
    request.set(id, *value);
  }
  return {};
}

Result<EvidenceRequest> read_request(const Arguments& arguments, const ClaimInfo& info) {
  EvidenceRequest request = normal_request(info.claim);
  if (const std::string* typed = arguments.find("seed")) {
    const Result<uint64_t> seed = to_seed("--seed", *typed);
    if (!seed.ok()) return seed.error();
    request.seed = *seed;
  }
  if (const std::string* typed = arguments.find("repeats")) {
    // What is counted is not repeated: the number is checked and otherwise ignored.
    const bool repeats = info.repeats > 0;
    const Result<int64_t> count = to_integer("--repeats", *typed, repeats ? info.least_repeats : 1,
                                             repeats ? info.most_repeats : 1'000'000);
    if (!count.ok()) return count.error();
    if (repeats) request.repeats = *count;
  }
  if (const std::string* typed = arguments.find("set"))
    if (const Status status = read_settings(*typed, request); !status.ok()) return status.error();
  return request;
}

/// The picture, where the claim needs one or the user named one. An error here is about the file.
Status read_picture(const Arguments& arguments, EvidenceRequest& request) {
  const std::string* typed = arguments.find("input");
  if (typed == nullptr && !claim_info(request.claim).needs_input) return {};
  const Result<LoadedInput> loaded = read_input(typed != nullptr ? *typed : "scene");
  if (!loaded.ok()) return loaded.error();
  request.input = loaded->tensor;
  request.is_picture = loaded->is_picture;
  request.input_name = displayable(loaded->name);
  return {};
}

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string list_of_claims(const Texts& texts) {
  std::string out;
  for (const ClaimInfo& info : all_claims()) {
    const std::string id(info.id);
    out += padded(id, 15) + texts.get("evidence." + id + ".sentence") + "\n";
  }
  return out;
}

std::string settings_line(const EvidenceRequest& request, const Texts& texts) {
  const ClaimInfo& info = claim_info(request.claim);
  std::vector<std::string> settings;
  for (size_t i = 0; i < info.parameters.size(); ++i) {
    const ClaimParameter& parameter = info.parameters[i];
    const double value = request.values[i];
    settings.push_back(std::string(parameter.id) + "=" +
                       (parameter.is_switch() ? std::string(parameter.choices[static_cast<size_t>(value)])
                                              : format_short(value)));
  }
  Message line(info.repeats > 0 ? "evidence.cli.settings" : "evidence.cli.settings_counted");
  line.with("settings", join(settings))
      .with("seed", std::to_string(request.seed))
      .with("repeats", request.repeats);
  std::string out = texts.format(line);
  if (request.input) {
    line = Message("evidence.cli.input");
    out +=
        texts.format(line.with("name", request.input_name).with("shape", to_string(request.input->shape())));
  }
  return out;
}

std::string numbers_of(const EvidenceResult& result, const Texts& texts) {
  std::string out, quantity;
  for (const Measurement& one : result.measurements) {
    if (one.quantity != quantity) out += "  " + texts.get("evidence.quantity." + one.quantity) + "\n";
    quantity = one.quantity;
    Message line(one.theory ? "evidence.cli.number_with_formula" : "evidence.cli.number");
    line.with("of", "evidence.of." + one.of).with("value", format_estimate(one.estimate, one.unit));
    if (one.theory) line.with("formula", format_number(*one.theory, one.unit));
    out += "    " + texts.format(line) + "\n";
  }
  return out;
}

std::string cases_of(const EvidenceResult& result, const Texts& texts) {
  const std::string claim = "evidence." + std::string(claim_info(result.request.claim).id);
  std::string out;
  for (const EvidenceCase& one : result.cases) {
    const Measurement& about = result.measurements[one.measurement];
    Message rule("evidence.case.line");
    rule.with("value", format_estimate(about.estimate, about.unit))
        .with("relation", "evidence.relation." + std::string(relation_name(one.relation)))
        .with("threshold", format_number(one.threshold, about.unit));
    Message line("evidence.cli.case");
    line.with("case", claim + ".case." + one.id)
        .with("answer", "evidence.answer." + std::string(answer_name(one.answer)))
        .with("rule", texts.format(rule));
    out += "  " + texts.format(line) + "\n";
  }
  return out;
}

std::string report(const EvidenceResult& result, const Texts& texts) {
  const std::string claim = "evidence." + std::string(claim_info(result.request.claim).id);
  const std::string verdict(verdict_name(result.verdict));
  return "“" + texts.get(claim + ".sentence") + "”\n" + texts.get(claim + ".test") + "\n" +
         settings_line(result.request, texts) + "\n\n" + texts.get("evidence.cli.numbers") + "\n" +
         numbers_of(result, texts) + "\n" + texts.format(result.finding) + "\n\n" +
         texts.get("evidence.cli.cases") + "\n" + cases_of(result, texts) + "\n" +
         texts.format(Message("evidence.cli.verdict").with("verdict", "evidence.verdict." + verdict)) + "\n" +
         texts.get(claim + ".verdict." + verdict) + "\n\n" +
         texts.format(Message("evidence.cli.rule").with("rule", "evidence.rule")) + "\n";
}

/// Writes the JSON where one was asked for, then prints.
int finish(const Arguments& arguments, const Voice& voice, const std::string& json, const std::string& text) {
  if (const std::string* path = arguments.find("json"))
    if (const Status written = write_whole(*path, json); !written.ok()) return voice.failed(written.error());
  return voice.print(text);
}

}  // namespace

CommandInfo evidence_command() {
  return {"evidence",
          {{"CLAIM", "CLAIM", "input"},
           {"input", "IMG", "evidence"},
           {"set", "NAME=VALUE", "evidence"},
           {"repeats", "N", "evidence"},
           {"seed", "N", "evidence"},
           {"json", "OUT", "output"},
           {"lang", "LANG", "general"},
           {"help", "", "general", "-h"}},
          {}};
}

int run_evidence(const Arguments& arguments, const CliHooks&, const Voice& voice) {
  const std::string* typed = arguments.find("CLAIM");
  if (typed == nullptr || *typed == "list" || *typed == "LIST")
    return finish(arguments, voice, claims_as_json(voice.texts()), list_of_claims(voice.texts()));
  const ClaimInfo* info = claim_called(*typed);
  if (info == nullptr) return voice.bad_argument(not_a_choice("CLAIM", *typed, claim_names()));
  Result<EvidenceRequest> request = read_request(arguments, *info);
  if (!request.ok()) return voice.bad_argument(request.error());
  if (const Status status = read_picture(arguments, *request); !status.ok())
    return voice.failed(status.error());
  const Result<EvidenceResult> result = run_evidence(*request);
  if (!result.ok()) return voice.bad_argument(result.error());
  return finish(arguments, voice, evidence_as_json(*result, voice.texts()), report(*result, voice.texts()));
}

}  // namespace poolscope
