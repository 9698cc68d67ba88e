import { LADDER_STYLE } from '../../report/html/ladder.ts';
import { STEPS_STYLE } from '../../report/html/steps.ts';
import { PAGE_STYLE } from '../../report/html/style.ts';

/** The report's own style, and what the workbench adds: panels, boxes to paste into, the inspector. */
export const workbenchStyle: string = `${PAGE_STYLE.text}${LADDER_STYLE.text}${STEPS_STYLE.text}
.bench{overflow-x:clip;display:grid;grid-template-columns:minmax(0,1fr);gap:0 1.6rem;max-width:1800px;margin:0 auto;padding:0 clamp(.8rem,2vw,1.8rem) 3rem}
.brandline{display:flex;justify-content:space-between;align-items:center;gap:1rem;margin:1.1rem 0 .8rem}
.brandline .brand{margin:0}
h3 .faint{font-weight:400}
.welcome{padding:clamp(1rem,6vh,5rem) 0 2rem;max-width:60ch}
.welcome p{font-size:1.08rem}
.welcome li{margin:.35rem 0}
.inputs .row{display:flex;gap:.5rem;align-items:center;justify-content:space-between}
.drop{display:block;border:2px dashed var(--line-strong);border-radius:12px;padding:.9rem 1rem;background:var(--surface);cursor:pointer;text-align:center}
.drop:hover,.dragging .drop{border-color:var(--accent);background:var(--note-soft)}
.drop:focus-within{outline:3px solid var(--accent);outline-offset:2px}
.drop input{position:absolute;opacity:0;width:1px;height:1px}
.drop .faint{display:block;font-size:.86rem}
.dragging .bench{outline:4px dashed var(--accent);outline-offset:-8px}
.files{list-style:none;margin:.8rem 0 0;padding:0;background:var(--surface);border:1px solid var(--line);border-radius:12px}
.files li{padding:.45rem .8rem;border-bottom:1px solid var(--line)}
.files li:last-child{border-bottom:0}
.files .path{flex:1;font-size:.92rem}
.files .faint{font-size:.82rem;white-space:nowrap}
.paste{margin:.9rem 0 0}
.paste>.row{margin-bottom:.3rem;font-size:.86rem}
.router span{white-space:nowrap}
.router input{flex:1}
.files .router{margin:.3rem 0}
.files .buttons{margin:.3rem 0}
.router{display:flex;min-width:0;gap:.5rem;align-items:center;flex:1}
.recognised{margin:.15rem 0 0;font-size:.86rem}
.recognised.bad{color:var(--failure)}
.recognised .tag{font-size:.72rem;padding:.16rem .45rem}
.warn{color:var(--warning)}
textarea,.bench input[type=text]{width:100%;min-width:0;font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--line-strong);border-radius:8px;padding:.4rem .6rem}
textarea{font:12.5px/1.5 var(--mono);resize:vertical;display:block;white-space:pre;overflow-wrap:normal;overflow:auto}
textarea.masked{-webkit-text-security:disc}
textarea::placeholder,input::placeholder{color:var(--faint);opacity:1}
textarea:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:1px}
input:invalid{border-color:var(--failure)}
button{font:inherit;font-weight:600;font-size:.92rem;color:var(--accent);background:var(--surface);border:1px solid var(--line-strong);border-radius:8px;padding:.34rem .8rem;cursor:pointer}
button:hover:not(:disabled){border-color:var(--accent);background:var(--note-soft)}
button:disabled{color:var(--faint);cursor:default}
button.primary{background:var(--accent);color:var(--surface);border-color:var(--accent)}
button.primary:hover:not(:disabled){background:var(--accent);filter:brightness(1.12)}
button.quiet{border-color:transparent;background:transparent;padding:.2rem .4rem}
button.remove{border-color:transparent;background:transparent;color:var(--faint);font-size:1.15rem;line-height:1;padding:.15rem .45rem}
.settings,.samples{margin:.9rem 0 0;border-top:1px solid var(--line);padding:.5rem 0 0}
.field{display:block;margin:.5rem 0;font-size:.86rem}
.samples ol{list-style:none;margin:.3rem 0 0;padding:0;display:grid;gap:.3rem}
button.sample{display:block;width:100%;text-align:left;font-weight:400;color:var(--ink)}
button.sample b{display:block;color:var(--accent);font-size:.88rem}
button.sample span{display:block;font-size:.82rem;color:var(--faint);line-height:1.4}
.buttons{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0 0}
.result{min-width:0;padding-top:1.1rem}
.status .card{padding:.7rem 1rem;margin:0 0 .8rem}
.busy{display:grid;grid-template-columns:auto minmax(4rem,1fr) auto;gap:1rem;align-items:center}
progress{width:100%;height:.7rem;accent-color:var(--accent)}
.notice{border-left:6px solid var(--note)}
.repairs{margin:1rem 0 0}
.repairs article+article{border-top:1px solid var(--line);padding-top:1rem;margin-top:1rem}
.tabs{display:flex;gap:.2rem;overflow-x:auto;border-bottom:1px solid var(--line-strong);margin:1.3rem 0 0;position:sticky;top:0;background:var(--page);z-index:2;padding-top:.4rem}
.tabs button{border:0;border-bottom:3px solid transparent;border-radius:6px 6px 0 0;background:transparent;color:var(--faint);white-space:nowrap;padding:.5rem .9rem}
.tabs button[aria-selected=true]{color:var(--ink);border-bottom-color:var(--accent)}
.tabs button:focus-visible{outline-offset:-3px}
.count{display:inline-block;min-width:1.3rem;text-align:center;margin-left:.4rem;font-size:.78rem;padding:.02rem .35rem;border-radius:99px;background:var(--failure-soft);color:var(--failure)}
.panel{padding-top:.2rem}
.panel h2{margin-top:1.3rem}
.panel>.side{padding:.8rem 0 0}
.panel>.side [role=search]{display:flex;flex-wrap:wrap;gap:.2rem 2rem}
.panel>.side fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:baseline}
.panel>.side legend{float:none;display:contents}
.panel>.side .scroll{display:flex;flex-wrap:wrap;gap:.1rem 1rem;max-height:8rem}
#panel-ladder fieldset:has(input[type=checkbox]){display:none}
.panel .box p[id]:hover,.panel .frame[id]:hover,.panel tr:is(.agrees,.diverges,.unknown):hover{background:var(--note-soft);cursor:pointer}
.outcome .plain .v{white-space:normal}
html{scroll-padding-top:4rem}
.says{font-size:1.08rem;font-weight:600;max-width:none}
.editors{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:1.1rem}
.formats{list-style:none;margin:.8rem 0 0;padding:0;display:grid;gap:.5rem}
.formats li{display:flex;gap:.8rem;align-items:center}
.formats button{min-width:7rem}
.check{display:flex;gap:0 .5rem;align-items:baseline;flex-wrap:wrap;margin:.4rem 0}
.editors h3{margin-bottom:.5rem}
.timing{font-size:.82rem;margin-top:1.5rem}
.inspector{position:fixed;z-index:5;background:var(--surface);border:1px solid var(--line-strong);border-radius:14px;padding:.7rem 1.1rem 1rem;overflow:auto;box-shadow:0 8px 40px rgb(0 0 0/.28)}
.inspector>.row{display:flex;justify-content:space-between;gap:1rem;align-items:start}
.inspector h2{margin:.2rem 0 0;font-size:1.05rem}
.inspector p{margin:.2rem 0}
.inspector h3{font-size:.78rem;text-transform:uppercase;letter-spacing:.06em;color:var(--faint);margin:.9rem 0 .3rem}
.inspector:focus-visible{outline:3px solid var(--accent)}
.split{display:grid;gap:0 1.5rem;min-height:0}
.bench[data-inspecting=true]{padding-bottom:52vh}
.node{border:0;background:transparent;padding:.05rem .3rem;margin-left:-.3rem;color:var(--ink);font-weight:600;font-size:.95em;text-align:left}
.node[aria-pressed=true]{background:var(--mark)}
.octets{font:12.5px/1.55 var(--mono);overflow:auto;max-height:26rem;border:1px solid var(--line);border-radius:8px;background:var(--sunken);padding:.5rem .7rem}
.octet-row{display:grid;grid-template-columns:3.2rem 23.2rem max-content;white-space:pre;min-width:max-content}
.octets mark{background:var(--mark);color:var(--ink);outline:1px solid var(--accent)}
.event{align-content:start;display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.4rem 1.2rem;margin:.6rem 0 .9rem}
.event dt{font-size:.78rem;color:var(--faint)}
.event dd{margin:0}
.box p.within{background:var(--note-soft)}
.jump{position:sticky;bottom:0;display:block;margin:1rem calc(-1*clamp(.8rem,2vw,1.8rem)) 0;padding:.8rem clamp(.8rem,2vw,1.8rem);background:var(--surface);border-top:1px solid var(--line-strong);font-weight:600;text-decoration:none;z-index:3}
.jump::before{content:'↓ '}
@media(min-width:1000px){.jump{display:none}.bench{grid-template-columns:21rem minmax(0,1fr)}.inputs{position:sticky;top:0;max-height:100vh;overflow:auto;padding:0 .5rem 1.5rem .2rem;border-right:1px solid var(--line);scrollbar-width:thin}
.inspector{left:calc(max((100vw - 1800px)/2,0px) + 23.8rem);right:calc(max((100vw - 1800px)/2,0px) + 1.2rem);bottom:1rem;height:46vh;display:grid;grid-template-rows:auto auto minmax(0,1fr);overflow:hidden}
.split{grid-template-columns:minmax(0,1fr) minmax(0,36rem)}.split>*{overflow:auto;min-height:0}.split .octets{max-height:none}
.split.about{grid-template-columns:minmax(11rem,17rem) minmax(0,1fr)}.split.about .box{max-height:none}.split.about .event{grid-template-columns:1fr}}
@media(max-width:999px){.bench:has(.welcome) .result{order:-1}.welcome{padding:.5rem 0 0}.inspector{inset:auto 0 0 0;max-height:72vh;border-radius:16px 16px 0 0}.split.about>.box{max-height:40vh}.tabs{margin-inline:calc(-1*clamp(.8rem,2vw,1.8rem));padding-inline:clamp(.8rem,2vw,1.8rem)}}
@media(max-width:700px){.busy{grid-template-columns:1fr auto}.busy progress{grid-column:1/-1;grid-row:2}.tabs button{padding:.5rem .6rem}}
@media print{.inputs,.tabs,.status,.inspector,.panel>.side,.timing,.repairs button{display:none}.bench.bench{display:block;max-width:none;padding:0}td{min-width:0}}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
