#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/bench/work.h"

namespace poolscope::bench {

/// OpenCV has no pooling among its image functions; this is how one writes it with them: dilation for
/// maxima, box filter or area resampling for averages, then every stride-th pixel.
Call opencv_call(const Work& work, float* input, float* output, float*, int threads) {
  if (work.what != Operation::max_forward && work.what != Operation::average_forward) return {};
  cv::setNumThreads(threads);
  const PoolPlan plan = work.plan;
  const bool average = work.what == Operation::average_forward;
  return [=] {
    const int k = static_cast<int>(plan.rows.window), s = static_cast<int>(plan.rows.stride);
    const int h = static_cast<int>(plan.in.h), w = static_cast<int>(plan.in.w);
    const cv::Point corner = plan.rows.pad_before > 0 ? cv::Point(-1, -1) : cv::Point(0, 0);
    const cv::Size out(static_cast<int>(plan.out.w), static_cast<int>(plan.out.h));
    static cv::Mat filtered, ones;
    if (ones.rows != k) ones = cv::Mat::ones(k, k, CV_8U);
    for (int64_t plane = 0; plane < plan.in.planes(); ++plane) {
      const cv::Mat from(h, w, CV_32F, input + plane * plan.in.plane());
      cv::Mat to(out.height, out.width, CV_32F, output + plane * plan.out.plane());
      // Cells that no window covers.
      const cv::Mat used = s == 1 ? from
                                  : from(cv::Rect(0, 0, out.width * s <= w ? out.width * s : w,
                                                  out.height * s <= h ? out.height * s : h));
      if (average && k == s) {
        cv::resize(used, to, out, 0, 0, cv::INTER_AREA);
        continue;
      }
      cv::Mat& whole = s == 1 ? to : filtered;
      if (average)
        cv::boxFilter(from, whole, -1, {k, k}, corner, true, cv::BORDER_CONSTANT);
      else
        cv::dilate(from, whole, ones, corner);
      if (s > 1) cv::resize(whole(cv::Rect(0, 0, used.cols, used.rows)), to, out, 0, 0, cv::INTER_NEAREST);
    }
  };
}

}  // namespace poolscope::bench
