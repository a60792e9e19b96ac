#include "report/html_parts.h"

namespace warmshell::report {

// Colours: waiting grey, dark orange to brown, idle blue, earning green; chosen to stay apart for
// colour-blind readers by hue and lightness.
std::string_view style_sheet() {
  return R"css(
:root{--bg:#fbfaf7;--card:#fff;--ink:#1b1d21;--soft:#5d636d;--rule:#e2dfd7;--accent:#8a3a06;
--in_transit:#b9bec6;--no_shell:#7a2e05;--no_cooling:#a8480c;--no_power:#d8681a;--installing:#f0a35e;
--failed:#1f3f6e;--no_demand:#3b6fae;--outclassed:#74a3d6;--underused:#b3cfec;--earning:#17866a;
--band:#17866a33;--median:#0f5f4b;--plan:#8a3a06;--mark:#1b1d21}
@media(prefers-color-scheme:dark){:root{--bg:#14161a;--card:#1c1f25;--ink:#e9e7e2;--soft:#a2a8b2;
--rule:#33373f;--accent:#f0a35e;--in_transit:#6b717b;--no_shell:#9c4312;--no_cooling:#c65f1b;
--no_power:#ee8434;--installing:#f7bd85;--failed:#3a62a0;--no_demand:#5a8fce;--outclassed:#8fb9e6;
--underused:#c5dcf4;--earning:#35b08f;--band:#35b08f40;--median:#6fd9bd;--plan:#f0a35e;--mark:#fff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);
font:15px/1.5 "Segoe UI","Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
main,header,footer{max-width:1200px;margin:0 auto;padding:0 28px}
header{padding-top:34px}
h1{font-size:17px;font-weight:600;margin:0 0 2px}
h2{font-size:21px;margin:0 0 2px;letter-spacing:-.01em}
h3{font-size:15px;margin:0 0 6px}
.sub{color:var(--soft);font-size:13.5px}
.verdict{font:600 29px/1.28 Georgia,"Noto Serif","Noto Serif CJK SC","Songti SC",serif;margin:18px 0 20px;
letter-spacing:-.012em;text-wrap:pretty;max-width:46em}
.pair .verdict{font-size:21px;margin:10px 0 14px}
.note{border-left:4px solid var(--accent);background:var(--card);padding:10px 14px;margin:14px 0;font-size:15px}
.note.bad{border-color:#c0271b}
nav{margin:0 0 6px;font-size:13.5px}nav a{color:var(--soft);margin-right:14px;text-decoration:none;white-space:nowrap}
nav a:hover{color:var(--ink);text-decoration:underline}
section{margin:34px 0;padding-top:20px;border-top:1px solid var(--rule)}
.lead{color:var(--soft);margin:0 0 14px;max-width:88ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));background:var(--card);
border:1px solid var(--rule);border-radius:8px;overflow:hidden;margin-bottom:18px}
.tile{padding:13px 15px;box-shadow:1px 1px 0 var(--rule)}
.tile [data-v],.range{white-space:nowrap}.pair .tile b{font-size:19px}
.pair .tiles{grid-template-columns:repeat(auto-fit,minmax(158px,1fr))}
.tile b{display:block;font-size:23px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span.k{font-size:12.5px;color:var(--soft);display:block}
.tile span.u{font-size:12.5px;color:var(--soft)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(460px,1fr));gap:28px}
.pair>div{min-width:0}header .pair{margin-top:14px}
.scenario{display:inline-block;font-size:12.5px;font-weight:600;padding:1px 9px;border-radius:99px;
border:1px solid var(--rule);background:var(--card);margin-bottom:8px}
figure{margin:0 0 8px;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:14px 16px 8px}
figure+figure{margin-top:14px}
svg{display:block;width:100%;height:auto;overflow:visible;font-size:12px}
svg text{fill:var(--ink);font-variant-numeric:tabular-nums}
svg .tick,svg .unit{fill:var(--soft);font-size:11.5px}svg .group{font-weight:600;font-size:12.5px}
svg .value{font-weight:600}svg .never{fill:var(--accent);font-weight:600}
.axis{stroke:var(--soft)}.grid{stroke:var(--rule)}.zero{stroke:var(--ink);stroke-width:1.2}
.area{stroke:var(--card);stroke-width:.6}
.band{fill:var(--band)}.median{fill:none;stroke:var(--median);stroke-width:2.4}
.plan{fill:none;stroke:var(--plan);stroke-width:2;stroke-dasharray:6 4}
.whisker{stroke:var(--mark);stroke-width:1.5}.blank{fill:var(--rule);opacity:.5}
.gate{fill:var(--no_demand);opacity:.75}.gate.open{fill:var(--no_power);opacity:.6}.gate-point{fill:var(--no_demand)}
.gate-median{stroke:var(--mark);stroke-width:2}.given{stroke:var(--soft);stroke-width:1.5}
.stage{fill:var(--ink)}.flow{fill:var(--earning);opacity:.22}
.s-in_transit{fill:var(--in_transit);background:var(--in_transit)}.s-no_shell{fill:var(--no_shell);background:var(--no_shell)}
.s-no_cooling{fill:var(--no_cooling);background:var(--no_cooling)}.s-no_power{fill:var(--no_power);background:var(--no_power)}
.s-installing{fill:var(--installing);background:var(--installing)}.s-failed{fill:var(--failed);background:var(--failed)}
.s-no_demand{fill:var(--no_demand);background:var(--no_demand)}.s-outclassed{fill:var(--outclassed);background:var(--outclassed)}
.s-underused{fill:var(--underused);background:var(--underused)}.s-earning{fill:var(--earning);background:var(--earning)}
svg .on-s-no_shell,svg .on-s-no_cooling{fill:#fff}svg .on-s-no_power,svg .on-s-installing{fill:#1b1d21}
.area.thin{stroke-width:0}.highest{fill:none;stroke:var(--mark);stroke-width:1}
.cap{fill:none;stroke:#c0271b;stroke-width:2}.over{fill:#c0271b}
.q0{fill:#17866a;background:#17866a}.q1{fill:#5b9a3c;background:#5b9a3c}.q2{fill:#a3a82e;background:#a3a82e}
.q3{fill:#2b8f9e;background:#2b8f9e}.q4{fill:#7560b0;background:#7560b0}.q5{fill:#b06ab8;background:#b06ab8}
.q6{fill:#cf6f95;background:#cf6f95}.q7{fill:#8f7350;background:#8f7350}.q8{fill:#4f8fd0;background:#4f8fd0}
.legend i.cap{height:3px;background:#c0271b;vertical-align:4px}.legend i.highest{height:2px;background:var(--mark);vertical-align:4px}
.legend i.over{background:#c0271b;border-radius:50%}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12.5px;color:var(--soft);margin:6px 0 4px;padding:0;list-style:none}
.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}
.legend i.band{background:var(--band)}.legend i.median{height:3px;background:var(--median);vertical-align:4px}
.legend i.plan{height:0;border-top:2px dashed var(--plan);background:none;vertical-align:4px}
.legend i.gate{background:var(--no_demand)}.legend i.open{background:var(--no_power)}
.legend i.tick{width:3px;background:var(--mark)}.legend i.thin{height:2px;background:var(--soft);vertical-align:4px}
.aside{font-size:13px;color:var(--soft);margin:6px 0}
details{margin:6px 0 4px;font-size:13.5px}summary{cursor:pointer;color:var(--soft);padding:3px 0}
summary:hover{color:var(--ink)}
.scroll{overflow:auto;max-height:520px}.scroll+h3{margin-top:22px}
table{border-collapse:collapse;font-size:13px;width:100%;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--soft);padding:4px 10px 4px 0;
position:sticky;top:0;background:var(--bg);vertical-align:bottom}
figure th{background:var(--card)}
td{padding:3px 10px 3px 0;border-bottom:1px solid var(--rule);vertical-align:top}
td.n{white-space:nowrap}.n,th.n{text-align:right}tr.total td{font-weight:650;border-top:1px solid var(--soft)}
td code{font-size:12.5px;overflow-wrap:anywhere}code{font-family:ui-monospace,Consolas,"Noto Sans Mono",monospace}
.ok{color:var(--earning);font-weight:600}.fail{color:#c0271b;font-weight:700}
.switch{float:right;font-size:13px}.switch label{cursor:pointer;padding:3px 10px;border:1px solid var(--rule);background:var(--card)}
.switch label:first-child{border-radius:99px 0 0 99px}.switch label:last-child{border-radius:0 99px 99px 0;border-left:0}
input.language{position:absolute;opacity:0;pointer-events:none}
#language-en:checked~header label[for=language-en],#language-zh:checked~header label[for=language-zh]{background:var(--ink);color:var(--bg)}
#language-en:focus-visible~header .switch,#language-zh:focus-visible~header .switch{outline:2px solid var(--accent)}
#language-en:checked~* .zh,#language-zh:checked~* .en{display:none}
footer{color:var(--soft);font-size:12.5px;padding-bottom:40px}
.swipe{display:none;font-size:12.5px;color:var(--accent);margin:0 0 6px;text-align:center}
@media screen and (max-width:760px){.chart{overflow-x:auto;padding-bottom:6px}.chart>svg{width:720px}.swipe{display:block}}
@media(max-width:560px){main,header,footer{padding:0 14px}.verdict{font-size:22px}.pair{grid-template-columns:1fr}}
@media print{.switch,nav{display:none}section{break-inside:avoid}.scroll{max-height:none}body{font-size:11px}}
)css";
}

}  // namespace warmshell::report
