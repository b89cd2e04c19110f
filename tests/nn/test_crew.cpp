#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "core/nn/crew.h"

using namespace poolscope;

TEST_CASE("every item is done exactly once, whatever the threads and the rounds before") {
  for (const int threads : {1, 2, 3, 5}) {
    Crew crew(threads);
    std::vector<int> done(40);  // written by whoever has the item: a second one would be a race
    for (int round = 0; round < 2000; ++round) {
      const int count = round * 7 % 40;
      std::fill(done.begin(), done.end(), 0);
      crew.run(count, [&](int64_t item, int thread) {
        if (thread >= 0 && thread < threads) ++done[static_cast<size_t>(item)];
      });
      for (int i = 0; i < 40; ++i)
        REQUIRE(done[static_cast<size_t>(i)] == (i < count ? 1 : 0));
    }
  }
}
