// Draws per second of one thread, at every vector level this processor has, over blocks of 1,024
// paths.
//
//   build/bench_base --benchmark_filter=myerson

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/kernels.h"
#include "base/philox.h"

namespace {

using namespace warmshell;

constexpr std::size_t block = 1024;

template <class Body>
void measure(const std::string& what, VectorLevel level, Body body) {
  benchmark::RegisterBenchmark((what + "/" + name(level)).c_str(), [=](benchmark::State& state) {
    std::vector<double> z(block), x(block);
    kernels().normals({stream_key(1, "bench").bits, 0, 0, 0}, z.data(), block);
    std::uint64_t path = 0;
    for (auto _ : state) {
      body(kernels_at(level), path, z.data(), x.data());
      path += block;
      benchmark::DoNotOptimize(x.data());
      benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(block));
  });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const StreamKey key = stream_key(1, "sites.quincy.power.grid-2.energised");
  const auto stream = [key](std::uint64_t path) { return StreamColumn{key.bits, path, 0, 0}; };
  for (const VectorLevel level : available_levels()) {
    using K = const ColumnKernels&;
    measure("uniform", level, [=](K k, std::uint64_t path, const double*, double* x) {
      k.uniforms(stream(path), x, block);
    });
    measure("normal", level, [=](K k, std::uint64_t path, const double*, double* x) {
      k.normals(stream(path), x, block);
    });
    measure("myerson", level, [=](K k, std::uint64_t path, const double*, double* x) {
      k.normals(stream(path), x, block);
      k.affine_expm1(320, 14, 0.4, x, x, block);
    });
    measure("myerson_of_z", level, [=](K k, std::uint64_t, const double* z, double* x) {
      k.affine_expm1(320, 14, 0.4, z, x, block);
    });
    measure("exp", level,
            [=](K k, std::uint64_t, const double* z, double* x) { k.exp(z, x, block); });
    measure("normal_cdf", level,
            [=](K k, std::uint64_t, const double* z, double* x) { k.normal_cdf(z, x, block); });
    measure("pow_of_uniform", level, [=](K k, std::uint64_t path, const double*, double* x) {
      k.uniforms(stream(path), x, block);
      k.pow(x, 1.7, x, block);
    });
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
