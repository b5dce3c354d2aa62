import type {Standing, Status} from '../services/tuning/standing.ts'
import type {Ending} from '../services/tuning/tune-report.ts'
import type {Terminal} from './terminal.ts'

type Where = Pick<Standing, 'status' | 'why' | 'invocations'>

type StatusLook = {readonly glyph: string; readonly plain: string; readonly tone: 'plain' | 'dim' | 'good' | 'bad'}

const looks: Readonly<Record<Status, StatusLook>> = {
  waiting: {glyph: '·', plain: '.', tone: 'dim'},
  racing: {glyph: '▶', plain: '>', tone: 'plain'},
  dropped: {glyph: ' ', plain: ' ', tone: 'dim'},
  tied: {glyph: '=', plain: '=', tone: 'plain'},
  winner: {glyph: '✓', plain: '*', tone: 'good'},
  infeasible: {glyph: '✗', plain: 'x', tone: 'bad'},
}

/** One sign for where a size stands, and its tone. @param ending null while it goes on */
export function statusLook(size: Where, {unicode}: Pick<Terminal, 'unicode'>, ending: Ending | null = null) {
  const isOver = ending !== null && size.status === 'racing'
  const {glyph, plain, tone} = looks[isOver ? (ending === 'failing' ? 'infeasible' : 'waiting') : size.status]
  return {sign: unicode ? glyph : plain, tone}
}

/** `dropped: 6 % dearer, slower`. What waits, or races, does so no more once it ended. */
export function statusText(size: Where, ending: Ending | null = null): string {
  const {why} = size
  const word = statusWord(size, ending)
  return why === null ? word : `${word}: ${why}`
}

function statusWord({status, invocations}: Where, ending: Ending | null): string {
  if (ending === null || (status !== 'waiting' && status !== 'racing')) return status
  if (ending === 'observed') return 'from history'
  if (status === 'waiting' || invocations === 0) return 'not measured'
  return ending === 'failing' ? 'failed' : 'undecided'
}
