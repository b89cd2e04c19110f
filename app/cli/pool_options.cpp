#include "app/cli/pool_options.h"

#include "core/pooling/kinds.h"
#include "core/pooling/plan.h"

namespace poolscope {

const std::vector<OptionInfo>& pool_options() {
  static const std::vector<OptionInfo> options = {
      {"kind", "K", "pooling"},           {"window", "H[xW]", "pooling"},   {"stride", "H[xW]", "pooling"},
      {"padding", "H[xW]", "pooling"},    {"dilation", "H[xW]", "pooling"}, {"ceil", "", "pooling"},
      {"exclude-padding", "", "pooling"}, {"divisor", "N", "pooling"},      {"seed", "N", "pooling"},
  };
  return options;
}

bool has_pool_options(const Arguments& arguments) {
  for (const OptionInfo& info : pool_options())
    if (arguments.has(info.name)) return true;
  return false;
}

Result<Size2> to_size(std::string_view option, const std::string& typed, int64_t least, int64_t most) {
  const size_t cross = typed.find_first_of("xX");
  const std::string height = typed.substr(0, cross);
  const std::string width = cross == std::string::npos ? height : typed.substr(cross + 1);
  const Result<int64_t> h = to_integer(option, height, least, most),
                        w = to_integer(option, width, least, most);
  if (h.ok() && w.ok()) return Size2{*h, *w};
  return Error("cli.error.not_a_size")
      .with("option", std::string(option))
      .with("value", typed)
      .with("least", least)
      .with("most", most);
}

std::string kind_names(bool selecting) {
  std::vector<std::string> names;
  for (const KindInfo& info : all_kinds())
    if (info.selects || !selecting) names.emplace_back(info.name);
  return join(names);
}

std::string kind_lines() {
  constexpr size_t kWidth = 90;
  std::string lines, line;
  for (const KindInfo& info : all_kinds()) {
    if (line.size() + info.name.size() > kWidth) {
      line.back() = '\n';  // instead of the space after the comma
      lines += line + "  ";
      line.clear();
    }
    line += std::string(info.name) + (info.kind == all_kinds().back().kind ? "" : ", ");
  }
  return lines + line;
}

namespace {

/// Reads one size option into `size` where it was given.
Status read_size(const Arguments& arguments, std::string_view name, int64_t least, Size2& size) {
  const std::string* typed = arguments.find(name);
  if (typed == nullptr) return {};
  const Result<Size2> parsed = to_size("--" + std::string(name), *typed, least, kLargestParameter);
  if (!parsed.ok()) return parsed.error();
  size = *parsed;
  return {};
}

Status read_divisor(const Arguments& arguments, PoolSpec& spec) {
  const std::string* typed = arguments.find("divisor");
  if (typed == nullptr) return {};
  const Result<int64_t> divisor = to_integer("--divisor", *typed, -kLargestParameter, kLargestParameter);
  if (!divisor.ok() || *divisor == 0)
    return Error("cli.error.not_a_divisor").with("value", *typed).with("most", kLargestParameter);
  spec.divisor = *divisor;
  return {};
}

}  // namespace

Result<PoolSpec> parse_pool_options(const Arguments& arguments, PoolSpec base) {
  PoolSpec spec = base;
  if (const std::string* typed = arguments.find("kind")) {
    const KindInfo* info = find_kind(*typed);
    if (info == nullptr) return not_a_choice("--kind", *typed, kind_names());
    spec.kind = info->kind;
  }
  if (Status status = read_size(arguments, "window", 1, spec.window); !status.ok()) return status.error();
  if (arguments.has("window")) spec.stride = spec.window;
  if (Status status = read_size(arguments, "stride", 1, spec.stride); !status.ok()) return status.error();
  if (Status status = read_size(arguments, "padding", 0, spec.padding); !status.ok()) return status.error();
  if (Status status = read_size(arguments, "dilation", 1, spec.dilation); !status.ok()) return status.error();
  if (arguments.has("ceil")) spec.rounding = Rounding::ceil;
  if (arguments.has("exclude-padding")) spec.count_padding = false;
  if (Status status = read_divisor(arguments, spec); !status.ok()) return status.error();
  if (const std::string* typed = arguments.find("seed")) {
    const Result<uint64_t> seed = to_seed("--seed", *typed);
    if (!seed.ok()) return seed.error();
    spec.seed = *seed;
  }
  return spec;
}

}  // namespace poolscope
