import {PassThrough} from 'node:stream'
import {Box} from 'ink'
import {render} from 'ink-testing-library'
import {expect, it} from 'vitest'
import {Reading, startReadingProgress} from '../../src/ui/reading.tsx'
import {terminal} from './events.ts'

const state = {
  doing: 'reading',
  waiting: 12,
  total: 31,
  pages: 44,
  readsPerSecond: 5,
  throttles: 0,
  remainingMs: 7_600,
} as const

function frame(
  state: Parameters<typeof Reading>[0] extends {getState: () => infer State} ? State : never,
  unicode = true,
): string | undefined {
  const {lastFrame, unmount} = render(<Reading getState={() => state} terminal={terminal(100, {unicode})} />)
  const drawn = lastFrame()
  unmount()
  return drawn
}

it('says what is waited for, how fast it goes and how long it takes', () => {
  expect(frame(state)).toBe('▰▰▰▰▰▰▰▱▱▱▱▱ waiting for 12 of 31 log groups · 44 pages · 5 reads/s · about 8 s')
})

it('tells throttles, and no time that nobody knows', () => {
  expect(frame({...state, throttles: 3, remainingMs: null, readsPerSecond: 4.5})).toBe(
    '▰▰▰▰▰▰▰▱▱▱▱▱ waiting for 12 of 31 log groups · 44 pages · 4.5 reads/s · 3 throttled',
  )
})

it('tells how many parts of the window of a map are read', () => {
  const mapping = {doing: 'mapping', done: 3, total: 12, throttles: 0, remainingMs: 8_600} as const
  expect(frame(mapping)).toBe('▰▰▰▱▱▱▱▱▱▱▱▱ 3 of 12 parts of the window · about 9 s')
})

it('tells what it does before there is a log group to wait for', () => {
  expect(frame({doing: 'listing', calls: 44, throttles: 2})).toBe(
    'listing functions and log groups · 44 calls · 2 throttled',
  )
})

it('has a plain twin', () => {
  expect(frame({...state, waiting: 31, pages: 0, remainingMs: null}, false)).toBe(
    '............ waiting for 31 of 31 log groups - 0 pages - 5 reads/s',
  )
})

it('stays on one row where it does not fit', () => {
  const getState = () => ({...state, pages: 4_400, throttles: 3})
  const narrow = (
    <Box width={60}>
      <Reading getState={getState} terminal={terminal(60)} />
    </Box>
  )
  const {lastFrame, unmount} = render(narrow)
  expect(lastFrame()).toBe('▰▰▰▰▰▰▰▱▱▱▱▱ waiting for 12 of 31 log groups · 4,400 pages …')
  unmount()
})

it('does not wait for log groups that have all answered, nor for no time at all', () => {
  expect(frame({...state, waiting: 0, remainingMs: 0})).toBe(
    '▰▰▰▰▰▰▰▰▰▰▰▰ all 31 log groups answer · 44 pages · 5 reads/s',
  )
})

it('leaves nothing on the screen once stopped, and hides no cursor for good', () => {
  const written: string[] = []
  const stream = Object.assign(new PassThrough(), {columns: 80, rows: 24, isTTY: true})
  stream.on('data', data => written.push(String(data)))
  startReadingProgress(stream as unknown as NodeJS.WriteStream, terminal(80), () => state).stop()
  const screen = written.join('')
  expect(screen).toContain('waiting for 12 of 31')
  const erased = screen.lastIndexOf('\x1b[2K')
  expect(erased).toBeGreaterThan(screen.lastIndexOf('waiting'))
  expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
})

it('tells how far a scan of the fleet is', () => {
  const sweeping = {doing: 'sweeping', what: 'functions listed', done: 25_000, throttles: 2} as const
  expect(frame({...sweeping, total: 100_000, remainingMs: 100_000})).toBe(
    '▰▰▰▱▱▱▱▱▱▱▱▱ 25,000 of 100,000 functions listed · 2 throttled · about 1 min 40 s',
  )
  expect(frame({...sweeping, total: null, remainingMs: null})).toBe(
    '▱▱▱▱▱▱▱▱▱▱▱▱ 25,000 functions listed · 2 throttled',
  )
})
