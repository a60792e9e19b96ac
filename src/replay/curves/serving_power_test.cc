#include "replay/curves/serving_power.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace warmshell::replay {
namespace {

std::string data_folder() {
  const char* told = std::getenv("WARMSHELL_DATA");
  return told != nullptr ? told : std::string(WARMSHELL_ROOT) + "/../shared/data";
}

// Rated power of a GPU: NVIDIA's data sheets of H100 SXM (700 W) and B200 (1000 W).
TEST(ServingPower, measured_draws_stay_below_what_the_gpu_is_rated_for) {
  ASSERT_FALSE(known_serving_powers().empty());
  for (const ServingPower& known : known_serving_powers()) {
    const double rated = known.gpu == "H100" ? 700 : 1000;
    EXPECT_LT(known.highest_watts, rated) << known.name;
    EXPECT_LE(known.mean_watts, known.highest_watts) << known.name;
    EXPECT_GT(known.deviation_watts, 0) << known.name;
    EXPECT_GE(known.configurations, 5) << known.name;
    EXPECT_GT(known.largest_batch_tokens_per_s, known.smallest_batch_tokens_per_s) << known.name;
    EXPECT_EQ(find_serving_power(known.name), &known);
  }
  EXPECT_EQ(find_serving_power("llama"), nullptr);
}

TEST(ServingPower, what_is_built_in_is_what_the_measurements_give) {
  const std::string path = data_folder() + "/serving_power/ml_energy_configs.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no measurements in " << data_folder();
  const Result<std::vector<ServingPower>> measured = read_serving_powers(path, "lm-arena-chat", 5);
  ASSERT_TRUE(measured.has_value()) << render(measured.error());
  ASSERT_EQ(measured->size(), known_serving_powers().size());
  for (std::size_t s = 0; s < measured->size(); ++s) {
    const ServingPower& a = (*measured)[s];
    const ServingPower& b = known_serving_powers()[s];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.configurations, b.configurations) << a.name;
    EXPECT_NEAR(a.mean_watts, b.mean_watts, 0.051) << a.name;
    EXPECT_NEAR(a.deviation_watts, b.deviation_watts, 0.051) << a.name;
    EXPECT_NEAR(a.highest_watts, b.highest_watts, 0.051) << a.name;
    EXPECT_NEAR(a.largest_batch, b.largest_batch, 0.051) << a.name;
    EXPECT_NEAR(a.smallest_batch_tokens_per_s, b.smallest_batch_tokens_per_s, 0.051) << a.name;
    EXPECT_NEAR(a.largest_batch_tokens_per_s, b.largest_batch_tokens_per_s, 0.051) << a.name;
  }
}

}  // namespace
}  // namespace warmshell::replay
