// Built once per vector level, with WARMSHELL_LEVEL naming the namespace. Only functions that are
// always inlined may be called from here: anything else could be linked into another level's code.

#include <immintrin.h>

#include "base/kernels.h"
#include "base/laws.h"
#include "base/math.h"

namespace warmshell::WARMSHELL_LEVEL {

extern const ColumnKernels column_kernels;

namespace {

// Paths are independent, so in-place columns are no dependence.
#if defined(__clang__)
#define WARMSHELL_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define WARMSHELL_INDEPENDENT _Pragma("GCC ivdep")
#endif
#define WARMSHELL_EACH_PATH WARMSHELL_INDEPENDENT for (std::size_t i = 0; i < n; ++i)

void exp(const double* x, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = math::exp(x[i]);
}
void expm1(const double* x, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = math::expm1(x[i]);
}
void log(const double* x, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = math::log(x[i]);
}
void log1p(const double* x, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = math::log1p(x[i]);
}
void pow(const double* x, double exponent, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = math::pow(x[i], exponent);
}
void normal_cdf(const double* z, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = math::normal_cdf(z[i]);
}

constexpr std::size_t chunk = 256;  // 2 KiB a column: stays in the first cache between two passes

void normal_quantile(const double* u_all, double* out, std::size_t n_all) {
  alignas(64) double w[chunk];
  for (std::size_t begin = 0; begin < n_all; begin += chunk) {
    const double* u = u_all + begin;
    const std::size_t n = n_all - begin < chunk ? n_all - begin : chunk;
    WARMSHELL_EACH_PATH w[i] = math::detail::quantile_log(u[i]);
    WARMSHELL_EACH_PATH {
      out[begin + i] =
          math::detail::quantile_value(u[i], math::detail::quantile_argument(u[i], w[i]));
    }
  }
}

// Philox in lanes of 64 bits of which the lower 32 count: one widening multiply per product.
#if defined(__AVX512F__)
constexpr std::size_t lane_count = 8;
typedef std::uint64_t Lanes __attribute__((vector_size(64)));
typedef double Doubles __attribute__((vector_size(64), aligned(8)));
inline Lanes product(Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(
      _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
}
constexpr Lanes counting = {0, 1, 2, 3, 4, 5, 6, 7};
#define WARMSHELL_LOWER_TURNS 0, 8, 1, 9, 2, 10, 3, 11
#define WARMSHELL_UPPER_TURNS 4, 12, 5, 13, 6, 14, 7, 15
#elif defined(__AVX2__)
constexpr std::size_t lane_count = 4;
typedef std::uint64_t Lanes __attribute__((vector_size(32)));
typedef double Doubles __attribute__((vector_size(32), aligned(8)));
inline Lanes product(Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}
constexpr Lanes counting = {0, 1, 2, 3};
#define WARMSHELL_LOWER_TURNS 0, 4, 1, 5
#define WARMSHELL_UPPER_TURNS 2, 6, 3, 7
#else
constexpr std::size_t lane_count = 2;
typedef std::uint64_t Lanes __attribute__((vector_size(16)));
typedef double Doubles __attribute__((vector_size(16), aligned(8)));
inline Lanes product(Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(
      _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
}
constexpr Lanes counting = {0, 1};
#define WARMSHELL_LOWER_TURNS 0, 2
#define WARMSHELL_UPPER_TURNS 1, 3
#endif

struct Block {
  Lanes word[4];
};

// What all paths of a column share: the ten keys, broadcast once.
struct Rounds {
  Lanes key0[10], key1[10];
};

inline Rounds rounds_of(std::uint64_t key) {
  Rounds rounds;
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    rounds.key0[round] = Lanes{} + key0;
    rounds.key1[round] = Lanes{} + key1;
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  return rounds;
}

inline Block first_block(const StreamColumn& stream, std::uint64_t pair) {
  const Lanes pairs = counting + pair;
  return {{pairs, pairs >> 32, Lanes{} + stream.index, Lanes{} + stream.draw}};
}

inline void turn(const Rounds& rounds, int round, Block& c) {
  const Lanes a = product(c.word[0], Lanes{} + 0xd2511f53);
  const Lanes b = product(c.word[2], Lanes{} + 0xcd9e8d57);
  c = {{(b >> 32) ^ c.word[1] ^ rounds.key0[round], b, (a >> 32) ^ c.word[3] ^ rounds.key1[round],
        a}};
}

inline Doubles unit_interval(Lanes low, Lanes high) {
  const Lanes random = (high << 32) | (low & 0xffffffff);
  return reinterpret_cast<Doubles>((random >> 12) | 0x3ff0000000000000) - (1 - 0x1p-53);
}

// Even paths took the first half of each block, odd ones the second.
inline void store_paths(const Block& c, double* out) {
  const Doubles even = unit_interval(c.word[0], c.word[1]);
  const Doubles odd = unit_interval(c.word[2], c.word[3]);
  *reinterpret_cast<Doubles*>(out) = __builtin_shufflevector(even, odd, WARMSHELL_LOWER_TURNS);
  *reinterpret_cast<Doubles*>(out + lane_count) =
      __builtin_shufflevector(even, odd, WARMSHELL_UPPER_TURNS);
}

void uniforms(const StreamColumn& stream, double* out, std::size_t n) {
  constexpr std::size_t step = 2 * lane_count;
  const Rounds rounds = rounds_of(stream.key);
  std::size_t i = 0;
  if ((stream.first_path & 1) == 0) {
    // two blocks at once, since each alone is one long chain
    for (; i + 2 * step <= n; i += 2 * step) {
      const std::uint64_t pair = (stream.first_path + i) >> 1;
      Block c = first_block(stream, pair), d = first_block(stream, pair + lane_count);
      for (int round = 0; round < 10; ++round) {
        turn(rounds, round, c);
        turn(rounds, round, d);
      }
      store_paths(c, out + i);
      store_paths(d, out + i + step);
    }
  }
  // what does not fill the lanes, or begins on an odd path
  while (i < n) {
    double part[step];
    const std::uint64_t path = stream.first_path + i;
    Block c = first_block(stream, path >> 1);
    for (int round = 0; round < 10; ++round) turn(rounds, round, c);
    store_paths(c, part);
    for (std::size_t j = path & 1; j < step && i < n; ++j, ++i) out[i] = part[j];
  }
}

void normals(const StreamColumn& stream, double* out, std::size_t n) {
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    const std::size_t count = n - begin < chunk ? n - begin : chunk;
    StreamColumn part = stream;
    part.first_path += begin;
    uniforms(part, out + begin, count);
    normal_quantile(out + begin, out + begin, count);
  }
}

void affine(double origin, double scale, const double* z, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = laws::affine(origin, scale, z[i]);
}
void affine_expm1(double origin, double scale, double s, const double* z, double* out,
                  std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = laws::affine_expm1(origin, scale, s, z[i]);
}
void affine_exp(double origin, double scale, double s, const double* z, double* out,
                std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = laws::affine_exp(origin, scale, s, z[i]);
}
void triangular(double low, double mode, double high, const double* z, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = laws::triangular(low, mode, high, math::normal_cdf(z[i]));
}
void uniform(double low, double high, const double* z, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = laws::uniform(low, high, math::normal_cdf(z[i]));
}

void discrete(const double* values, const double* weights, std::size_t count, const double* z,
              double* out, std::size_t n_paths) {
  double total = 0;
  for (std::size_t k = 0; k < count; ++k) total += weights[k];
  for (std::size_t begin = 0; begin < n_paths; begin += chunk) {
    const std::size_t n = n_paths - begin < chunk ? n_paths - begin : chunk;
    double threshold[chunk];
    WARMSHELL_EACH_PATH threshold[i] = math::normal_cdf(z[begin + i]) * total;
    WARMSHELL_EACH_PATH out[begin + i] = values[0];
    double cumulative = 0;
    for (std::size_t k = 0; k + 1 < count; ++k) {
      cumulative += weights[k];
      const double next = values[k + 1];
      WARMSHELL_EACH_PATH {
        const double now = out[begin + i];
        out[begin + i] = threshold[i] > cumulative ? next : now;
      }
    }
  }
}

void empirical(const double* sorted, std::size_t count, const double* z, double* out,
               std::size_t n) {
  WARMSHELL_EACH_PATH out[i] = laws::empirical(sorted, count, math::normal_cdf(z[i]));
}

}  // namespace

const ColumnKernels column_kernels = {
    exp,     expm1,  log,          log1p,      pow,        normal_cdf, normal_quantile, uniforms,
    normals, affine, affine_expm1, affine_exp, triangular, uniform,    discrete,        empirical};

}  // namespace warmshell::WARMSHELL_LEVEL
