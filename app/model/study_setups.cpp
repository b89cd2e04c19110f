// The fields of every setup, each named once for reading and for writing. A new setup of a lab: a function
// here, a line in study_setups() below.

#include "app/model/study_setups.h"

#include <cmath>
#include <limits>

#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"
#include "core/pooling/plan.h"
#include "core/study/filters.h"

namespace poolscope {

namespace {

using Fields = StudyFields;

constexpr int64_t kAny = std::numeric_limits<int64_t>::max();

std::vector<std::pair<std::string_view, Kind>> kind_names() {
  std::vector<std::pair<std::string_view, Kind>> names;
  for (const KindInfo& info : all_kinds())
    names.emplace_back(info.name, info.kind);
  return names;
}

std::vector<std::pair<std::string_view, Dialect>> dialect_names() {
  std::vector<std::pair<std::string_view, Dialect>> names;
  for (const DialectInfo& info : all_dialects())
    names.emplace_back(info.name, info.dialect);
  return names;
}

bool size_field(Fields& fields, const char* name, Size2& size) {
  return fields.size(name, size, 1, kLargestParameter);
}

bool dialect_field(Fields& fields, const char* name, Dialect& dialect) {
  return fields.choice(name, dialect, dialect_names());
}

bool pads_field(Fields& fields, const char* name, Pads& pads) {
  return fields.object(name, [&](Fields& inside) {
    inside.integer("top", pads.top, 0, kLargestParameter);
    inside.integer("left", pads.left, 0, kLargestParameter);
    inside.integer("bottom", pads.bottom, 0, kLargestParameter);
    inside.integer("right", pads.right, 0, kLargestParameter);
  });
}

void compare_setup(Fields& fields, CompareSetup& setup) {
  fields.list("columns", setup.columns, kFewestColumns - 1, kMostColumns - 1,
              [](Fields& inside, CompareColumn& column) {
                inside.choice("kind", column.kind, kind_names());
                inside.optional("window", column.window, size_field);
                inside.optional("stride", column.stride, size_field);
              });
  fields.integer("depth", setup.depth, 1, kDeepest);
  fields.flag("inverted", setup.inverted);
  fields.flag("striped", setup.striped);
  fields.number("period", setup.period, 2, 16);
  fields.flag("two_steps", setup.two_steps);
  fields.integer("reference", setup.reference, -1, static_cast<int>(setup.columns.size()));
  fields.flag("show_input", setup.show_input);
}

void channels_setup(Fields& fields, ChannelsSetup& setup) {
  fields.flag("feature_maps", setup.feature_maps);
  fields.integer("maps", setup.maps, 1, kMostFeatureMaps);
  // Where fewer maps are asked for than the one that is looked at, the last is.
  setup.map = std::min(setup.map, setup.maps - 1);
  fields.integer("map", setup.map, 0, setup.maps - 1);
  fields.number("spread", setup.spread, 0, 1);
}

bool edges_field(Fields& fields, const char* name, ShiftEdges& edges) {
  std::vector<std::pair<std::string_view, ShiftEdges>> names;
  for (const ShiftEdgesInfo& info : all_shift_edges())
    names.emplace_back(info.name, info.edges);
  return fields.choice(name, edges, names);
}

void shift_setup(Fields& fields, ShiftSetup& setup) {
  fields.optional("edges", setup.edges, edges_field);
}

/// The claim that is shown, and for each claim its seed, repeats and parameters by their ids.
void evidence_setup(Fields& fields, EvidenceSetup& setup) {
  std::vector<std::pair<std::string_view, Claim>> names;
  for (const ClaimInfo& info : all_claims())
    names.emplace_back(info.id, info.claim);
  fields.choice("claim", setup.claim, names);
  for (const ClaimInfo& info : all_claims())
    fields.object(info.id.data(), [&](Fields& inside) {
      ClaimSetup& claim = setup.of(info.claim);
      if (info.repeats > 0) {
        inside.seed("seed", claim.seed);
        inside.integer("repeats", claim.repeats, info.least_repeats, info.most_repeats);
      }
      for (size_t i = 0; i < info.parameters.size(); ++i) {
        const ClaimParameter& parameter = info.parameters[i];
        inside.number(parameter.id.data(), claim.values[i], parameter.least, parameter.most);
        // Whole numbers stay whole, whatever the file says.
        if (parameter.step >= 1) claim.values[i] = std::round(claim.values[i]);
      }
    });
}

}  // namespace

NamedLinks pooling_fields(Fields& fields, PoolSpec& spec, bool& stride_linked, bool& rectangular) {
  NamedLinks named;
  fields.choice("kind", spec.kind, kind_names());
  named.window = fields.size("window", spec.window, 1, kLargestParameter);
  named.stride = fields.size("stride", spec.stride, 1, kLargestParameter);
  named.padding = fields.size("padding", spec.padding, 0, kLargestParameter);
  named.dilation = fields.size("dilation", spec.dilation, 1, kLargestParameter);
  named.stride_linked = fields.flag("stride_linked", stride_linked);
  named.rectangular = fields.flag("rectangular", rectangular);
  fields.choice("rounding", spec.rounding, {{"floor", Rounding::floor}, {"ceil", Rounding::ceil}});
  fields.flag("count_padding", spec.count_padding);
  fields.optional("divisor", spec.divisor, [](Fields& f, const char* name, int64_t& divisor) {
    return f.integer(name, divisor, -kAny, kAny);  // which ones make sense is said by the gate
  });
  fields.seed("seed", spec.seed);
  fields.number("norm", spec.norm);
  fields.choice("normalise", spec.normalise, {{"sum", Normalise::sum}, {"mean", Normalise::mean}});
  fields.number("sharpness", spec.sharpness);
  fields.number("mix", spec.mix, 0, 1);
  fields.integer("taps", spec.taps, 1, kLargestParameter);
  fields.size("output_size", spec.output_size, 1, kLargestParameter);
  fields.choice("dialect", spec.dialect, dialect_names());
  fields.integer("opset", spec.opset, 1, kLargestParameter);
  fields.choice("auto_pad", spec.auto_pad,
                {{"none", AutoPad::none},
                 {"same-upper", AutoPad::same_upper},
                 {"same-lower", AutoPad::same_lower},
                 {"valid", AutoPad::valid}});
  fields.optional("pads", spec.pads, pads_field);
  return named;
}

void view_fields(Fields& fields, Document& document) {
  fields.choice("direction", document.direction,
                {{"forward", Direction::forward}, {"backward", Direction::backward}});
  fields.optional("compared", document.compared, dialect_field);
  fields.choice("colormap", document.colormap,
                {{"grey", Colormap::grey},
                 {"viridis", Colormap::viridis},
                 {"cividis", Colormap::cividis},
                 {"diverging", Colormap::diverging}});
}

void setup_fields(Fields& fields, Document& document) {
  fields.object("compare", [&](Fields& inside) { compare_setup(inside, document.compare); });
  fields.object("channels", [&](Fields& inside) { channels_setup(inside, document.channels); });
  fields.object("shift", [&](Fields& inside) { shift_setup(inside, document.shift); });
  fields.object("network", [&](Fields& inside) { network_setup(inside, document.network); });
  fields.object("evidence", [&](Fields& inside) { evidence_setup(inside, document.evidence); });
}

}  // namespace poolscope
