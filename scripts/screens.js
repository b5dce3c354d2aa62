// Writes docs/screens from what the built binary really prints; with --check only says whether they are current.
// Names after it are of the only ones to draw: npm run screens -- functions cost.
// Needs `script` of util-linux, which gives the binary a terminal to print to.
import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, dirname, join} from 'node:path'
import {svgOf} from './terminal-svg.js'

const folder = 'docs/screens'
const asked = process.argv.slice(2).filter(word => !word.startsWith('--'))
const columns = 100
/** of tables that 100 columns would cut */
const wide = {functions: 110, cost: 110, tune: 110, 'tune-live': 110}

const fleet = new Set(['functions', 'coldstarts', 'unused', 'cost', 'releases'])
/** what says last what would be changed, and has no receipt */
const changing = new Set(['shift', 'rollback'])

// Windows that ended a minute before the clock: nothing more can arrive in them.
const screens = {
  logs: ['logs', '--since', '14:03:12', '--until', '14:03:15'],
  failed: ['logs', 'checkout-api', '--failed', '--limit', '2', '--since', '14:03', '--until', '14:06'],
  errors: ['errors', '--since', '13:52', '--until', '14:06', '--limit', '5'],
  query: [
    'query',
    'filter @type = "REPORT" | stats count(*) as calls, avg(@duration) as ms, max(@initDuration) as cold by @log | sort calls desc | limit 8',
    '--since',
    '13:00',
    '--until',
    '14:00',
  ],
  trace: ['trace', '1-6b005320-1d1e9504609a52ab2e8537c0'],
  'trace-from-logs': ['trace', '1-6b00532f-04855acec9553215fddb22f3', 'checkout-api', 'inventory', '--logs'],
  'trace-diff': ['trace', '1-6b005320-1d1e9504609a52ab2e8537c0', '--diff', '1-6b0050c6-c7412234e5d5c29b1f561f2f'],
  traces: ['traces', '--errors', '--by', 'cause', '--since', '13:50', '--until', '14:02'],
  // what image-resize fails at is tried again minutes later, and belongs to the traces of when it began
  map: ['map', '--since', '13:50', '--until', '14:02'],
  functions: ['functions', '--failing', '--since', '13:00', '--until', '14:00'],
  coldstarts: ['coldstarts', '--sort', 'hello', '--limit', '8', '--since', '02:00', '--until', '14:00'],
  unused: ['unused', '--since', '2026-10-21', '--until', '14:00'],
  cost: ['cost', '--limit', '10', '--since', '2026-10-21', '--until', '2026-11-20'],
  releases: ['releases', '--since', '02:00', '--until', '14:00'],
  shift: ['shift', 'cart-api', '--to', '63', '--canary', '50%/10m', '--max-time', '3h', '--dry-run'],
  'by-request': ['logs', '--filter', 'ord_ab9935f53d92', '--by-request', '--since', '14:03', '--until', '14:04'],
}

// What is measured is never the same twice: drawn only where it is named, and never out of date.
const measured = {
  tune: ['tune', 'checkout-api', '--goal', 'balanced', '--payload', '{"orderId": "ord_1"}', '--yes'],
  'tune-live': ['tune', 'image-resize', '--yes'],
  'tune-plots': ['tune', 'checkout-api', '--goal', 'balanced', '--payload', '{"orderId": "ord_1"}', '--yes'],
  rollback: ['rollback', 'checkout-api', '--yes', '--note', 'PaymentTimeout since 42'],
  'shift-live': ['shift', 'cart-api', '--to', 'latest', '--canary', '50%/10m', '--max-time', '3h', '--yes'],
  'shift-plots': ['shift', 'cart-api', '--to', 'latest', '--canary', '50%/10m', '--max-time', '3h', '--yes'],
  'shift-group': [
    'shift',
    'cart-api',
    'search',
    'inventory',
    '--to',
    'latest',
    '--canary',
    '50%/10m',
    '--max-time',
    '3h',
    '--yes',
  ],
}
/** of a live view, how much of the run is over in the picture */
const shares = {'tune-live': 0.6, 'shift-live': 0.6, 'shift-group': 0.8}
/** how many times as fast time runs for these */
const speeds = {'shift-live': 120, 'shift-plots': 120, 'shift-group': 120}

// What a command draws itself, with --out.
const pictures = {
  'coldstarts-plots': [
    'coldstarts',
    '--since',
    '2026-11-19T14:06:00Z',
    '--until',
    '2026-11-20T14:06:00Z',
    '--limit',
    '16',
  ],
}

mkdirSync(folder, {recursive: true})
const drawn = [
  ...Object.entries(screens).map(([name, argv]) => [name, () => screenOf(argv, wide[name] ?? columns)]),
  ...Object.entries(pictures).map(([name, argv]) => [name, () => pictureBy(argv)]),
  ...Object.entries(measured)
    .filter(([name]) => asked.includes(name))
    .map(([name, argv]) => [
      name,
      () => (name.endsWith('-plots') ? pictureBy(argv, speeds[name]) : measuredOn(name, argv)),
    ]),
].filter(([name]) => asked.length === 0 || asked.includes(name))
const changed = drawn.filter(([name, draw]) => {
  const file = join(folder, `${name}.svg`)
  const svg = draw()
  if (svg === read(file)) return false
  if (!process.argv.includes('--check')) writeFileSync(file, svg)
  return true
})
if (process.argv.includes('--check') && changed.length > 0) {
  console.error(`not current: ${changed.map(([name]) => `${folder}/${name}.svg`).join(', ')}; run npm run screens`)
  process.exitCode = 1
}

function screenOf(argv, columns) {
  const output = withoutDuration(withoutProgress(printedBy(argv, columns)), argv[0])
  return svgOf({command: commandOf(argv), output, columns})
}

function commandOf(argv) {
  return `slsops ${argv.map(word => (/^[\w:/.%-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`
}

/** What a sweep looks like: its answer, or its live table in the midst of it. */
function measuredOn(name, argv) {
  const width = wide[name] ?? columns
  const output = printedBy(argv, width, speeds[name])
  const shown = name in shares ? frameOf(output, shares[name]) : withoutProgress(output)
  // the plan stands above both, and the answer alone is what the picture is about
  const answer = argv[0] === 'tune' ? shown.slice(shown.lastIndexOf(`\x1b[1m${argv[1]}\x1b[22m`)) : shown
  return svgOf({command: commandOf(argv), output: answer, columns: width})
}

/** What a live table showed when so much of the run was over, without what moves the cursor. */
function frameOf(output, share) {
  const frames = output.split('\x1b[?2026h').slice(1)
  const frame = frames[Math.floor(share * frames.length)] ?? ''
  return frame.slice(0, frame.indexOf('\x1b[?2026l')).replaceAll(/\x1b\[(?:\d*[AGK]|\?25[hl])/g, '')
}

function pictureBy(argv, speed = 1) {
  const kept = mkdtempSync(join(tmpdir(), 'slsops-pictures-'))
  const file = join(kept, 'picture.svg')
  try {
    printedBy([...argv, '--out', file], columns, speed)
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(kept, {recursive: true})
  }
}

/** What slsops puts on a terminal for these arguments, stdout and stderr as they come, at a fixed time of the embedded AWS. */
function printedBy(argv, columns, speed = 1) {
  const home = mkdtempSync(join(tmpdir(), 'slsops-screens-'))
  const env = {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    SHELL: '/bin/sh',
    HOME: home,
    XDG_STATE_HOME: home,
    XDG_CACHE_HOME: home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    SLSOPS_SANDBOX: '1',
    SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z',
    SLSOPS_SANDBOX_SPEED: String(speed),
  }
  const run = ['node', 'bin/slsops.js', ...argv].map(word => `'${word}'`).join(' ')
  // exit 3, something could not be read, is what the receipt on the picture speaks of; 5 that a gate has said no
  const shell = `stty cols ${columns} rows 40; ${run}; case $? in 0 | 3 | 5) ;; *) exit 1 ;; esac`
  try {
    return execFileSync('script', ['-qec', shell, '/dev/null'], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  } finally {
    rmSync(home, {recursive: true})
  }
}

/** The progress of a long read leaves nothing behind, and so nothing on the pictures. */
function withoutProgress(output) {
  return output.replaceAll(/\x1b\[\?2026h.*?\x1b\[\?25h/gs, '').replaceAll('\x1b[?25h', '')
}

/** The receipt says last how long the read took, which no two runs agree on: the pictures leave it out, its line break too. */
function withoutDuration(output, command) {
  // it says what it could not read below the waterfall
  if (command === 'trace' || changing.has(command)) return output
  if (fleet.has(command)) return withoutScan(output)
  const style = '(?:\x1b\\[[\\d;]*m)*'
  const duration = new RegExp(
    `((?:throttled|scanned|\\$[\\d.]+|pages?|empty\\))${style})(?:${style} · |\r?\n {2})${style}[\\d.]+ m?s(${style})(?=\r?\n)`,
  )
  if (!duration.test(output)) throw new Error(`no receipt ends this:\n${output}`)
  return output.replace(duration, '$1$2')
}

/** A scan waits for queries, with as many calls as it takes: neither they nor the time are the same twice. */
function withoutScan(output) {
  const style = '(?:\x1b\\[[\\d;]*m)*'
  const parts = new RegExp(`${style} · ${style}(?:[\\d,]+ calls|[\\d.]+ m?s)(${style})`, 'g')
  const lines = output.split('\n')
  const receipt = lines.findLastIndex(line => / m?s(?:\x1b\[[\d;]*m)*\r?$/.test(line))
  if (receipt < 0) throw new Error(`no receipt in this:\n${output}`)
  return lines.with(receipt, (lines[receipt] ?? '').replaceAll(parts, '$1')).join('\n')
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
