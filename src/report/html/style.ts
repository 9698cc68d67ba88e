import { trusted, type Markup } from './markup.ts';

/** The page's style: no font, image or script from anywhere. Text contrast is at least 4.5 to 1 in both schemes. */
export const PAGE_STYLE: Markup = trusted(`
:root{color-scheme:light dark;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;
--page:#f3f5f8;--surface:#fff;--sunken:#f6f8fb;--ink:#18202c;--faint:#56616f;--line:#dfe4eb;--line-strong:#b6c0cd;--accent:#0a58a8;
--failure:#ad1f17;--failure-soft:#fdeeec;--warning:#7d5200;--warning-soft:#fff5de;--note:#17588a;--note-soft:#e8f2fa;--good:#17683a;--good-soft:#e7f5ec;--mark:#fff3bf}
@media(prefers-color-scheme:dark){:root{--page:#0f131a;--surface:#181e28;--sunken:#131922;--ink:#e5eaf1;--faint:#a0abba;--line:#2b3442;--line-strong:#4a5668;--accent:#7db9f7;
--failure:#ff8f86;--failure-soft:#381c1e;--warning:#eec06a;--warning-soft:#322710;--note:#8cc5f2;--note-soft:#142737;--good:#7ed39c;--good-soft:#132c1e;--mark:#4a3f12}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 var(--sans);overflow-wrap:anywhere}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
a:focus-visible,summary:focus-visible,input:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
h1,h2,h3,h4{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:clamp(1.4rem,1rem + 1.8vw,2.1rem);letter-spacing:-.015em}
h2{font-size:1.3rem;letter-spacing:-.01em;margin:2.4rem 0 .9rem}
h3{font-size:1.05rem}
h4{font-size:.78rem;text-transform:uppercase;letter-spacing:.06em;color:var(--faint);margin:1.2rem 0 .4rem}
p{margin:.5rem 0;max-width:78ch}
code,pre,.mono{font-family:var(--mono);font-size:.86em}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--surface);padding:.5rem 1rem;z-index:9}
.page{display:grid;grid-template-columns:minmax(0,1fr);max-width:1420px;margin:0 auto;padding:0 clamp(.8rem,2.5vw,2.2rem) 4rem;gap:0 2rem}
.brand{font-size:.78rem;font-weight:650;letter-spacing:.08em;text-transform:uppercase;color:var(--faint);margin:1.4rem 0 .8rem}
.verdict{background:var(--surface);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:12px;padding:clamp(1rem,2.5vw,1.8rem)}
.verdict .summary{font-size:1.08rem;max-width:80ch;margin:.9rem 0 0}
.failure{--tone:var(--failure);--soft:var(--failure-soft)}.warning{--tone:var(--warning);--soft:var(--warning-soft)}.note{--tone:var(--note);--soft:var(--note-soft)}.good{--tone:var(--good);--soft:var(--good-soft)}
.tags{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 .8rem;padding:0;list-style:none}
.tag{display:inline-block;font-size:.78rem;font-weight:600;line-height:1.2;padding:.28rem .6rem;border-radius:99px;background:var(--soft,var(--sunken));color:var(--tone,var(--faint));border:1px solid color-mix(in srgb,var(--tone,var(--line-strong)) 35%,transparent)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.9rem 1.6rem;margin:1.3rem 0 0;padding:1.1rem 0 0;border-top:1px solid var(--line)}
.facts dt,.about dt{font-size:.78rem;color:var(--faint)}.facts dd,.about dd{margin:0;font-weight:550}
.card{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:1.1rem clamp(.9rem,2vw,1.5rem) 1.3rem;margin:0 0 1.1rem}
.card.toned{border-left:6px solid var(--tone)}
.side nav ol{list-style:none;margin:0;padding:0}
.side nav a{display:block;padding:.22rem 0;text-decoration:none}
.side nav a:hover{text-decoration:underline}
.side fieldset{border:0;border-top:1px solid var(--line);margin:.9rem 0 0;padding:.7rem 0 0;min-width:0}
.side legend{float:left;width:100%;font-size:.78rem;color:var(--faint);padding:0 0 .3rem}
.side label{display:flex;gap:.5rem;align-items:baseline;padding:.13rem 0;clear:both;font-size:.92rem}
.side .scroll{max-height:17rem;overflow:auto;clear:both;padding:2px}
input{accent-color:var(--accent);margin:0;flex:none}
.side{padding:1.1rem 0 0}
.side>.card{margin:0;padding:.9rem 1.1rem}
@media(min-width:1180px){.page{grid-template-columns:minmax(0,1fr) 16.5rem}.head{grid-column:1/-1}.side{grid-column:2;grid-row:2}.main{grid-column:1;grid-row:2}.side>.card{position:sticky;top:1rem;max-height:calc(100vh - 2rem);overflow:auto}}
.wide{overflow-x:auto;margin:0 calc(-1*clamp(.9rem,2vw,1.5rem));padding:2px clamp(.9rem,2vw,1.5rem)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th{text-align:left;font-size:.78rem;font-weight:600;color:var(--faint);border-bottom:1px solid var(--line-strong);padding:.35rem .9rem .35rem 0;white-space:nowrap;vertical-align:bottom}
td{padding:.5rem .9rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top;min-width:6.2rem}
td.num{min-width:1.5rem;white-space:nowrap}td.sha{min-width:17rem}
tr:last-child td{border-bottom:0}
td .place,td .how{display:block;overflow-wrap:normal;font-size:.82rem}
.how,.faint{color:var(--faint)}
.place{font-family:var(--mono);font-size:.86em}
tr.diverges td{background:var(--failure-soft)}tr.diverges td:first-child{box-shadow:inset 4px 0 var(--failure)}tr.diverges td:first-child,tr.diverges th:first-child{padding-left:.7rem}
.v{font-weight:650;white-space:nowrap}.v.agrees,.v.established,.v.complete{color:var(--good)}.v.diverges,.v.failed{color:var(--failure)}.v.unknown,.v.incomplete{color:var(--warning)}
.divergence{background:var(--failure-soft);color:var(--failure);border-radius:8px;padding:.7rem .9rem;max-width:none;font-weight:550}
.quotes{list-style:none;margin:0;padding:0}
.quotes li{padding:.35rem 0 .35rem .8rem;border-left:3px solid var(--line-strong);margin:.3rem 0}
.quotes code{display:block;white-space:pre-wrap}
@media(min-width:760px){.quotes li{display:grid;grid-template-columns:minmax(8rem,15rem) minmax(0,1fr);gap:0 1rem;align-items:baseline}}
pre{background:var(--sunken);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;overflow-x:auto;margin:.5rem 0;line-height:1.5}
pre.commands{border-left:4px solid var(--good)}
ul.plain{margin:.3rem 0;padding-left:1.2rem}
ol.remedies{margin:.3rem 0;padding-left:1.5rem}
summary{cursor:pointer;font-weight:600;padding:.3rem 0}
details>summary .faint{font-weight:400}
figure{margin:0}
figcaption{color:var(--faint);font-size:.86rem;margin:.4rem 0 0}
.rows{list-style:none;margin:0;padding:0;font-size:.86rem}
.chunk{content-visibility:auto;contain-intrinsic-size:auto 150rem;list-style:none;margin:0;padding:0}
.tl li{display:grid;grid-template-columns:7.5rem minmax(4rem,7rem) minmax(6rem,11rem) minmax(0,1fr);gap:0 .9rem;padding:.16rem 0;border-bottom:1px solid var(--line)}
.tl i{font-style:normal;color:var(--faint)}
.box{border:1px solid var(--line);border-radius:8px;background:var(--sunken);max-height:30rem;overflow:auto;overscroll-behavior:auto}
.box p{position:relative;margin:0;max-width:none;padding:.06rem .6rem .06rem 4.2rem;font-family:var(--mono);font-size:.82rem;line-height:1.5;white-space:pre-wrap;min-height:1.62em}
.box p::before{content:attr(data-n);position:absolute;left:0;width:3.5rem;text-align:right;color:var(--faint)}
.box i{font-family:var(--sans);color:var(--faint);font-size:.92em}
.box p.cited{background:var(--warning-soft);box-shadow:inset 4px 0 var(--warning)}.box p.cited::before{color:var(--ink)}
.box p:target,li:target{background:var(--mark);outline:2px solid var(--accent);outline-offset:-2px}
.hole{color:var(--faint);font-size:.8rem;padding:.15rem 0 .15rem 4.2rem;border-block:1px dashed var(--line)}
.frame:target,.card:target,tr:target{outline:3px solid var(--accent);outline-offset:2px}
.frame .tag{margin-left:.35rem}
.frame{border-top:1px solid var(--line);padding:.7rem 0}
.tree,.tree ul{list-style:none;margin:0;padding:0 0 0 1.1rem;border-left:1px solid var(--line)}
.tree{padding-left:0;border-left:0;font-size:.9rem;margin:.6rem 0 0}
.tree li{padding:.08rem 0}
.tree .at{color:var(--faint);font-family:var(--mono);font-size:.8em;margin-left:.5rem;white-space:nowrap}
.tree b{font-weight:600}
.lazy{content-visibility:auto;contain-intrinsic-size:auto 40rem}
footer{color:var(--faint);font-size:.86rem;margin-top:2.5rem}
@media(max-width:700px){.tl li{grid-template-columns:7rem 1fr;padding:.4rem 0}.box p{padding-left:3.2rem}.box p::before{width:2.7rem}}
@media print{:root{color-scheme:light;--page:#fff;--surface:#fff;--sunken:#fff;--ink:#000;--faint:#444;--line:#ccc;--line-strong:#888;--accent:#003f7f;--failure:#9a1009;--failure-soft:#fbe9e7;--warning:#6b4600;--warning-soft:#fff6e0;--note:#0d4a77;--note-soft:#eef5fb;--good:#0f5a2f;--good-soft:#eef8f1}
@page{margin:14mm}
body{font-size:10pt}.side,.skip{display:none}.page{display:block;max-width:none;padding:0}.card,.verdict{break-inside:auto;border-radius:4px}
h2,h3,h4{break-after:avoid}tr,.quotes li,figure{break-inside:avoid}.box{max-height:none;overflow:visible}.ladder{min-width:0}.wide{overflow:visible}.chunk,.lazy{content-visibility:visible}
.box p:not(.near),.hole{display:none}a{color:inherit}}
`);
