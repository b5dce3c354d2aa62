/** Colours of a report's plots, for one of light and dark. */
export type PlotTheme = Readonly<
  Record<
    | 'ground'
    | 'band'
    | 'text'
    | 'dim'
    | 'line'
    | 'init'
    | 'restore'
    | 'hello'
    | 'deploy'
    | 'scaleOut'
    | 'idle'
    | 'unknown'
    | 'bad',
    string
  >
>

export const lightTheme: PlotTheme = {
  ground: '#fff',
  band: '#f6f8fa',
  text: '#1f2328',
  dim: '#656d76',
  line: '#d8dee4',
  init: '#0969da',
  restore: '#1b7c83',
  hello: '#bc4c00',
  deploy: '#8250df',
  scaleOut: '#218bff',
  idle: '#d4a72c',
  unknown: '#afb8c1',
  bad: '#cf222e',
}
export const darkTheme: PlotTheme = {
  ground: '#0d1117',
  band: '#161b22',
  text: '#e6edf3',
  dim: '#8d96a0',
  line: '#30363d',
  init: '#58a6ff',
  restore: '#39c5cf',
  hello: '#f0883e',
  deploy: '#a371f7',
  scaleOut: '#388bfd',
  idle: '#d29922',
  unknown: '#484f58',
  bad: '#ff7b72',
}

/** What both colours share: how strong the parts of a plot are. */
export const plotShapes = `
.bars{opacity:.38}.trend{opacity:.8}.tail{opacity:.6}.rare{opacity:.6}.hello{fill:none;stroke-width:1.4;stroke-dasharray:2.5 2}
.base,.grid{fill:none;stroke-width:1}
`.trim()

/** The colours of plots; without custom properties, which not all that draws SVG knows. */
export const plotColours = ({line, init, restore, hello, deploy, scaleOut, idle, unknown}: PlotTheme): string =>
  [
    `.init{fill:${init}}.restore{fill:${restore}}.hello{stroke:${hello}}.trend{fill:${init}}.base,.grid{stroke:${line}}`,
    `.deploy{fill:${deploy}}.scaleOut{fill:${scaleOut}}.idle{fill:${idle}}.unknown{fill:${unknown}}`,
  ].join('\n')
