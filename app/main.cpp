#include <cstdio>

int main() {
  std::puts("Poolscope " POOLSCOPE_VERSION);
  return 0;
}
