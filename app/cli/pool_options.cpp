#include "app/cli/pool_options.h"

#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/pooling/plan.h"

namespace poolscope {

const std::vector<OptionInfo>& pool_options() {
  static const std::vector<OptionInfo> options = {
      {"kind", "K", "pooling"},
      {"window", "H[xW]", "pooling"},
      {"stride", "H[xW]", "pooling"},
      {"padding", "H[xW]", "pooling"},
      {"dilation", "H[xW]", "pooling"},
      {"ceil", "", "pooling"},
      {"exclude-padding", "", "pooling"},
      {"include-padding", "", "pooling"},
      {"divisor", "N", "pooling"},
      {"seed", "N", "pooling"},
      {"norm", "P", "kinds"},
      {"normalise", "sum|mean", "kinds"},
      {"sharpness", "R", "kinds"},
      {"mix", "LAMBDA", "kinds"},
      {"taps", "M", "kinds"},
      {"output-size", "H[xW]", "kinds"},
      {"dialect", "D", "dialects"},
      {"opset", "N", "dialects"},
      {"auto-pad", "A", "dialects"},
      {"pads", "T,L,B,R", "dialects"},
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

/// A decimal number from `least` to `most`.
Status read_real(const Arguments& arguments, const char* name, double least, double most, double& value) {
  const std::string* typed = arguments.find(name);
  if (typed == nullptr) return {};
  const Result<double> number = to_real("--" + std::string(name), *typed, least, most);
  if (!number.ok()) return number.error();
  value = *number;
  return {};
}

Status read_kind_parameters(const Arguments& arguments, PoolSpec& spec) {
  if (Status status = read_real(arguments, "norm", 1e-3, 1e3, spec.norm); !status.ok()) return status;
  if (Status status = read_real(arguments, "sharpness", 0, 1e6, spec.sharpness); !status.ok()) return status;
  if (Status status = read_real(arguments, "mix", 0, 1, spec.mix); !status.ok()) return status;
  if (const std::string* typed = arguments.find("normalise")) {
    if (*typed != "sum" && *typed != "mean") return not_a_choice("--normalise", *typed, "sum, mean");
    spec.normalise = *typed == "mean" ? Normalise::mean : Normalise::sum;
  }
  if (const std::string* typed = arguments.find("taps")) {
    const Result<int64_t> taps = to_integer("--taps", *typed, 2, 7);
    if (!taps.ok()) return taps.error();
    spec.taps = *taps;
  }
  return read_size(arguments, "output-size", 1, spec.output_size);
}

Result<AutoPad> to_auto_pad(const std::string& typed) {
  if (typed == "same-upper") return AutoPad::same_upper;
  if (typed == "same-lower") return AutoPad::same_lower;
  if (typed == "valid") return AutoPad::valid;
  return not_a_choice("--auto-pad", typed, "same-upper, same-lower, valid");
}

/// "T,L,B,R": cells added above, left, below and right.
Result<Pads> to_pads(const std::string& typed) {
  int64_t sides[4] = {};
  size_t begin = 0;
  for (int side = 0; side < 4; ++side) {
    const size_t comma = typed.find(',', begin);
    const bool last = side == 3;
    if ((comma == std::string::npos) != last) return Error("cli.error.not_pads").with("value", typed);
    const Result<int64_t> number =
        to_integer("--pads", typed.substr(begin, comma - begin), 0, kLargestParameter);
    if (!number.ok()) return Error("cli.error.not_pads").with("value", typed);
    sides[side] = *number;
    begin = comma + 1;
  }
  return Pads{sides[0], sides[1], sides[2], sides[3]};
}

std::string dialect_names() {
  std::vector<std::string> names;
  for (const DialectInfo& info : all_dialects())
    names.emplace_back(info.name);
  return join(names);
}

/// The dialect first: it decides what counting padding means where nothing else is said.
Status read_dialect(const Arguments& arguments, PoolSpec& spec) {
  if (const std::string* typed = arguments.find("dialect")) {
    const DialectInfo* info = find_dialect(*typed);
    if (info == nullptr) return not_a_choice("--dialect", *typed, dialect_names());
    spec.dialect = info->dialect;
    spec.count_padding = info->count_padding;
  }
  for (const char* name : {"opset", "auto-pad", "pads"})
    if (arguments.has(name) && spec.dialect != Dialect::onnx)
      return Error("cli.error.onnx_only").with("option", "--" + std::string(name));
  if (const std::string* typed = arguments.find("opset")) {
    const Result<int64_t> opset = to_integer("--opset", *typed, 11, 1000);
    if (!opset.ok()) return opset.error();
    spec.opset = *opset;
  }
  if (const std::string* typed = arguments.find("auto-pad")) {
    const Result<AutoPad> auto_pad = to_auto_pad(*typed);
    if (!auto_pad.ok()) return auto_pad.error();
    spec.auto_pad = *auto_pad;
  }
  if (const std::string* typed = arguments.find("pads")) {
    const Result<Pads> pads = to_pads(*typed);
    if (!pads.ok()) return pads.error();
    spec.pads = *pads;
  }
  return {};
}

/// Whether padding counts in an average, where it was said.
Status read_count_padding(const Arguments& arguments, PoolSpec& spec) {
  const bool exclude = arguments.has("exclude-padding"), include = arguments.has("include-padding");
  if (exclude && include) return Error("cli.error.both_paddings");
  if (exclude) spec.count_padding = false;
  if (include) spec.count_padding = true;
  return {};
}

}  // namespace

Result<PoolSpec> parse_pool_options(const Arguments& arguments, PoolSpec base) {
  PoolSpec spec = base;
  if (Status status = read_dialect(arguments, spec); !status.ok()) return status.error();
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
  if (Status status = read_count_padding(arguments, spec); !status.ok()) return status.error();
  if (Status status = read_kind_parameters(arguments, spec); !status.ok()) return status.error();
  if (Status status = read_divisor(arguments, spec); !status.ok()) return status.error();
  if (const std::string* typed = arguments.find("seed")) {
    const Result<uint64_t> seed = to_seed("--seed", *typed);
    if (!seed.ok()) return seed.error();
    spec.seed = *seed;
  }
  return spec;
}

}  // namespace poolscope
