import {spawnSync} from 'node:child_process'
import {tmpdir} from 'node:os'
import type {Command} from './measured-command.ts'
import type {PeerTool, Reading} from './peer-tools.ts'
import {environment} from './slsops.ts'

/** One command for all groups, or one for each, after what the tool can do. */
export function commandsOf<Read extends Pick<Reading, 'groups' | 'port'>>(
  tool: PeerTool,
  reading: Read,
  args: (reading: Read) => string[],
  tls: {readonly cert: string} | null,
  extra: readonly string[],
  // by 0.0.0.0, which is this machine too but not counted as loopback, slsops goes by AWS's published quota
  quota: boolean,
): Command[] {
  const env = {
    ...clean,
    ...environment(reading.port, {host: quota ? '0.0.0.0' : '127.0.0.1'}),
    ...(tool.byProxy && tls && {HTTPS_PROXY: `http://127.0.0.1:${reading.port}`, AWS_CA_BUNDLE: tls.cert}),
  }
  const batches = tool.manyGroups ? [reading.groups] : reading.groups.map(group => [group])
  return batches.map(groups => ({argv: [...tool.command, ...args({...reading, groups}), ...extra], env}))
}

/** The path and nothing else of the user's: no configuration, no proxies, no credentials, no question for an instance's role. */
const clean = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  LANG: 'C.UTF-8',
  AWS_EC2_METADATA_DISABLED: 'true',
}

export function isThere([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, [...args, '--help'], {stdio: 'ignore', env: clean}).error === undefined
}

export function versionOf({command: [program = '', ...args], versionArgs}: PeerTool): string {
  if (versionArgs === null) return 'tells no version'
  const {stdout, stderr} = spawnSync(program, [...args, ...versionArgs], {encoding: 'utf8', env: clean})
  return `${stdout}${stderr}`.trim().split('\n')[0] ?? ''
}
