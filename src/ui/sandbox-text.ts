import {paintedRows} from './layout.ts'
import {span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** Where the embedded AWS answers, and as whom. */
export type Served = {readonly url: string; readonly region: string; readonly account: string}

/** The environment that leads any AWS client to the embedded AWS: to be pasted into a shell, or as JSON. */
export function servedText({url, region, account}: Served, json: boolean): string {
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
  }
  if (json) return `${JSON.stringify({schema: 'slsops/sandbox@1', url, region, account, environment})}\n`
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('')
}

export function tourTitle(terminal: Terminal): string {
  const {dot} = glyphsFor(terminal)
  const story = ` ${dot} a tour of the embedded AWS: larder, an online grocery on AWS Lambda, on a bad day`
  return `\n${paintedRows([[span('slsops', 'strong'), span(story)]], terminal)}`
}

/** What comes next, and the command that shows it. */
export function tourStep(says: string, words: readonly string[], terminal: Terminal): string {
  const lines = [[span(says)], [span('$', 'dim'), span(' '), span(`slsops ${words.join(' ')}`, 'strong')]]
  return `\n${paintedRows(lines, terminal)}`
}

const toTry: readonly (readonly [command: string, shows: string])[] = [
  ['logs --since 5mins', 'all of it'],
  ["logs 'checkout-*' --level warn --follow", 'as it happens'],
  ['logs --filter PaymentTimeout -C 3', 'a pattern, with what stands around it'],
  ['logs --by-request orders-stream', 'one block an invocation'],
  ['errors --since 15m', 'what goes wrong by kind, and what of it is new'],
  ['traces --errors --by cause', 'why requests fail, by their traces'],
  ['logs --failed --limit 1 | npx slsops trace', 'what failed, and where its time went'],
  ['map --since 15m', 'who calls whom, and where failures begin'],
  ['query slowest', 'a Logs Insights query over all log groups'],
  ['unused', 'what should run and does not, and what is wasted'],
  ['cost', 'what functions cost, and why it changed'],
  ['tune checkout-api --goal balanced', 'which memory size it should have, measured on a clone'],
  ['logs --json | jq .message', 'for scripts'],
  ['sandbox serve', 'the same AWS for aws and other clients'],
]

export function whatToTryNext(terminal: Terminal): string {
  const widest = Math.max(...toTry.map(([command]) => command.length))
  const lines = [
    [
      span('An alias release went wrong some minutes ago. What to try next, with '),
      span('export SLSOPS_SANDBOX=1', 'strong'),
      span(':'),
    ],
    ...toTry.map(([command, shows]) => [span(`  npx slsops ${command.padEnd(widest)}  `), span(shows, 'dim')]),
    [],
    [span('With an account, leave SLSOPS_SANDBOX out: slsops uses the credentials that aws uses.')],
  ]
  return `\n${paintedRows(lines, terminal)}`
}
