// Puts into docs/traffic.md what the built binary really prints on the embedded AWS, each in the block below its own comment
// (<!-- night/errors -->). With --check it only says which are no longer so, whatever their times, counts and run ids are.
// Names after it are of the scenes to play: npm run traffic -- night. What takes minutes, and differs each time, is played
// only where it is named.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

const page = 'docs/traffic.md'
const asked = process.argv.slice(2).filter(word => !word.startsWith('--'))
const isCheck = process.argv.includes('--check')

const canary = ['--canary', '50%/10m', '--max-time', '3h', '--yes']

/** Steps of a scene share one state of the embedded AWS; `keep` is how many lines of a long answer are shown from each end. */
const scenes = {
  night: {
    clock: '2026-11-20T03:07:11Z',
    isMeasured: false,
    steps: {
      errors: {argv: ['errors', '--since', '02:52', '--until', '03:07', '--limit', '3']},
      trace: {argv: ['trace', '1-6affb8fe-ce1313a36b02a4b6ea1765d9']},
      releases: {argv: ['releases', 'checkout-api']},
      rollback: {argv: ['rollback', 'checkout-api', '--yes', '--note', 'PaymentTimeout since 42']},
      // nothing but a change lets time go on from one command to the next
      'a quarter of an hour': {
        argv: ['shift', 'payments-webhook', '--to', '13', '--all-at-once', '--gate', 'none', '--bake', '16m', '--yes'],
        speed: 300,
      },
      afterwards: {argv: ['errors', '--since', '03:12', '--until', '03:22', '--limit', '3']},
      'who-moved': {argv: ['releases', 'checkout-api', '--since', '15m']},
    },
  },
  afternoon: {
    clock: '2026-11-20T14:07:11Z',
    isMeasured: true,
    steps: {
      plan: {argv: ['shift', 'cart-api', '--to', '63', '--canary', '10%/5m', '--dry-run']},
      good: {
        argv: ['shift', 'cart-api', '--to', '63', ...canary, '--note', 'gift boxes'],
        speed: 60,
        keep: [6, 11],
        isPlanLeftOut: true,
      },
      bad: {
        argv: ['shift', 'cart-api', '--to', 'latest', ...canary, '--note', 'coupons'],
        speed: 60,
        keep: [4, 17],
        isPlanLeftOut: true,
      },
      kinds: {argv: ['errors', 'cart-api:64', '--since', '1h', '--limit', '3']},
      releases: {argv: ['releases', 'cart-api', '--since', '4h']},
    },
  },
}

const answers = new Map()
for (const [name, scene] of Object.entries(scenes)) {
  if (asked.length > 0 ? !asked.includes(name) : scene.isMeasured) continue
  const home = mkdtempSync(join(tmpdir(), 'slsops-traffic-'))
  try {
    for (const [step, each] of Object.entries(scene.steps)) answers.set(`${name}/${step}`, printed(each, scene, home))
  } finally {
    rmSync(home, {recursive: true})
  }
}
// somebody may have written on the page meanwhile
let text = readFileSync(page, 'utf8')
const stale = [...answers].flatMap(([name, answer]) => (isShown(name, answer) ? [] : name))
if (!isCheck) writeFileSync(page, text)
else if (stale.length > 0) {
  console.error(`not current in ${page}: ${stale.join(', ')}; run npm run traffic`)
  process.exitCode = 1
}

/** Puts an answer into the block of its name, if there is one. @returns whether it said the same before */
function isShown(name, answer) {
  const block = new RegExp(`(<!-- ${name} -->\\n\`\`\`\\n)([\\s\\S]*?)(\\n\`\`\`)`)
  const found = block.exec(text)
  if (found === null) return true
  text = text.replace(block, (_, before, __, after) => before + answer + after)
  return masked(found[2]) === masked(answer)
}

/** No two runs agree on when, how many and which run. */
function masked(answer) {
  return answer
    .replaceAll(/\b\d{8}-\d{6}-[a-z0-9]{8}\b/g, 'run')
    .replaceAll(/[▁▂▃▄▅▆▇█ ]+/g, ' ')
    .replaceAll(/[\d.,]+( ?(k|ms|s|min|h|d)\b)?/g, '#')
}

function printed({argv, speed = 1, keep, isPlanLeftOut = false}, {clock}, home) {
  const words = argv.map(word => (/^[\w:/.%-]+$/.test(word) ? word : `'${word}'`)).join(' ')
  const env = {
    PATH: [dirname(process.execPath), process.env.PATH].join(':'),
    HOME: home,
    XDG_STATE_HOME: home,
    XDG_CACHE_HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    SLSOPS_SANDBOX: '1',
    SLSOPS_SANDBOX_CLOCK: clock,
    SLSOPS_SANDBOX_SPEED: String(speed),
  }
  const {stdout} = spawnSync('/bin/sh', ['-c', `node bin/slsops.js ${words} 2>&1`], {env, encoding: 'utf8'})
  const lines = stdout
    .trimEnd()
    .split('\n')
    .filter(line => !line.startsWith('sandbox: the embedded AWS answers'))
  const begun = isPlanLeftOut
    ? Math.max(
        0,
        lines.findIndex(line => / · run \d/.test(line)),
      )
    : 0
  return [`$ slsops ${words}`, ...(begun > 0 ? ['…'] : []), ...shortened(lines.slice(begun), keep)].join('\n')
}

function shortened(lines, keep) {
  if (keep === undefined || lines.length <= keep[0] + keep[1]) return lines
  return [...lines.slice(0, keep[0]), '…', ...lines.slice(-keep[1])]
}
