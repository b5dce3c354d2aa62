// Writes docs/screens from what the built binary really prints; with --check only says whether they are current.
// Needs `script` of util-linux, which gives the binary a terminal to print to.
import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, dirname, join} from 'node:path'
import {svgOf} from './terminal-svg.js'

const folder = 'docs/screens'
const columns = 100

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
  'by-request': ['logs', '--filter', 'ord_ab9935f53d92', '--by-request', '--since', '14:03', '--until', '14:04'],
}

mkdirSync(folder, {recursive: true})
const changed = Object.entries(screens).filter(([name, argv]) => {
  const file = join(folder, `${name}.svg`)
  const command = `slsops ${argv.map(word => (/^[\w:/.-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`
  const svg = svgOf({command, output: withoutDuration(withoutProgress(printedBy(argv)), argv[0]), columns})
  if (svg === read(file)) return false
  if (!process.argv.includes('--check')) writeFileSync(file, svg)
  return true
})
if (process.argv.includes('--check') && changed.length > 0) {
  console.error(`not current: ${changed.map(([name]) => `${folder}/${name}.svg`).join(', ')}; run npm run screens`)
  process.exitCode = 1
}

/** What slsops puts on a terminal for these arguments, stdout and stderr as they come, at a fixed time of the embedded AWS. */
function printedBy(argv) {
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
  }
  const run = ['node', 'bin/slsops.js', ...argv].map(word => `'${word}'`).join(' ')
  // exit 3, something could not be read, is what the receipt on the picture speaks of
  const shell = `stty cols ${columns}; ${run} || [ $? = 3 ]`
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
  if (command === 'trace') return output
  const style = '(?:\x1b\\[[\\d;]*m)*'
  const duration = new RegExp(
    `((?:throttled|scanned|\\$[\\d.]+|pages?|empty\\))${style})(?:${style} · |\r?\n {2})${style}[\\d.]+ m?s(${style})(?=\r?\n)`,
  )
  if (!duration.test(output)) throw new Error(`no receipt ends this:\n${output}`)
  return output.replace(duration, '$1$2')
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
