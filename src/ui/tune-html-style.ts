import {pageBase, pageTiles} from './page-style.ts'
import {tuneDark, tuneLight, tunePlotColours, tunePlotShapes} from './tune-plot-style.ts'

const variables = ({ground, band, text, dim, line, init, bad, good}: typeof tuneLight): string =>
  `:root{--ground:${ground};--band:${band};--text:${text};--dim:${dim};--line:${line};--accent:${init};--bad:${bad};--good:${good}}`

/** How the page of a sweep looks, on light and on dark, on a screen, a telephone and paper. */
export const tunePageStyle = `
${variables(tuneLight)}
${tunePlotColours(tuneLight)}
@media (prefers-color-scheme:dark){
${variables(tuneDark)}
${tunePlotColours(tuneDark)}
}
${tunePlotShapes}
${pageBase}
main{max-width:1240px;margin:0 auto;padding:32px 28px 56px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
article + article{margin-top:64px;padding-top:40px;border-top:2px solid var(--line)}
h2{font-size:17px;margin:36px 0 8px}
p{margin:6px 0}
.dim{color:var(--dim)}
.bad{color:var(--bad)}
.good{color:var(--good)}
.verdict{font-size:18px;font-weight:600;margin:4px 0 2px}
.tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:12px;margin:22px 0 24px;padding:0;list-style:none}
${pageTiles}
.plots{display:grid;grid-template-columns:1fr 1fr;gap:12px 20px;margin:24px 0 4px}
.plots svg{display:block;width:100%;height:auto}
svg text{font-size:12px}
.right{text-anchor:end}
.middle{text-anchor:middle}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 12px;padding:0 0 0 44px;list-style:none;font-size:12px;color:var(--dim)}
.legend svg{display:inline;vertical-align:-3px;margin-right:6px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th{font-size:12px;font-weight:400;color:var(--dim);text-align:right;padding:4px 10px 6px;white-space:nowrap}
td{padding:7px 10px;border-top:1px solid var(--line);text-align:right;white-space:nowrap}
th.left,td.left{text-align:left}
td.status{white-space:normal;min-width:180px;overflow-wrap:anywhere}
tr.out td{color:var(--dim)}
tr.best td{font-weight:600;background:var(--band)}
tr.best td:last-child{color:var(--good)}
td small{color:var(--dim);font-weight:400}
ul.list{list-style:none;margin:0;padding:0}
ul.list li{padding:7px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
ul.list li:first-child{border-top:0}
.patches{display:grid;grid-template-columns:repeat(auto-fit,minmax(270px,1fr));gap:14px}
figure{margin:0;min-width:0}
figcaption{font-size:12.5px;margin-bottom:4px}
pre{margin:0;padding:12px 14px;background:var(--band);border:1px solid var(--line);border-radius:8px;overflow-x:auto;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
ins{color:var(--good);text-decoration:none}
del{color:var(--bad);text-decoration:none}
footer{margin-top:44px;padding-top:14px;border-top:1px solid var(--line);font-size:12px;color:var(--dim)}
a{color:var(--accent);overflow-wrap:anywhere}
@media (max-width:1000px){.tiles{grid-template-columns:repeat(auto-fill,minmax(170px,1fr))}}
@media (max-width:820px){main{padding:20px 16px}.plots{grid-template-columns:1fr}}
@media print{main{max-width:none;padding:0}.wide{overflow:visible}}
`.trim()
