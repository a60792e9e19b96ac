#include "report/chinese.h"

#include <fmt/format.h>

#include "report/word_table.h"
#include "report/words.h"

namespace warmshell::report {

namespace {

constexpr std::array<Entry, 10> states{{{"in_transit", "in transit", "在途"},
                                        {"no_shell", "no shell", "缺机房"},
                                        {"no_cooling", "no cooling", "缺散热"},
                                        {"no_power", "no power", "缺电"},
                                        {"installing", "installing", "安装中"},
                                        {"failed", "failed", "故障"},
                                        {"no_demand", "no demand", "无需求"},
                                        {"outclassed", "outclassed", "被淘汰"},
                                        {"underused", "underused", "未用满"},
                                        {"earning", "earning", "在赚钱"}}};

constexpr std::array<Entry, 10> megawatts{
    {{"contracted", "contracted", "签约容量"},
     {"not_energised", "not energised", "未送电"},
     {"reserve", "reserve (spares, outage, curtailed)", "备用（备机、停机、限电）"},
     {"used", "used", "已用"},
     {"installing", "installing", "安装中"},
     {"waiting_customers", "waiting for customers", "等客户"},
     {"waiting_shell", "waiting for shell or cooling", "等机房或散热"},
     {"waiting_chips", "waiting for chips", "等卡"},
     {"tenants", "let to tenants", "租户占用"},
     {"firm", "firm", "可靠功率"}}};

constexpr std::array<Entry, 11> metrics{
    {{"npv", "NPV as energised", "净现值（按通电）"},
     {"npv_without_terminal", "NPV without terminal value", "净现值（不计期末残值）"},
     {"npv_by_chip_count", "NPV by chip count", "净现值（按卡数）"},
     {"npv_overstated", "by chip count less as energised", "按卡数减按通电"},
     {"irr", "IRR as energised", "内部收益率（按通电）"},
     {"irr_by_chip_count", "IRR by chip count", "内部收益率（按卡数）"},
     {"levelised_cost", "levelised cost of compute, without terminal value",
      "算力平准化成本（不计期末残值）"},
     {"peak_funding", "peak funding", "资金峰值"},
     {"payback", "payback, terminal value among the cash", "回本期（含期末残值）"},
     {"dark_accelerator_months", "dark accelerator-months", "吃灰卡月"},
     {"dark_lost_margin", "margin lost in the dark, before upkeep", "吃灰损失的毛利（未扣维保）"}}};

constexpr std::array<Entry, 8> checks{
    {{"chips", "every accelerator is in one state", "每张卡恰在一个状态"},
     {"working", "working ones close", "可用卡数闭合"},
     {"sold", "sold ones close", "售出卡数闭合"},
     {"sellable", "sellable ones are dark", "可售的都在吃灰"},
     {"demand", "demand is served once", "需求只满足一次"},
     {"megawatts", "megawatts are conserved", "兆瓦守恒"},
     {"energy", "energy is drawn from sources", "电量来自电源"},
     {"cash", "cash adds up", "现金闭合"}}};

std::string_view binding_chinese(const std::string& state) {
  if (state == "no_shell") return "暖壳";
  if (state == "no_cooling") return "散热";
  if (state == "no_power") return "供电";
  return "安装";
}

std::string in_all_chinese(const study::SimulateResult& result) {
  const study::Binds& b = result.binds;
  if (b.sites_waiting < 2) return "";
  return fmt::format("；共 {} 个站点缺{}，合计 {}", b.sites_waiting, binding_chinese(b.state),
                     money_text(b.lost_margin_all_sites, result.currency));
}

}  // namespace

Words state_words(std::string_view state) {
  return find(states, state);
}

Words group_words(Group group) {
  switch (group) {
    case Group::waiting:
      return {"waiting", "等待"};
    case Group::dark:
      return {"dark", "吃灰"};
    case Group::idle:
      return {"idle but lit", "通电闲置"};
    case Group::earning:
      return {"earning", "在赚钱"};
  }
  return {};
}

Words stage_words(int stage) {
  static constexpr std::array<std::string_view, stage_count> chinese{
      "已订", "到货", "入机房", "通电", "装好", "可用", "售出", "在忙"};
  const std::size_t at = static_cast<std::size_t>(stage);
  return {std::string(stage_names[at]), std::string(chinese[at])};
}

Words megawatt_words(std::string_view name) {
  return find(megawatts, name);
}
Words metric_words(std::string_view name) {
  return find(metrics, name);
}
Words check_words(std::string_view name) {
  return find(checks, name);
}

Words cure_words(const std::string& gate) {
  constexpr std::string_view sites = "sites.";
  const std::size_t dot = gate.find('.', sites.size());
  if (!gate.starts_with(sites) || dot == std::string::npos ||
      gate.find('.', dot + 1) != std::string::npos)
    return {gate, gate};  // a gate by its path
  const std::string site = gate.substr(sites.size(), dot - sites.size()),
                    what = gate.substr(dot + 1);
  if (what == "power")
    return {"more power at " + site + " (no gate left)", site + " 增加电力（已无关口）"};
  if (what == "halls")
    return {"more halls at " + site + " (no gate left)", site + " 增加机房（已无关口）"};
  if (what == "cooling")
    return {"cooling at " + site + " (no gate left)", site + " 改造散热（已无关口）"};
  if (what == "install") return {"crews at " + site, site + " 安装人手"};
  return {gate, gate};
}

std::string first_sentence_chinese(const study::SimulateResult& result) {
  const study::Binds& b = result.binds;
  if (result.paths == 0) return "没有算出任何路径，因此一无所知。";
  switch (b.kind) {
    case study::BindsCase::gate:
      return fmt::format(
          "瓶颈是{}：自 {} 起，{} 有 {:.1f} MW 可售的加速卡只等这一项，损失毛利 {}{}。",
          binding_chinese(b.state), b.from, b.site, b.mw,
          money_text(b.lost_margin, result.currency), in_all_chinese(result));
    case study::BindsCase::two_gates:
      return fmt::format(
          "{} 有两道关口同时卡住：单靠{}或单靠{}都点不亮任何一张卡；{:.1f} MW "
          "两者都缺，损失毛利 {}{}。",
          b.site, binding_chinese(b.state), binding_chinese(b.second_state), b.mw,
          money_text(b.lost_margin, result.currency), in_all_chinese(result));
    case study::BindsCase::demand:
      return "瓶颈是需求：有卡吃灰，却没有一张能找到客户；再多一兆瓦也一文不值。";
    case study::BindsCase::orders_and_gates:
      if (b.latest_gate.empty()) return "瓶颈是订单与关口：没有卡吃灰，需求仍未满足。";
      return fmt::format(
          "瓶颈是订单与关口：没有卡吃灰，需求仍未满足；{:.1f} MW 排在最后一道关口 {} 之后。", b.mw,
          b.latest_gate);
    case study::BindsCase::balanced:
      if (!owns_accelerators(result))
        return "没有自有或订购的加速卡，也就无卡吃灰：关口晚开的代价体现在租金、赔偿和净现值里。";
      return "没有瓶颈：没有卡吃灰，需求也全部满足。";
  }
  return "";
}

}  // namespace warmshell::report
