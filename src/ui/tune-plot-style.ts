import {darkTheme, lightTheme, type PlotTheme} from './coldstarts-plot-style.ts'

type TuneTheme = PlotTheme & {readonly good: string; readonly look: string}

/** The colours of the other pictures, and one for what is to be used. */
export const tuneLight: TuneTheme = {...lightTheme, good: '#1a7f37', look: '#9a6700'}
export const tuneDark: TuneTheme = {...darkTheme, good: '#3fb950', look: '#d29922'}

/** Colours of the plots; without custom properties, which not all that draws SVG knows. */
export const tunePlotColours = ({init, restore, text, line, dim, good, ground}: TuneTheme): string =>
  [
    `.x86_64{stroke:${init}}.arm64{stroke:${restore}}.dot.x86_64{fill:${init}}.dot.arm64{fill:${restore}}`,
    `.best{stroke:${good}}.band-best{fill:${good}}.grid{stroke:${line}}.axis{stroke:${dim}}.today{stroke:${dim}}`,
    `.halo{stroke:${ground}}.words{fill:${text}}.label{fill:${dim}}.label-best{fill:${good}}`,
  ].join('\n')

/** What both colours share: how strong the parts of a plot are. */
export const tunePlotShapes = `
.warm,.cold{fill:none;stroke-linecap:round}.warm{stroke-width:4.2;opacity:.38}.cold{stroke-width:1.1;opacity:.7}
.curve{fill:none;stroke-width:1.6;stroke-dasharray:5 4;opacity:.75}.means{fill:none;stroke-width:1.8;opacity:.85}
.whisker{fill:none;stroke-width:1.6}.halo{fill:none;stroke-width:4;opacity:.9}.dot{stroke:none}
.best{fill:none;stroke-width:2.2}.band-best{opacity:.09}.grid,.axis,.today{fill:none;stroke-width:1}.today{stroke-dasharray:2 3}
.words{font-size:12.5px;font-weight:600}.label,.label-best{font-size:11px;font-weight:400}.label-best{font-weight:600}
`.trim()
