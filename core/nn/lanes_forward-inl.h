// The way forward: part of lanes-inl.h. No include guard.
// NOLINT

void load_pictures(const uint8_t* const* pictures, int64_t count, float* values) {
  for (int64_t lane = 0; lane < kLanes; ++lane) {
    const uint8_t* picture = pictures[lane];
    if (picture == nullptr) {
      for (int64_t p = 0; p < count; ++p)
        values[p * kLanes + lane] = 0;
      continue;
    }
    for (int64_t p = 0; p < count; ++p)
      values[p * kLanes + lane] = static_cast<float>(picture[p]) * (1.0f / 255.0f);
  }
}

/// TO outputs x TX columns of one row, KW columns of weights known: inputs are loaded once for all KW.
template <int KW, int TX, int TO>
void conv_tile(const ConvShape& s, const float* in, const float* weights, const float* biases, bool relu,
               float* const* out) {
  V acc[TO][TX];
  for (int o = 0; o < TO; ++o)
    for (int t = 0; t < TX; ++t)
      acc[o][t] = set(biases ? biases[o] : 0.0f);
  const int64_t per_output = s.in_c * s.kh * KW;
  for (int64_t i = 0; i < s.in_c; ++i)
    for (int64_t a = 0; a < s.kh; ++a) {
      const float* row = in + (i * s.in_h + a) * s.in_w * kLanes;
      const float* w = weights + (i * s.kh + a) * KW;
      V x[TX + KW - 1];
      for (int t = 0; t < TX + KW - 1; ++t)
        x[t] = load(row + t * kLanes);
      for (int b = 0; b < KW; ++b)
        for (int o = 0; o < TO; ++o) {
          const V weight = set(w[o * per_output + b]);
          for (int t = 0; t < TX; ++t)
            acc[o][t] = madd(weight, x[t + b], acc[o][t]);
        }
    }
  for (int o = 0; o < TO; ++o)
    for (int t = 0; t < TX; ++t)
      store(relu ? vmax(acc[o][t], zero()) : acc[o][t], out[o] + t * kLanes);
}

/// The same for any window and stride.
template <int TX, int TO>
void conv_tile_any(const ConvShape& s, const float* in, const float* weights, const float* biases, bool relu,
                   float* const* out) {
  V acc[TO][TX];
  for (int o = 0; o < TO; ++o)
    for (int t = 0; t < TX; ++t)
      acc[o][t] = set(biases ? biases[o] : 0.0f);
  const int64_t per_output = s.in_c * s.kh * s.kw;
  for (int64_t i = 0; i < s.in_c; ++i)
    for (int64_t a = 0; a < s.kh; ++a) {
      const float* row = in + (i * s.in_h + a) * s.in_w * kLanes;
      const float* w = weights + (i * s.kh + a) * s.kw;
      for (int64_t b = 0; b < s.kw; ++b) {
        V x[TX];
        for (int t = 0; t < TX; ++t)
          x[t] = load(row + (t * s.sw + b) * kLanes);
        for (int o = 0; o < TO; ++o) {
          const V weight = set(w[o * per_output + b]);
          for (int t = 0; t < TX; ++t)
            acc[o][t] = madd(weight, x[t], acc[o][t]);
        }
      }
    }
  for (int o = 0; o < TO; ++o)
    for (int t = 0; t < TX; ++t)
      store(relu ? vmax(acc[o][t], zero()) : acc[o][t], out[o] + t * kLanes);
}

template <int KW, int TX, int TO>
void conv_tile_of(const ConvShape& s, const float* in, const float* weights, const float* biases, bool relu,
                  float* const* out) {
  if constexpr (KW > 0)
    conv_tile<KW, TX, TO>(s, in, weights, biases, relu, out);
  else
    conv_tile_any<TX, TO>(s, in, weights, biases, relu, out);
}

/// Row y of outputs o to o + TO - 1, each into its own place.
template <int KW, int TO>
void conv_row(const ConvShape& s, const float* in, const float* weights, const float* biases, bool relu,
              int64_t o, int64_t y, float* const* out) {
  const float* from = in + y * s.sh * s.in_w * kLanes;
  const float* w = weights + o * s.in_c * s.kh * s.kw;
  const float* bias = biases ? biases + o : nullptr;
  float* to[TO];
  for (int k = 0; k < TO; ++k)
    to[k] = out[k];
  int64_t x = 0;
  const int64_t step = s.sw * kLanes;
  for (; x + kColumns <= s.out_w; x += kColumns) {
    conv_tile_of<KW, kColumns, TO>(s, from + x * step, w, bias, relu, to);
    for (int k = 0; k < TO; ++k)
      to[k] += kColumns * kLanes;
  }
  for (; x + 2 <= s.out_w; x += 2) {
    conv_tile_of<KW, 2, TO>(s, from + x * step, w, bias, relu, to);
    for (int k = 0; k < TO; ++k)
      to[k] += 2 * kLanes;
  }
  if (x < s.out_w) conv_tile_of<KW, 1, TO>(s, from + x * step, w, bias, relu, to);
}

template <int KW>
void conv_forward_of(const ConvShape& s, const float* in, const float* weights, const float* biases,
                     bool relu, float* out) {
  const int64_t plane = s.out_h * s.out_w * kLanes;
  int64_t o = 0;
  for (; o + 2 <= s.out_c; o += 2)
    for (int64_t y = 0; y < s.out_h; ++y) {
      float* to[2] = {out + o * plane + y * s.out_w * kLanes, out + (o + 1) * plane + y * s.out_w * kLanes};
      conv_row<KW, 2>(s, in, weights, biases, relu, o, y, to);
    }
  if (o < s.out_c)
    for (int64_t y = 0; y < s.out_h; ++y) {
      float* to[1] = {out + o * plane + y * s.out_w * kLanes};
      conv_row<KW, 1>(s, in, weights, biases, relu, o, y, to);
    }
}

void conv_forward(const ConvShape& s, const float* in, const float* weights, const float* biases, bool relu,
                  float* out) {
  const bool dense = s.sw == 1 && s.sh == 1;
  if (dense && s.kw == 5) return conv_forward_of<5>(s, in, weights, biases, relu, out);
  if (dense && s.kw == 3) return conv_forward_of<3>(s, in, weights, biases, relu, out);
  conv_forward_of<0>(s, in, weights, biases, relu, out);
}

/// Two rows of the map -> one of maxima. The first of equal cells wins, and a cell that is not above 0 none.
void pool_rows(const float* upper, const float* lower, int64_t count, bool relu, float* out, float* codes) {
  const V one = set(1.0f), two = set(2.0f), three = set(3.0f), four = set(4.0f);
  for (int64_t x = 0; x < count; ++x) {
    const V a = load(upper), b = load(upper + kLanes), c = load(lower), d = load(lower + kLanes);
    const V top = vmax(a, b), low = vmax(c, d);
    const V top_code = select_gt(b, a, one, zero()), low_code = select_gt(d, c, three, two);
    V best = vmax(top, low), code = select_gt(low, top, low_code, top_code);
    if (relu) {
      code = select_gt(best, zero(), code, four);
      best = vmax(best, zero());
    }
    store(best, out + x * kLanes);
    store(code, codes + x * kLanes);
    upper += 2 * kLanes;
    lower += 2 * kLanes;
  }
}

template <int KW, int TO>
void conv_pool_outputs(const ConvShape& s, const float* in, const float* weights, const float* biases,
                       bool relu, int64_t o, float* out, float* codes, float* rows) {
  const int64_t pooled_h = s.out_h / 2, pooled_w = s.out_w / 2, row = s.out_w * kLanes;
  for (int64_t y = 0; y < pooled_h; ++y) {
    for (int r = 0; r < 2; ++r) {
      float* to[TO];
      for (int k = 0; k < TO; ++k)
        to[k] = rows + (2 * k + r) * row;
      conv_row<KW, TO>(s, in, weights, biases, false, o, 2 * y + r, to);
    }
    for (int k = 0; k < TO; ++k) {
      const int64_t at = ((o + k) * pooled_h + y) * pooled_w * kLanes;
      pool_rows(rows + 2 * k * row, rows + (2 * k + 1) * row, pooled_w, relu, out + at, codes + at);
    }
  }
}

template <int KW>
void conv_pool_of(const ConvShape& s, const float* in, const float* weights, const float* biases, bool relu,
                  float* out, float* codes, float* rows) {
  int64_t o = 0;
  for (; o + 2 <= s.out_c; o += 2)
    conv_pool_outputs<KW, 2>(s, in, weights, biases, relu, o, out, codes, rows);
  if (o < s.out_c) conv_pool_outputs<KW, 1>(s, in, weights, biases, relu, o, out, codes, rows);
}

void conv_pool_forward(const ConvShape& s, const float* in, const float* weights, const float* biases,
                       bool relu, float* out, float* codes, float* rows) {
  const bool dense = s.sw == 1 && s.sh == 1;
  if (dense && s.kw == 5) return conv_pool_of<5>(s, in, weights, biases, relu, out, codes, rows);
  if (dense && s.kw == 3) return conv_pool_of<3>(s, in, weights, biases, relu, out, codes, rows);
  conv_pool_of<0>(s, in, weights, biases, relu, out, codes, rows);
}

template <int TO>
void dense_outputs(const DenseShape& s, const float* in, const float* weights, const float* biases, bool relu,
                   int64_t o, float* out) {
  V acc[TO];
  for (int k = 0; k < TO; ++k)
    acc[k] = set(biases ? biases[o + k] : 0.0f);
  const float* w = weights + o * s.in;
  for (int64_t i = 0; i < s.in; ++i) {
    const V x = load(in + i * kLanes);
    for (int k = 0; k < TO; ++k)
      acc[k] = madd(set(w[k * s.in + i]), x, acc[k]);
  }
  for (int k = 0; k < TO; ++k)
    store(relu ? vmax(acc[k], zero()) : acc[k], out + (o + k) * kLanes);
}

void dense_forward(const DenseShape& s, const float* in, const float* weights, const float* biases, bool relu,
                   float* out) {
  int64_t o = 0;
  for (; o + kDenseTile <= s.out; o += kDenseTile)
    dense_outputs<kDenseTile>(s, in, weights, biases, relu, o, out);
  for (; o + 2 <= s.out; o += 2)
    dense_outputs<2>(s, in, weights, biases, relu, o, out);
  if (o < s.out) dense_outputs<1>(s, in, weights, biases, relu, o, out);
}

void taps_forward(const TapTable& table, int64_t channels, const float* in, float* out, float* winners) {
  for (int64_t c = 0; c < channels; ++c) {
    const float* plane = in + c * table.in * kLanes;
    for (int64_t o = 0; o < table.out; ++o) {
      const int64_t at = (c * table.out + o) * kLanes;
      const int32_t first = table.first[o], last = table.first[o + 1];
      if (table.weight != nullptr) {
        V acc = zero();
        for (int32_t t = first; t < last; ++t)
          acc = add(acc, load(plane + table.taps[t] * kLanes));
        store(mul(acc, set(table.weight[o])), out + at);
        continue;
      }
      V best = first < last ? load(plane + table.taps[first] * kLanes) : zero(), winner = zero();
      for (int32_t t = first + 1; t < last; ++t) {
        const V value = load(plane + table.taps[t] * kLanes);
        winner = select_gt(value, best, set(static_cast<float>(t - first)), winner);
        best = vmax(best, value);
      }
      store(best, out + at);
      store(winner, winners + at);
    }
  }
}

void relu_forward(int64_t count, const float* in, float* out) {
  for (int64_t k = 0; k < count; ++k)
    store(vmax(load(in + k * kLanes), zero()), out + k * kLanes);
}

void multiply(int64_t count, const float* a, const float* b, float* out) {
  for (int64_t k = 0; k < count; ++k)
    store(mul(load(a + k * kLanes), load(b + k * kLanes)), out + k * kLanes);
}
