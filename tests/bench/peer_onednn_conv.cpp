#include "tests/bench/conv_work.h"

#if defined(POOLSCOPE_ONEDNN)
#include <dnnl.hpp>
#endif

namespace poolscope::bench {

#if defined(POOLSCOPE_ONEDNN)

namespace {

using Arguments = std::unordered_map<int, dnnl::memory>;

}  // namespace

std::function<void()> onednn_convolution(const ConvShape& s, int64_t batch, ConvPass pass) {
  const auto any = [](const dnnl::memory::dims& sides) {
    return dnnl::memory::desc(sides, dnnl::memory::data_type::f32, dnnl::memory::format_tag::any);
  };
  const auto src = any({batch, s.in_c, s.in_h, s.in_w}), dst = any({batch, s.out_c, s.out_h, s.out_w});
  const auto weights = any({s.out_c, s.in_c, s.kh, s.kw}), bias = any({s.out_c});
  const dnnl::memory::dims strides{s.sh, s.sw}, none{0, 0};
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto algorithm = dnnl::algorithm::convolution_direct;
  const dnnl::convolution_forward::desc wanted(dnnl::prop_kind::forward_training, algorithm, src, weights,
                                               bias, dst, strides, none, none);
  const dnnl::convolution_forward::primitive_desc forward(wanted, engine);
  dnnl::primitive primitive = dnnl::convolution_forward(forward);
  // Its time does not depend on values.
  const auto room = [&](const dnnl::memory::desc& desc) { return dnnl::memory(desc, engine); };
  Arguments arguments;
  if (pass == ConvPass::forward) {
    arguments = {{DNNL_ARG_SRC, room(forward.src_desc())},
                 {DNNL_ARG_WEIGHTS, room(forward.weights_desc())},
                 {DNNL_ARG_BIAS, room(forward.bias_desc())},
                 {DNNL_ARG_DST, room(forward.dst_desc())}};
  } else if (pass == ConvPass::input_gradient) {
    const dnnl::convolution_backward_data::primitive_desc back(
        {algorithm, src, weights, dst, strides, none, none}, engine, forward);
    primitive = dnnl::convolution_backward_data(back);
    arguments = {{DNNL_ARG_DIFF_SRC, room(back.diff_src_desc())},
                 {DNNL_ARG_WEIGHTS, room(back.weights_desc())},
                 {DNNL_ARG_DIFF_DST, room(back.diff_dst_desc())}};
  } else {
    const dnnl::convolution_backward_weights::primitive_desc back(
        {algorithm, src, weights, bias, dst, strides, none, none}, engine, forward);
    primitive = dnnl::convolution_backward_weights(back);
    arguments = {{DNNL_ARG_SRC, room(back.src_desc())},
                 {DNNL_ARG_DIFF_WEIGHTS, room(back.diff_weights_desc())},
                 {DNNL_ARG_DIFF_BIAS, room(back.diff_bias_desc())},
                 {DNNL_ARG_DIFF_DST, room(back.diff_dst_desc())}};
  }
  return [primitive, stream, arguments]() mutable {
    primitive.execute(stream, arguments);
    stream.wait();
  };
}

#else

std::function<void()> onednn_convolution(const ConvShape&, int64_t, ConvPass) {
  return {};
}

#endif

}  // namespace poolscope::bench
