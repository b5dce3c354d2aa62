import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/** The built command line, as `npm link` would start it. */
export const slsops = fileURLToPath(new URL('../bin/slsops.js', import.meta.url))

/** @throws when slsops was not built */
export function requireBuild(): void {
  if (!existsSync(new URL('../dist/commands/logs.js', import.meta.url))) throw new Error('run npm run build first')
}

/** What slsops finds in its environment: the page server in place of AWS, and credentials to sign with. */
export function environment(port: number, {host = '127.0.0.1'} = {}): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://${host}:${port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  }
}

/** Arguments of `slsops logs --json` for a window, both ends inclusive. */
export function logsOf({start, end}: {readonly start: number; readonly end: number}): string[] {
  return [slsops, 'logs', '--json', '--since', String(start), '--until', String(end)]
}

export type Receipt = {
  readonly events: number
  readonly pages: number
  readonly calls: number
  readonly throttles: number
}

/** The receipt that `--json` puts on stderr. @throws when there is none */
export function receiptIn(stderr: string): Receipt {
  for (const line of stderr.split('\n')) {
    if (line.includes('"slsops/receipt@1"')) return JSON.parse(line) as Receipt
  }
  throw new Error(`no receipt in: ${stderr}`)
}

/** Ten minutes that ended two minutes ago, so that nothing is read as still arriving. */
export function closedWindow(): {start: number; end: number} {
  const end = Math.floor(Date.now() / 60_000) * 60_000 - 120_000
  return {start: end - 10 * 60_000, end}
}
