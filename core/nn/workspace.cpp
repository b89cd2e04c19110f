#include "core/nn/workspace.h"

#include <algorithm>
#include <utility>

#include "core/nn/draws.h"
#include "core/pooling/pool.h"

namespace poolscope {

namespace {

AlignedBuffer<float> buffer(int64_t values, int64_t lanes) {
  return AlignedBuffer<float>(static_cast<size_t>(values * lanes));
}

int64_t padded_count(const Op& op) {
  return op.conv.in_c * op.conv.in_h * op.conv.in_w;
}

/// Copies rows between a map and its padded twin.
void copy_rows(const Op& op, int64_t lanes, const float* map, float* padded, bool into_padded, float* back) {
  const int64_t row = op.in.w * lanes;
  for (int64_t c = 0; c < op.in.c; ++c)
    for (int64_t y = 0; y < op.in.h; ++y) {
      const int64_t inner = (c * op.in.h + y) * row,
                    outer = ((c * op.conv.in_h + y + op.padding.h) * op.conv.in_w + op.padding.w) * lanes;
      if (into_padded)
        std::copy_n(map + inner, row, padded + outer);
      else
        std::copy_n(padded + outer, row, back + inner);
    }
}

/// The picture moved by (dy, dx), 0 where nothing came from.
void move_picture(const Picture& picture, const Shape& shape, uint8_t* out) {
  std::fill_n(out, shape.count(), uint8_t{0});
  const int64_t left = std::max<int64_t>(0, picture.dx),
                width = shape.w - std::min<int64_t>(shape.w, std::abs(picture.dx));
  for (int64_t c = 0; c < shape.c; ++c)
    for (int64_t y = 0; y < shape.h; ++y) {
      const int64_t from = y - picture.dy;
      if (from < 0 || from >= shape.h) continue;
      std::copy_n(picture.pixels + (c * shape.h + from) * shape.w + left - picture.dx, width,
                  out + (c * shape.h + y) * shape.w + left);
    }
}

}  // namespace

Workspace::Workspace(const NetworkPlan& plan, const Program& program, const LaneKernels& kernels)
    : plan_(plan), program_(program), kernels_(kernels) {
  const int64_t lanes = kernels.lanes;
  values_.push_back(buffer(plan.spec.input.count(), lanes));
  int64_t largest = plan.spec.input.count(), map = 0, room = 0;
  for (const Op& op : program.ops) {
    const bool has_notes =
        op.kind == Op::Kind::conv_pool || op.kind == Op::Kind::taps || op.kind == Op::Kind::dropout;
    values_.push_back(buffer(op.out.count(), lanes));
    notes_.push_back(buffer(has_notes ? op.out.count() : 0, lanes));
    padded_.push_back(buffer(op.padded() ? padded_count(op) : 0, lanes));
    largest = std::max({largest, op.in.count(), op.out.count()});
    if (op.kind != Op::Kind::conv && op.kind != Op::Kind::conv_pool) continue;
    largest = std::max(largest, padded_count(op));
    map = std::max({map, op.conv.out_c * op.conv.out_h * op.conv.out_w, op.padded() ? padded_count(op) : 0});
    room = std::max({room, 4 * op.conv.in_c * op.conv.kh * op.conv.kw, 4 * op.conv.out_w});
  }
  for (AlignedBuffer<float>& gradient : gradients_)
    gradient = buffer(largest, lanes);
  map_ = buffer(map, lanes);
  room_ = buffer(room, lanes);
  moved_.resize(static_cast<size_t>(plan.spec.input.count() * lanes));
}

void Workspace::load(const GroupPass& pass) {
  const Shape& shape = plan_.spec.input;
  const uint8_t* pictures[64] = {};
  for (size_t lane = 0; lane < pass.pictures.size(); ++lane) {
    const Picture& picture = pass.pictures[lane];
    pictures[lane] = picture.pixels;
    if (picture.dy == 0 && picture.dx == 0) continue;
    uint8_t* moved = moved_.data() + static_cast<int64_t>(lane) * shape.count();
    move_picture(picture, shape, moved);
    pictures[lane] = moved;
  }
  kernels_.load_pictures(pictures, shape.count(), values_[0].data());
}

const float* Workspace::conv_input(size_t index) const {
  return program_.ops[index].padded() ? padded_[index].data() : values_[index].data();
}

void Workspace::forward(const GroupPass& pass) {
  load(pass);
  for (size_t i = 0; i < program_.ops.size(); ++i)
    forward_op(i, pass);
}

void Workspace::forward_op(size_t index, const GroupPass& pass) {
  const Op& op = program_.ops[index];
  const LayerPlan& layer = plan_.layers[static_cast<size_t>(op.layer)];
  const float* weights = pass.parameters + layer.weights_at;
  const float* biases = layer.biases > 0 ? pass.parameters + layer.biases_at : nullptr;
  const float* in = values_[index].data();
  float* out = values_[index + 1].data();
  if (op.padded()) copy_rows(op, kernels_.lanes, in, padded_[index].data(), true, nullptr);
  switch (op.kind) {
    case Op::Kind::conv:
      return kernels_.conv_forward(op.conv, conv_input(index), weights, biases, op.relu, out);
    case Op::Kind::conv_pool:
      return kernels_.conv_pool_forward(op.conv, conv_input(index), weights, biases, op.relu, out,
                                        notes_[index].data(), room_.data());
    case Op::Kind::dense:
      return kernels_.dense_forward(op.dense, in, weights, biases, op.relu, out);
    case Op::Kind::taps:
      return kernels_.taps_forward(op.table(), op.in.c, in, out, notes_[index].data());
    case Op::Kind::relu:
      return kernels_.relu_forward(op.in.count(), in, out);
    case Op::Kind::dropout:
      draw_dropout(op, index, pass);
      return kernels_.multiply(op.in.count(), in, notes_[index].data(), out);
    case Op::Kind::any_pool:
      return forward_any_pool(op, index, pass);
  }
}

void Workspace::draw_dropout(const Op& op, size_t index, const GroupPass& pass) {
  float* factors = notes_[index].data();
  const int64_t lanes = kernels_.lanes;
  std::fill_n(factors, op.in.count() * lanes, 1.0f);
  if (!pass.training) return;
  const auto kept = static_cast<float>(1 / (1 - op.dropout));
  const uint64_t draws = layer_draws(pass.run_seed, pass.step, op.layer);
  for (int64_t lane = 0; lane < static_cast<int64_t>(pass.pictures.size()); ++lane) {
    const uint64_t key = dropout_draws(draws, pass.first_sample + lane);
    for (int64_t i = 0; i < op.in.count(); ++i)
      factors[i * lanes + lane] = dropout_keeps(key, i, op.dropout) ? kept : 0.0f;
  }
}

PoolPlan Workspace::pool_of(const Op& op, const GroupPass& pass, int64_t lane) const {
  const LayerPlan& layer = plan_.layers[static_cast<size_t>(op.layer)];
  if (!pass.training) return *layer.pool;
  return training_pool(layer, layer_draws(pass.run_seed, pass.step, op.layer), pass.first_sample + lane);
}

void Workspace::forward_any_pool(const Op& op, size_t index, const GroupPass& pass) {
  const int64_t lanes = kernels_.lanes;
  float* out = values_[index + 1].data();
  std::fill_n(out, op.out.count() * lanes, 0.0f);
  Tensor picture(op.in);
  for (int64_t lane = 0; lane < static_cast<int64_t>(pass.pictures.size()); ++lane) {
    for (int64_t i = 0; i < op.in.count(); ++i)
      picture.data()[i] = values_[index].data()[i * lanes + lane];
    const PoolOutput pooled = poolscope::forward(pool_of(op, pass, lane), picture);
    for (int64_t i = 0; i < op.out.count(); ++i)
      out[i * lanes + lane] = pooled.values.data()[i];
  }
}

void Workspace::backward_any_pool(const Op& op, size_t index, const GroupPass& pass) {
  const int64_t lanes = kernels_.lanes;
  std::fill_n(gradients_[1].data(), op.in.count() * lanes, 0.0f);
  Tensor picture(op.in), gradient(op.out);
  for (int64_t lane = 0; lane < static_cast<int64_t>(pass.pictures.size()); ++lane) {
    for (int64_t i = 0; i < op.in.count(); ++i)
      picture.data()[i] = values_[index].data()[i * lanes + lane];
    for (int64_t i = 0; i < op.out.count(); ++i)
      gradient.data()[i] = gradients_[0].data()[i * lanes + lane];
    const Tensor back = poolscope::backward(pool_of(op, pass, lane), picture, gradient).value();
    for (int64_t i = 0; i < op.in.count(); ++i)
      gradients_[1].data()[i * lanes + lane] = back.data()[i];
  }
}

void Workspace::backward(const GroupPass& pass, const GroupGradients& gradients) {
  for (size_t i = program_.ops.size(); i-- > 0;) {
    backward_op(i, pass, gradients);
    std::swap(gradients_[0], gradients_[1]);
  }
}

void Workspace::backward_op(size_t index, const GroupPass& pass, const GroupGradients& gradients) {
  const Op& op = program_.ops[index];
  float* from = gradients_[0].data();
  float* to = gradients_[1].data();
  if (op.relu && op.kind != Op::Kind::conv_pool)
    kernels_.relu_backward(op.out.count(), values_[index + 1].data(), from);
  switch (op.kind) {
    case Op::Kind::conv:
    case Op::Kind::conv_pool:
      return backward_conv(index, pass, gradients);
    case Op::Kind::dense:
      return backward_dense(index, pass, gradients);
    case Op::Kind::taps:
      return kernels_.taps_backward(op.table(), op.in.c, from, notes_[index].data(), to);
    case Op::Kind::relu:
      std::copy_n(from, op.in.count() * kernels_.lanes, to);
      return kernels_.relu_backward(op.out.count(), values_[index + 1].data(), to);
    case Op::Kind::dropout:
      return kernels_.multiply(op.in.count(), from, notes_[index].data(), to);
    case Op::Kind::any_pool:
      return backward_any_pool(op, index, pass);
  }
}

void Workspace::backward_conv(size_t index, const GroupPass& pass, const GroupGradients& gradients) {
  const Op& op = program_.ops[index];
  const LayerPlan& layer = plan_.layers[static_cast<size_t>(op.layer)];
  const float* gradient = gradients_[0].data();
  if (op.kind == Op::Kind::conv_pool) {
    kernels_.unpool(op.conv.out_c, op.conv.out_h, op.conv.out_w, gradient, notes_[index].data(), map_.data());
    gradient = map_.data();
  }
  float* weights = gradients.conv + op.conv_gradient_at;
  kernels_.conv_weight_gradient(op.conv, conv_input(index), gradient, weights,
                                layer.biases > 0 ? weights + layer.weights : nullptr, room_.data());
  if (index == 0) return;  // nobody asks for the gradient of the picture
  const float* parameters = pass.parameters + layer.weights_at;
  if (!op.padded()) return kernels_.conv_input_gradient(op.conv, gradient, parameters, gradients_[1].data());
  // Into the padded map; the gradient itself is no longer needed when its inner part is taken out.
  kernels_.conv_input_gradient(op.conv, gradient, parameters, gradients_[1].data());
  copy_rows(op, kernels_.lanes, nullptr, gradients_[1].data(), false, gradients_[0].data());
  std::swap(gradients_[0], gradients_[1]);
}

void Workspace::backward_dense(size_t index, const GroupPass& pass, const GroupGradients& gradients) {
  const Op& op = program_.ops[index];
  const int64_t lanes = kernels_.lanes;
  // Picture by picture, as the product over the whole batch wants them.
  const auto turn = [&](const float* values, int64_t count, float* rows) {
    for (int64_t lane = 0; lane < static_cast<int64_t>(pass.pictures.size()); ++lane)
      for (int64_t i = 0; i < count; ++i)
        rows[(pass.first_sample + lane) * count + i] = values[i * lanes + lane];
  };
  turn(values_[index].data(), op.dense.in, (*gradients.dense_in)[index].data());
  turn(gradients_[0].data(), op.dense.out, (*gradients.dense_gradient)[index].data());
  if (index == 0) return;
  const LayerPlan& layer = plan_.layers[static_cast<size_t>(op.layer)];
  kernels_.dense_input_gradient(op.dense, gradients_[0].data(), pass.parameters + layer.weights_at,
                                gradients_[1].data());
}

}  // namespace poolscope
