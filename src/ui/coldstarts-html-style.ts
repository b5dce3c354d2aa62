import {darkTheme, lightTheme, type PlotTheme, plotColours, plotShapes} from './coldstarts-plot-style.ts'
import {pageBase, pageTiles} from './page-style.ts'

const variables = ({ground, band, text, dim, line, init, bad}: PlotTheme): string =>
  `:root{--ground:${ground};--band:${band};--text:${text};--dim:${dim};--line:${line};--accent:${init};--bad:${bad}}`

/** How the page of cold starts looks, on light and on dark, on a screen, a telephone and paper. */
export const coldStartsPageStyle = `
${variables(lightTheme)}
${plotColours(lightTheme)}
@media (prefers-color-scheme:dark){
${variables(darkTheme)}
${plotColours(darkTheme)}
}
${plotShapes}
${pageBase}
main{max-width:1340px;margin:0 auto;padding:32px 28px 56px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:17px;margin:40px 0 10px}
p{margin:6px 0}
.dim{color:var(--dim)}
.bad{color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:12px;margin:22px 0 26px;padding:0;list-style:none}
${pageTiles}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 10px;padding:0;list-style:none;font-size:12px;color:var(--dim)}
.legend svg{vertical-align:-1px;margin-right:6px}
.wide{overflow-x:auto;margin:0 -8px}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{font-size:12px;font-weight:400;color:var(--dim);text-align:right;vertical-align:bottom;padding:4px 8px 6px;white-space:nowrap}
td{padding:7px 8px;border-top:1px solid var(--line);text-align:right;vertical-align:top;white-space:nowrap}
th.left,td.left{text-align:left}
td.name{min-width:225px;max-width:330px;white-space:normal}
td small{display:block;color:var(--dim);font-size:12px}
td small.bad{color:var(--bad)}
.total td{background:var(--band);border-top:0}
.total td:first-child{border-radius:8px 0 0 8px}
.total td:last-child{border-radius:0 8px 8px 0}
.total + tbody tr:first-child td{border-top:0}
th button{all:unset;cursor:pointer}
th button:hover,th button:focus-visible{color:var(--accent);text-decoration:underline}
th[aria-sort=descending] button::after{content:" ↓"}
th[aria-sort=ascending] button::after{content:" ↑"}
code,.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:12.5px;overflow-wrap:anywhere}
code.formula{display:block;color:var(--dim);font-size:12px;margin-top:3px}
td b{font-weight:600}
svg{display:block}
.legend svg{display:inline}
svg text{fill:var(--dim);font-size:11px}
.middle{text-anchor:middle}
ul.list{list-style:none;margin:0;padding:0}
ul.list>li{padding:9px 0;border-top:1px solid var(--line)}
ul.list>li:first-child{border-top:0}
.pill{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 9px;font-size:12px;color:var(--dim);margin-left:6px}
dl{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;gap:8px 22px;margin:0}
dt{font-weight:600}
dd{margin:0;max-width:90ch}
summary{cursor:pointer;font-size:17px;font-weight:600;margin:40px 0 10px}
footer{margin-top:44px;padding-top:14px;border-top:1px solid var(--line);font-size:12px;color:var(--dim)}
@media (max-width:1000px){.tiles{grid-template-columns:repeat(auto-fill,minmax(170px,1fr))}}
@media (max-width:640px){main{padding:20px 16px}dl{grid-template-columns:1fr;gap:2px}dd{margin-bottom:10px}}
@media print{main{max-width:none;padding:0}.wide{overflow:visible}}
`.trim()
