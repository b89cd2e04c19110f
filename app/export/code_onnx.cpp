// ONNX: a graph of its operators, run by ONNX Runtime. Padding is written out, because versions of the
// standard and of its runtimes differ in how they round sizes up.

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/export/code_writer.h"
#include "core/pooling/dialects.h"
#include "core/pooling/kinds.h"

namespace poolscope {

namespace {

std::string n(int64_t value) {
  return std::to_string(value);
}

std::string list(const std::vector<int64_t>& numbers) {
  std::string words = "[";
  for (size_t i = 0; i < numbers.size(); ++i)
    words += (i > 0 ? ", " : "") + n(numbers[i]);
  return words + "]";
}

/// Nodes and constants, gathered before they are written.
struct Graph {
  std::vector<std::string> nodes, constants;
  int64_t opset = 13;

  void node(const std::string& op, const std::string& inputs, const std::string& output,
            const std::string& attributes = {}) {
    nodes.push_back("helper.make_node(\"" + op + "\", [" + inputs + "], [\"" + output + "\"]" +
                    (attributes.empty() ? "" : ", " + attributes) + "),");
  }
  void constant(const std::string& name, const std::string& value) {
    constants.push_back("numpy_helper.from_array(" + value + ", \"" + name + "\"),");
  }
  void number(const std::string& name, double value) {
    constant(name, "np.float32(" + py(value) + ") * np.ones(1, np.float32)");
  }
};

std::string named(const std::string& name) {
  return "\"" + name + "\"";
}

/// top, left, bottom, right.
std::vector<int64_t> pads_of(const PoolPlan& plan) {
  const WrittenPads rows = written_pads(plan.rows), columns = written_pads(plan.columns);
  return {rows.before, columns.before, std::max<int64_t>(rows.after, 0), std::max<int64_t>(columns.after, 0)};
}

/// Attributes of a pooling node; where the operator does not take so much padding, `input` is padded by a
/// node before it.
std::string pooling(const CodeWriter& writer, Graph& graph, std::string& input, double filling) {
  const PoolSpec& spec = writer.spec;
  std::vector<int64_t> pads = pads_of(writer.plan);
  const bool fits = std::max(pads[0], pads[2]) < spec.window.h && std::max(pads[1], pads[3]) < spec.window.w;
  if (!fits) {
    graph.constant(input + "_pads",
                   "np.array(" + list({0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]}) + ", np.int64)");
    graph.constant(input + "_filling", "np.array(" + py(filling) + ", np.float32)");
    graph.node("Pad", named(input) + ", " + named(input + "_pads") + ", " + named(input + "_filling"),
               input + "_padded");
    input += "_padded";
    pads = {0, 0, 0, 0};
  }
  std::string words = "kernel_shape=" + list({spec.window.h, spec.window.w}) +
                      ", strides=" + list({spec.stride.h, spec.stride.w}) + ", pads=" + list(pads);
  if (spec.dilation != Size2{1, 1}) words += ", dilations=" + list({spec.dilation.h, spec.dilation.w});
  return words;
}

void add_maximum(const CodeWriter& writer, Graph& graph, std::string input, const std::string& output) {
  const std::string attributes = pooling(writer, graph, input, -HUGE_VAL);
  graph.node("MaxPool", named(input), output, attributes);
}

/// The mean of every whole window, padding counting as 0.
void add_whole_mean(const CodeWriter& writer, Graph& graph, std::string input, const std::string& output) {
  const std::string attributes = pooling(writer, graph, input, 0);
  graph.node("AveragePool", named(input), output, attributes + ", count_include_pad=1");
}

/// "share": how much of every window is inside the input.
void add_share(const CodeWriter& writer, Graph& graph) {
  graph.constant("ones",
                 "np.ones((1, 1, " + n(writer.plan.in.h) + ", " + n(writer.plan.in.w) + "), np.float32)");
  add_whole_mean(writer, graph, "ones", "share");
}

bool add_average(const CodeWriter& writer, Graph& graph, const std::string& output) {
  switch (written_divisor(writer.plan)) {
    case WrittenDivisor::framed:
      return false;
    case WrittenDivisor::whole:
      add_whole_mean(writer, graph, "x", output);
      return true;
    case WrittenDivisor::valid: {
      std::string input = "x";
      const std::vector<int64_t> pads = pads_of(writer.plan);
      const bool fits = std::max(pads[0], pads[2]) < writer.spec.window.h &&
                        std::max(pads[1], pads[3]) < writer.spec.window.w;
      if (fits) {
        graph.node("AveragePool", named(input), output,
                   pooling(writer, graph, input, 0) + ", count_include_pad=0");
        return true;
      }
      add_whole_mean(writer, graph, "x", "mean_of_all");
      add_share(writer, graph);
      graph.node("Div", "\"mean_of_all\", \"share\"", output);
      return true;
    }
    case WrittenDivisor::given:
      break;
  }
  add_whole_mean(writer, graph, "x", "mean_of_all");
  graph.number("factor", static_cast<double>(writer.taps()) / static_cast<double>(*writer.spec.divisor));
  graph.node("Mul", "\"mean_of_all\", \"factor\"", output);
  return true;
}

bool add_mixed(const CodeWriter& writer, Graph& graph) {
  const double mix = writer.spec.mix;
  if (mix != 1 && !add_average(writer, graph, mix == 0 ? "y" : "mean")) return false;
  if (mix != 0) add_maximum(writer, graph, "x", mix == 1 ? "y" : "largest");
  if (mix == 0 || mix == 1) return true;
  graph.number("mix", mix);
  graph.number("rest", 1 - mix);
  graph.node("Mul", "\"largest\", \"mix\"", "part_of_largest");
  graph.node("Mul", "\"mean\", \"rest\"", "part_of_mean");
  graph.node("Add", "\"part_of_largest\", \"part_of_mean\"", "y");
  return true;
}

bool add_powers(const CodeWriter& writer, Graph& graph, double p) {
  const PoolSpec& spec = writer.spec;
  const bool even = p == 2 || p == 4 || p == 6;
  const bool signs = spec.dialect == Dialect::pytorch && !even, mean = spec.normalise == Normalise::mean;
  PoolPlan counted = writer.plan;
  counted.spec.divisor.reset();
  counted.spec.count_padding = true;
  if (signs) return false;
  if (!mean && spec.dialect == Dialect::pytorch && written_divisor(counted) != WrittenDivisor::whole)
    return false;
  const std::vector<int64_t> pads = pads_of(writer.plan);
  const bool fits = std::max(pads[0], pads[2]) < spec.window.h && std::max(pads[1], pads[3]) < spec.window.w;
  const bool whole = p == static_cast<double>(static_cast<int64_t>(p));
  if (!mean && whole && fits && spec.dilation == Size2{1, 1}) {
    std::string input = "x";
    graph.node("LpPool", "\"x\"", "y", pooling(writer, graph, input, 0) + ", p=" + py(p));
    return true;
  }
  graph.number("p", p);
  graph.number("root", 1 / p);
  graph.node("Abs", "\"x\"", "size");
  graph.node("Pow", "\"size\", \"p\"", "power");
  add_whole_mean(writer, graph, "power", "mean_power");
  if (mean) {
    add_share(writer, graph);
    graph.node("Div", "\"mean_power\", \"share\"", "total");
  } else {
    graph.number("taps", static_cast<double>(writer.taps()));
    graph.node("Mul", "\"mean_power\", \"taps\"", "total");
  }
  graph.node("Pow", "\"total\", \"root\"", "y");
  return true;
}

void add_expectation(const CodeWriter& writer, Graph& graph) {
  graph.node("Relu", "\"x\"", "odds");
  graph.node("Mul", "\"odds\", \"odds\"", "squares");
  add_whole_mean(writer, graph, "odds", "total");
  add_whole_mean(writer, graph, "squares", "total_squares");
  // Where nothing is positive, 0 over something is 0.
  graph.number("tiny", 1e-30);
  graph.node("Max", "\"total\", \"tiny\"", "divisor");
  graph.node("Div", "\"total_squares\", \"divisor\"", "y");
}

void add_blurred(const CodeWriter& writer, Graph& graph) {
  const PoolSpec& spec = writer.spec;
  const AxisPlan &rows = writer.plan.rows, &columns = writer.plan.columns;
  std::string maxima = "x";
  if (spec.kind == Kind::max_blur) {
    std::string input = "x";
    if (rows.pad_before + rows.pad_after + columns.pad_before + columns.pad_after > 0) {
      graph.constant("sides", "np.array(" +
                                  list({0, 0, rows.pad_before, columns.pad_before, 0, 0, rows.pad_after,
                                        columns.pad_after}) +
                                  ", np.int64)");
      graph.constant("nothing", "np.array(-np.inf, np.float32)");
      graph.node("Pad", "\"x\", \"sides\", \"nothing\"", "framed");
      input = "framed";
    }
    graph.node("MaxPool", named(input), "maxima",
               "kernel_shape=" + list({spec.window.h, spec.window.w}) +
                   ", dilations=" + list({spec.dilation.h, spec.dilation.w}) + ", strides=[1, 1]");
    maxima = "maxima";
  }
  const int64_t before = (spec.taps - 1) / 2, after = spec.taps / 2;
  graph.constant("mirror", "np.array(" + list({0, 0, before, before, 0, 0, after, after}) + ", np.int64)");
  graph.node("Pad", named(maxima) + ", \"mirror\"", "mirrored", "mode=\"reflect\"");
  graph.constant("kernel",
                 "np.tile(np.outer(f, f), (" + n(writer.plan.in.c) + ", 1, 1, 1)).astype(np.float32)");
  graph.node("Conv", "\"mirrored\", \"kernel\"", "y",
             "strides=" + list({spec.stride.h, spec.stride.w}) + ", group=" + n(writer.plan.in.c));
}

/// True where ONNX has operators for it.
bool add_kind(const CodeWriter& writer, Graph& graph) {
  const PoolSpec& spec = writer.spec;
  // Windows of padding alone: 0 over 0.
  const bool sliding = kind_info(spec.kind).geometry == Geometry::sliding;
  if (sliding && spec.kind != Kind::max && spec.kind != Kind::min) {
    if (spec.dilation != Size2{1, 1}) return false;  // of maxima only, before opset 19
    if (has_empty_windows(writer.plan)) return false;
  }
  switch (spec.kind) {
    case Kind::max:
      add_maximum(writer, graph, "x", "y");
      return true;
    case Kind::min:
      graph.node("Neg", "\"x\"", "turned");
      add_maximum(writer, graph, "turned", "largest");
      graph.node("Neg", "\"largest\"", "y");
      return true;
    case Kind::average:
      return add_average(writer, graph, "y");
    case Kind::mixed:
      return add_mixed(writer, graph);
    case Kind::l2:
      return add_powers(writer, graph, 2);
    case Kind::lp:
      return add_powers(writer, graph, spec.norm);
    case Kind::stochastic_expectation:
      add_expectation(writer, graph);
      return true;
    case Kind::none:
      graph.node("MaxPool", "\"x\"", "y",
                 "kernel_shape=[1, 1], strides=" + list({spec.stride.h, spec.stride.w}));
      return true;
    case Kind::global_max:
      graph.node("GlobalMaxPool", "\"x\"", "y");
      return true;
    case Kind::global_average:
      graph.node("GlobalAveragePool", "\"x\"", "y");
      return true;
    case Kind::blur:
    case Kind::max_blur:
      add_blurred(writer, graph);
      return true;
    default:
      return false;
  }
}

void write_lists(CodeWriter& writer, const Graph& graph) {
  writer.line("nodes = [");
  for (const std::string& node : graph.nodes)
    writer.line("    " + node);
  writer.line("]");
  writer.line("constants = [");
  for (const std::string& constant : graph.constants)
    writer.line("    " + constant);
  writer.line("]");
}

}  // namespace

void write_onnx(CodeWriter& writer) {
  Graph graph;
  if (!add_kind(writer, graph)) {
    writer.say(Message("export.code.no_operator").with("framework", "ONNX"));
    write_numpy(writer);
  } else {
    if (kind_info(writer.spec.kind).geometry == Geometry::blurred) {
      writer.line("f = np.poly1d([1, 1]) ** " + n(writer.spec.taps - 1));
      writer.line("f = f.coeffs / f.coeffs.sum()");
    }
    write_lists(writer, graph);
    const Shape& out = writer.plan.out;
    writer.line("graph = helper.make_graph(");
    writer.line("    nodes, \"pooling\",");
    writer.line("    [helper.make_tensor_value_info(\"x\", TensorProto.FLOAT, list(x.shape))],");
    writer.line("    [helper.make_tensor_value_info(\"y\", TensorProto.FLOAT, " +
                list({out.n, out.c, out.h, out.w}) + ")],");
    writer.line("    initializer=constants)");
    writer.line("model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid(\"\", " +
                n(graph.opset) + ")])");
    writer.line("onnx.checker.check_model(model)");
    writer.line(
        "session = onnxruntime.InferenceSession(model.SerializeToString(), "
        "providers=[\"CPUExecutionProvider\"])");
    writer.line("y = session.run(None, {\"x\": x})[0]");
  }
  if (writer.request.backward) writer.say(Message("export.code.no_gradient"));
}

}  // namespace poolscope
