import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {jsonLines} from './run-slsops.ts'
import {type ShiftedAws, shiftedAws} from './shifted-aws.ts'

/** A shift of one function with nobody judging it, half of the traffic first. */
export const shift = (pause = '1s'): readonly string[] =>
  `shift cart-api --to 63 --canary 50%/${pause} --bake 1s --gate none --yes`.split(' ')

/** An AWS of its own, and a home to go with it. */
export type ShiftPlace = {
  readonly aws: ShiftedAws
  readonly environment: Readonly<Record<string, string>>
  /** the same AWS from a machine that knows nothing of the first one */
  readonly elsewhere: Readonly<Record<string, string>>
  /** the last line of each journal of a shift */
  readonly journalsEnd: () => readonly Record<string, unknown>[]
}

export async function shiftPlace(finished: (done: () => Promise<void>) => void): Promise<ShiftPlace> {
  const aws = await shiftedAws()
  finished(() => aws.close())
  const home = (): string => mkdtempSync(join(tmpdir(), 'slsops-state-'))
  const state = home()
  const journals = join(state, 'slsops', 'journals', 'shift')
  return {
    aws,
    environment: {...aws.environment, XDG_STATE_HOME: state},
    elsewhere: {...aws.environment, XDG_STATE_HOME: home()},
    journalsEnd: () =>
      readdirSync(journals)
        .filter(file => file.endsWith('.jsonl'))
        .map(file => jsonLines(readFileSync(join(journals, file), 'utf8')))
        .filter(([header]) => header?.['operation'] === 'shift')
        .map(lines => lines.at(-1) ?? {}),
  }
}
