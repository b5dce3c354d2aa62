type Theme = Readonly<
  Record<'ground' | 'text' | 'dim' | 'line' | 'box' | 'bad' | 'badBox' | 'look' | 'lookBox', string>
>

const light: Theme = {
  ground: '#fff',
  text: '#1f2328',
  dim: '#656d76',
  line: '#8c959f',
  box: '#f6f8fa',
  bad: '#cf222e',
  badBox: '#ffebe9',
  look: '#9a6700',
  lookBox: '#fff8c5',
}
const dark: Theme = {
  ground: '#0d1117',
  text: '#e6edf3',
  dim: '#8d96a0',
  line: '#6e7681',
  box: '#161b22',
  bad: '#ff7b72',
  badBox: '#2d1214',
  look: '#d29922',
  lookBox: '#2a2111',
}

// without custom properties, which not all that draws SVG knows
const colored = ({ground, text, dim, line, box, bad, badBox, look, lookBox}: Theme): string =>
  [
    `text{fill:${text}}.ground{fill:${ground}}.dim,.label{fill:${dim}}.bad{fill:${bad}}.label{stroke:${ground}}`,
    `.box{fill:${box};stroke:${line}}.failing .box{fill:${badBox};stroke:${bad}}.straining .box{fill:${lookBox};stroke:${look}}`,
    `.edge{stroke:${line}}.failing .edge{stroke:${bad}}.straining .edge{stroke:${look}}`,
    `.failing .label{fill:${bad}}.straining .label{fill:${look}}`,
    `.tip{fill:${line}}.tip-failing{fill:${bad}}.tip-straining{fill:${look}}`,
  ].join('\n')

/** How a map's drawing looks, on light and on dark. */
export const mapStyle = `
text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.head{font-size:14px;font-weight:600}.name{font-weight:600}.dim,.label{font-size:10.5px}
.edge{fill:none;stroke-width:1.2}.failing .edge{stroke-width:1.8}.failing .box{stroke-width:1.6}.async .edge{stroke-dasharray:5 4}
.label{paint-order:stroke;stroke-width:3px;stroke-linejoin:round;text-anchor:middle}
${colored(light)}
@media (prefers-color-scheme:dark){
${colored(dark)}
}
`.trim()
