import {slsops} from './slsops.ts'

/** Where a tool reads, and what of it. */
export type Reading = {
  readonly groups: readonly string[]
  readonly port: number
  /** epoch ms, whole seconds; both are outside of what there is, so that no tool's kind of end matters */
  readonly start: number
  readonly end: number
}

export type PeerTool = {
  readonly name: string
  /** program and first arguments */
  readonly command: readonly string[]
  readonly versionArgs: readonly string[] | null
  /** whether one process reads many log groups */
  readonly manyGroups: boolean
  /** arguments to read a closed window, and to follow from five minutes ago on */
  history(reading: Reading): string[]
  follow(reading: Omit<Reading, 'start' | 'end'>): string[]
  /** it knows no other endpoint than AWS's: it is led there by a proxy and a certificate */
  readonly byProxy: boolean
}

const region = 'eu-west-1'
const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')
const url = (port: number): string => `http://127.0.0.1:${port}`
const only = (groups: readonly string[]): string => groups[0] ?? ''

/**
 * The tools, each used as its documentation says; `commands` names those that are not found on the path under their own name.
 */
export function peerTools(commands: Readonly<Record<string, string | undefined>>): PeerTool[] {
  const commandOf = (name: string): string[] => (commands[name] ?? name).split(' ')
  const tail = ({groups, port}: Pick<Reading, 'groups' | 'port'>, more: readonly string[]): string[] => [
    ...['logs', 'tail', only(groups), ...more],
    ...['--endpoint-url', url(port), '--region', region],
  ]
  return [
    {
      name: 'slsops',
      command: [process.execPath, slsops],
      versionArgs: ['--version'],
      manyGroups: true,
      history: ({start, end}) => ['logs', '--since', iso(start), '--until', iso(end)],
      follow: () => ['logs', '--follow', '--since', '5m'],
      byProxy: false,
    },
    {
      name: 'aws logs tail',
      command: commandOf('aws'),
      versionArgs: ['--version'],
      manyGroups: false,
      // it has no end: nothing comes after this window
      history: reading => tail(reading, ['--since', iso(reading.start)]),
      follow: reading => tail(reading, ['--follow', '--since', '5m']),
      byProxy: false,
    },
    {
      name: 'awslogs',
      command: commandOf('awslogs'),
      versionArgs: ['--version'],
      manyGroups: false,
      history: ({groups, port, start, end}) => [
        ...['get', only(groups), 'ALL', '--start', iso(start), '--end', iso(end)],
        ...['--aws-endpoint-url', url(port), '--aws-region', region],
      ],
      follow: ({groups, port}) => [
        ...['get', only(groups), 'ALL', '--watch', '--start', '5m'],
        ...['--aws-endpoint-url', url(port), '--aws-region', region],
      ],
      byProxy: false,
    },
    {
      name: 'saw',
      command: commandOf('saw'),
      versionArgs: ['version'],
      manyGroups: false,
      history: ({groups, port, start, end}) => [
        ...['get', only(groups), '--start', iso(start), '--stop', iso(end)],
        ...['--endpoint-url', url(port), '--region', region],
      ],
      // it follows from now on, and from nowhere else
      follow: ({groups, port}) => ['watch', only(groups), '--endpoint-url', url(port), '--region', region],
      byProxy: false,
    },
    {
      name: 'cw',
      command: commandOf('cw'),
      versionArgs: null,
      manyGroups: true,
      history: ({groups, port, start, end}) => [
        ...['tail', ...groups, '--start', iso(start).replace('Z', ''), '--end', iso(end).replace('Z', '')],
        ...['--endpoint', url(port), '--region', region, '--no-version-check'],
      ],
      follow: ({groups, port}) => [
        ...['tail', '--follow', ...groups, '--start', '5m'],
        ...['--endpoint', url(port), '--region', region, '--no-version-check'],
      ],
      byProxy: false,
    },
    {
      name: 'utern',
      command: commandOf('utern'),
      versionArgs: ['--version'],
      manyGroups: true,
      history: ({start, end}) => ['--region', region, '--since', iso(start), '--end', iso(end), '/aws/lambda/bench-'],
      follow: () => ['--region', region, '--since', '5m', '/aws/lambda/bench-'],
      byProxy: true,
    },
  ]
}
