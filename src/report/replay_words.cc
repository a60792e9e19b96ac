#include "report/replay_words.h"

#include "report/word_table.h"

namespace warmshell::report {

namespace {

constexpr std::array<Entry, 8> parts{{{"useful", "useful work", "有用功"},
                                      {"fragmentation", "fragmentation", "碎片"},
                                      {"quota", "quota", "配额"},
                                      {"power", "power", "功率"},
                                      {"gang_wait", "gang wait", "成组等待"},
                                      {"interference", "interference of sharing", "共享干扰"},
                                      {"preempted", "lost to preemption", "抢占损失"},
                                      {"idle", "idle, nobody asks", "空闲、无人要"}}};

constexpr std::array<Entry, 14> steps{
    {{"shortest first", "shortest first", "最短优先"},
     {"priority order", "priority order", "按优先级"},
     {"fair share", "fair share", "公平份额"},
     {"easy backfill", "EASY backfill", "EASY 回填"},
     {"conservative backfill", "conservative backfill", "保守回填"},
     {"aging", "aging", "久等提前"},
     {"reclaim", "reclaim", "份额回收"},
     {"preemption", "preemption", "优先级抢占"},
     {"standing power limit", "standing power limit", "常设功率限制"},
     {"sleeping nodes", "sleeping nodes", "节点休眠"},
     {"power control", "power control", "功率控制"},
     {"admission by percentile", "admission by percentile", "按分位数准入"},
     {"admission by expectation", "admission by expectation", "按期望准入"},
     {"oversubscription", "oversubscription", "超额准入"}}};

}  // namespace

Words part_words(std::string_view part) {
  return find(parts, part);
}

std::string part_css(std::string_view part) {
  if (part == "useful") return "s-earning";
  if (part == "power") return "s-no_power";
  if (part == "fragmentation") return "s-no_demand";
  if (part == "quota") return "s-failed";
  if (part == "gang_wait") return "s-outclassed";
  if (part == "interference") return "s-installing";
  if (part == "preempted") return "s-no_shell";
  return "s-in_transit";
}

Words step_words(std::string_view step) {
  constexpr std::string_view placement = " placement";
  if (step.ends_with(placement))
    return {std::string(step),
            "放置：" + std::string(step.substr(0, step.size() - placement.size()))};
  if (step == "no admission by power") return {std::string(step), "不按功率准入"};
  return find(steps, step);
}

Words queue_words(std::string_view queue) {
  if (queue == "other queues") return {"other queues", "其余队列"};
  return {std::string(queue), std::string(queue)};
}

}  // namespace warmshell::report
