#include <dnnl.hpp>
#include <memory>

#include "tests/bench/work.h"

namespace poolscope::bench {

namespace {

dnnl::memory::desc layout(const Shape& shape) {
  return {{shape.n, shape.c, shape.h, shape.w}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nchw};
}

}  // namespace

/// Plain nchw in and out, as everybody else; training keeps the winners in a workspace.
Call onednn_call(const Work& work, float* input, float* output, float* gradient) {
  const bool average = work.what == Operation::average_forward || work.what == Operation::average_backward;
  const bool back = work.what == Operation::max_backward || work.what == Operation::average_backward;
  const auto algorithm =
      average ? dnnl::algorithm::pooling_avg_include_padding : dnnl::algorithm::pooling_max;
  const auto kind = back || work.what == Operation::max_indices ? dnnl::prop_kind::forward_training
                                                                : dnnl::prop_kind::forward_inference;
  const AxisPlan &r = work.plan.rows, &c = work.plan.columns;
  const dnnl::memory::dims strides{r.stride, c.stride}, kernel{r.window, c.window},
      before{r.pad_before, c.pad_before}, after{r.pad_after, c.pad_after};
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto in = layout(work.plan.in), out = layout(work.plan.out);
  const dnnl::pooling_forward::desc wanted(kind, algorithm, in, out, strides, kernel, before, after);
  const dnnl::pooling_forward::primitive_desc forward(wanted, engine);
  const dnnl::memory from(in, engine, input), to(out, engine, output),
      places(forward.workspace_desc(), engine);
  std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}};
  const bool workspace = forward.workspace_desc().get_size() > 0;
  if (workspace) arguments.insert({DNNL_ARG_WORKSPACE, places});
  dnnl::primitive primitive = dnnl::pooling_forward(forward);
  if (back) {
    primitive.execute(stream, arguments);
    stream.wait();
    const dnnl::pooling_backward::desc wanted_back(algorithm, in, out, strides, kernel, before, after);
    primitive = dnnl::pooling_backward({wanted_back, engine, forward});
    arguments = {{DNNL_ARG_DIFF_DST, to}, {DNNL_ARG_DIFF_SRC, dnnl::memory(in, engine, gradient)}};
    if (workspace) arguments.insert({DNNL_ARG_WORKSPACE, places});
  }
  return [primitive, stream, arguments]() mutable {
    primitive.execute(stream, arguments);
    stream.wait();
  };
}

}  // namespace poolscope::bench
