#include "replay/inputs/trace.h"

#include <gtest/gtest.h>

#include <set>

#include "replay/inputs/workload_builder.h"

namespace warmshell::replay {
namespace {

struct Read {
  TraceCounts counts;
  std::vector<TraceJob> jobs;
  text::CsvProblems problems;
};

Read read(TraceFormat format, std::string_view content, const TraceRules& rules = {}) {
  Read out;
  const Result<TraceCounts> counts = stream_trace_text(
      "jobs.csv", content, format, rules,
      [&](TraceJob&& job) {
        out.jobs.push_back(std::move(job));
        return true;
      },
      out.problems);
  EXPECT_TRUE(counts.has_value()) << (counts ? "" : render(counts.error()));
  if (counts) out.counts = *counts;
  return out;
}

TEST(Trace, reads_its_own_format) {
  const Read out = read(TraceFormat::own,
                        "name,submit_s,duration_s,gpus,gpu_milli,queue,priority\n"
                        "a,0,10.5,1,500,red,3\n"
                        "b,1,20,16,,blue,\n");
  ASSERT_EQ(out.jobs.size(), 2u);
  EXPECT_EQ(out.jobs[0].duration_ms, 10'500);
  EXPECT_EQ(out.jobs[0].gpu_milli, 500);
  EXPECT_EQ(out.jobs[0].priority, 3);
  EXPECT_EQ(out.jobs[1].gpus, 16);
  EXPECT_EQ(out.jobs[1].gpu_milli, 1000);
  EXPECT_EQ(out.problems.count, 0);
}

TEST(Trace, reads_philly) {
  const Read out = read(TraceFormat::philly,
                        "timestamp,duration,num_gpus,gpu_time,cluster\n"
                        "2017-10-09 07:01:55,66.0,1,66.0,11cb48\n"
                        "1970-01-02 00:00:01,2951.0,8,1,6214e9\n");
  ASSERT_EQ(out.jobs.size(), 2u);
  EXPECT_EQ(out.jobs[0].submit_ms, 1'507'532'515'000);  // `date -u -d '2017-10-09 07:01:55' +%s`
  EXPECT_EQ(out.jobs[1].submit_ms, 86'401'000);
  EXPECT_EQ(out.jobs[1].queue, "6214e9");
}

TEST(Trace, reads_openb) {
  const Read out = read(TraceFormat::openb,
                        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,"
                        "creation_time,deletion_time,scheduled_time\n"
                        "p0,12000,16384,1,460,T4|P100,LS,Running,100,300,150\n"
                        "p1,12000,16384,1,460,,LS,Running,100,90,\n");
  ASSERT_EQ(out.jobs.size(), 1u);
  EXPECT_EQ(out.jobs[0].duration_ms, 150'000);
  EXPECT_EQ(out.jobs[0].gpu_types, "T4|P100");
  ASSERT_EQ(out.problems.count, 1);
  EXPECT_EQ(out.problems.diagnostics[0].message, "row 2: the pod is deleted before it began");
}

TEST(Trace, reads_requests_of_language_models) {
  TraceRules rules;
  rules.prefill_tokens_per_s = 1000;
  rules.decode_tokens_per_s = 10;
  const Read out = read(TraceFormat::azure_llm,
                        "TIMESTAMP,ContextTokens,GeneratedTokens\n"
                        "2023-11-16 18:17:03.9799600,4808,10\n",
                        rules);
  ASSERT_EQ(out.jobs.size(), 1u);
  EXPECT_EQ(out.jobs[0].duration_ms, 4808 + 1000);
  EXPECT_EQ(out.jobs[0].submit_ms % 1000, 979);
}

TEST(Trace, reads_sacct) {
  const Read out = read(TraceFormat::sacct,
                        "JobID|Account|Submit|Elapsed|Timelimit|NNodes|AllocTRES\n"
                        "17|phys|2024-02-29T23:59:59|1-02:03:04|2-00:00:00|2|billing=64,cpu=64,"
                        "gres/gpu=16,gres/gpu:a100=16,mem=1T,node=2\n"
                        "17.batch|phys|2024-02-29T23:59:59|1-02:03:04||1|cpu=32,mem=512G,node=1\n"
                        "18|phys|2024-03-01T00:00:00|00:00:00|UNLIMITED|0|\n");
  ASSERT_EQ(out.jobs.size(), 1u);
  EXPECT_EQ(out.counts.passed_by, 1);  // the step
  EXPECT_EQ(out.jobs[0].duration_ms, ((26 * 60 + 3) * 60 + 4) * 1000);
  EXPECT_EQ(out.jobs[0].estimate_ms, 48LL * 3'600'000);
  EXPECT_EQ(out.jobs[0].gpus, 16);
  EXPECT_EQ(out.jobs[0].workers, 2);
  EXPECT_EQ(out.jobs[0].gpu_types, "a100");
  EXPECT_EQ(out.jobs[0].memory_mib, 1024 * 1024);
  EXPECT_EQ(out.jobs[0].cpu_milli, 64'000);
  ASSERT_EQ(out.problems.count, 1);  // NNodes of 0
}

TEST(Trace, reads_the_standard_workload_format) {
  const Read out = read(TraceFormat::swf,
                        "; Computer: Test\n"
                        " 1 10 5 100 4 -1 -1 8 200 -1 1 1 1 1 2 -1 -1 -1\n"
                        " 2 20 5  -1 4 -1 -1 8 200 -1 0 1 1 1 2 -1 -1 -1\n"
                        " 3 30 5 100 4\n");
  ASSERT_EQ(out.jobs.size(), 1u);
  EXPECT_EQ(out.jobs[0].gpus, 8);
  EXPECT_EQ(out.jobs[0].estimate_ms, 200'000);
  EXPECT_EQ(out.counts.passed_by, 1);  // never ran
  ASSERT_EQ(out.problems.count, 1);
  EXPECT_EQ(out.problems.diagnostics[0].message, "row 3: the line has 5 of 18 fields");
}

TEST(Trace, names_every_bad_row_and_reads_on) {
  const Read out = read(TraceFormat::own,
                        "name,submit_s,duration_s,gpus\n"
                        "a,0,10,1\n"
                        "b,0,-10,1\n"
                        "a,5,10,1\n"
                        "c,5\n"
                        "d,5,ten,1\n"
                        "e,5,10,1.5\n"
                        "f,5,10,2\n");
  ASSERT_EQ(out.jobs.size(), 2u);
  EXPECT_EQ(out.jobs[1].name, "f");
  EXPECT_EQ(out.counts.rows, 7);
  ASSERT_EQ(out.problems.count, 5);
  EXPECT_EQ(render(out.problems.diagnostics[0]),
            "jobs.csv:3:5: error[WS0613]: row 2: duration_s is negative: -10 s\n"
            " 3 | b,0,-10\n"
            "   |     ^^^\n");
  EXPECT_EQ(out.problems.diagnostics[1].message, "row 3: the id `a` was seen before");
  EXPECT_EQ(out.problems.diagnostics[3].message, "row 5: `ten` is no number of seconds");
  EXPECT_EQ(out.problems.diagnostics[4].message, "row 6: `1.5` is no whole number");
}

TEST(Trace, ids_beyond_memory_are_told_at_the_end) {
  TraceRules rules;
  rules.remembered_ids = 2;
  const Read out =
      read(TraceFormat::own,
           "name,submit_s,duration_s,gpus\na,0,1,1\nb,0,1,1\nc,0,1,1\nc,0,1,1\na,0,1,1\n"
           "d,0,1,1\ne,0,1,1\nf,0,1,1\nc,0,1,1\nd,0,1,1\n",
           rules);
  ASSERT_EQ(out.problems.count, 4);
  EXPECT_EQ(out.problems.diagnostics[0].message, "row 5: the id `a` was seen before");
  EXPECT_EQ(out.problems.diagnostics[1].message, "row 4: its id was seen before, in row 3");
  EXPECT_EQ(out.problems.diagnostics[2].message, "row 9: its id was seen before, in row 3");
  EXPECT_EQ(out.problems.diagnostics[3].message, "row 10: its id was seen before, in row 6");
  EXPECT_EQ(out.counts.late_duplicates, 3);
  EXPECT_TRUE(out.counts.ids_checked);
}

TEST(Trace, the_same_repeats_are_found_with_any_memory) {
  std::string text = "name,submit_s,duration_s,gpus\n";
  std::uint64_t state = 7;
  std::set<std::uint64_t> seen;
  std::int64_t repeats = 0;
  for (int row = 0; row < 20'000; ++row) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const std::uint64_t id = (state >> 33) % 30'000;
    repeats += seen.insert(id).second ? 0 : 1;
    text += "job-" + std::to_string(id) + ",0,1,1\n";
  }
  for (const std::size_t memory :
       {std::size_t{1}, std::size_t{64}, std::size_t{3000}, std::size_t{1} << 30}) {
    TraceRules rules;
    rules.remembered_ids = memory;
    EXPECT_EQ(read(TraceFormat::own, text, rules).problems.count, repeats) << memory;
  }
  EXPECT_GT(repeats, 4000);
}

TEST(Trace, a_missing_column_stops_it) {
  text::CsvProblems problems;
  const Result<TraceCounts> counts = stream_trace_text(
      "jobs.csv", "name,submit_s\na,1\n", TraceFormat::own, {}, [](TraceJob&&) { return true; },
      problems);
  ASSERT_FALSE(counts.has_value());
  EXPECT_EQ(counts.error().size(), 2u);  // duration_s and gpus
}

TEST(Trace, formats_are_known_by_their_first_line) {
  EXPECT_EQ(recognise_trace("timestamp,duration,num_gpus,gpu_time,cluster"), TraceFormat::philly);
  EXPECT_EQ(recognise_trace("; Version: 2.2"), TraceFormat::swf);
  EXPECT_EQ(recognise_trace("JobID|Submit|Elapsed"), TraceFormat::sacct);
  EXPECT_EQ(recognise_trace("who,what"), std::nullopt);
}

TEST(WorkloadBuilder, cuts_gangs_to_nodes_and_names_what_is_not_known) {
  Machine machine;
  machine.gpu_types = {{"A100", 0, 1, {1}}};
  machine.nodes = {{"n", 1, 1, 8, 0, 0}};
  text::CsvProblems problems;
  WorkloadBuilder builder(machine, {}, {}, "jobs.csv", problems);
  const auto add = [&](std::int32_t gpus, std::string types) {
    TraceJob job;
    job.row = 7;
    job.gpus = gpus;
    job.gpu_types = std::move(types);
    job.submit_ms = 5000 - gpus;
    job.duration_ms = 1;
    EXPECT_TRUE(builder.add(std::move(job)));
  };
  add(8, "");
  add(12, "A100");
  add(16, "");
  add(1, "A10");
  const Workload workload = builder.finish();
  ASSERT_EQ(workload.jobs.size(), 3u);
  EXPECT_EQ(workload.jobs[0].workers, 2);  // 16, submitted first: time 0
  EXPECT_EQ(workload.jobs[0].submit_ms, 0);
  EXPECT_EQ(workload.jobs[1].worker.gpus, 6);  // 12 on two nodes
  EXPECT_EQ(workload.jobs[2].workers, 1);
  ASSERT_EQ(problems.count, 1);
  EXPECT_EQ(problems.diagnostics[0].message, "row 7: the cluster has no GPU type `A10`");
  EXPECT_EQ(problems.diagnostics[0].help, "did you mean `A100`?");
}

}  // namespace
}  // namespace warmshell::replay
