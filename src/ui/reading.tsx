import {Box, Text} from 'ink'
import {type JSX, useEffect, useState} from 'react'
import {startLiveView} from './live-view.tsx'
import {bytes, count, counted, roughCount, roughDuration, roughUSD} from './numbers.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** What is being done before anything can be printed: what there is is listed, then every log group must answer once, or every query. */
export type ReadingState =
  | {readonly doing: 'listing'; readonly calls: number; readonly throttles: number; readonly what?: string}
  | {
      readonly doing: 'reading'
      readonly waiting: number
      readonly total: number
      readonly pages: number
      /** as achieved so far */
      readonly readsPerSecond: number
      readonly throttles: number
      /** null while it cannot be told */
      readonly remainingMs: number | null
    }
  | {
      readonly doing: 'querying'
      readonly done: number
      readonly total: number
      readonly recordsScanned: number
      readonly bytesScanned: number
      readonly costUSD: number
      /** of what is expected, 0 … 1 */
      readonly share: number
      readonly throttles: number
      readonly remainingMs: number | null
    }
  | {
      readonly doing: 'mapping'
      /** parts of the window */
      readonly done: number
      readonly total: number
      readonly throttles: number
      readonly remainingMs: number | null
    }
  | {
      readonly doing: 'sweeping'
      /** as in "1,204 of 2,000 functions listed" */
      readonly what: string
      readonly done: number
      /** null where nobody knows */
      readonly total: number | null
      readonly throttles: number
      readonly remainingMs: number | null
    }
  | {
      readonly doing: 'scanning'
      readonly scanned: number
      readonly matched: number
      /** of the window, 0 … 1 */
      readonly share: number
      readonly throttles: number
      readonly remainingMs: number | null
    }

const redrawMs = 200
const barColumns = 12

export type ReadingProps = {readonly getState: () => ReadingState; readonly terminal: Terminal}

/** `▰▰▰▱▱▱ waiting for 12 of 31 log groups · 44 pages · 5 reads/s · about 8 s`, drawn anew a few times a second, on one row. */
export function Reading({getState, terminal}: ReadingProps): JSX.Element {
  const [state, setState] = useState(getState)
  useEffect(() => {
    const timer = setInterval(() => setState(getState()), redrawMs)
    return () => clearInterval(timer)
  }, [getState])

  const {dot, bar} = glyphsFor(terminal)
  const throttled = state.throttles > 0 ? [`${count(state.throttles)} throttled`] : []
  if (state.doing === 'listing') {
    const facts = [state.what ?? 'listing functions and log groups', counted(state.calls, 'call'), ...throttled]
    return (
      <Text dimColor={terminal.color} wrap="truncate-end">
        {facts.join(` ${dot} `)}
      </Text>
    )
  }
  const {share, facts} = factsOf(state, throttled)
  const answered = Math.floor(Math.min(1, share) * barColumns)
  return (
    <Box>
      <Box flexShrink={0}>
        <Text>{bar.full.repeat(answered)}</Text>
        <Text dimColor={terminal.color}>{bar.empty.repeat(barColumns - answered)}</Text>
      </Box>
      <Text dimColor={terminal.color} wrap="truncate-end">{` ${facts.join(` ${dot} `)}`}</Text>
    </Box>
  )
}

type Facts = {readonly share: number; readonly facts: readonly string[]}
type StateOf<Doing> = Extract<ReadingState, {doing: Doing}>

function factsOf(state: Exclude<ReadingState, StateOf<'listing'>>, throttled: readonly string[]): Facts {
  switch (state.doing) {
    case 'querying':
      return queryingFacts(state, throttled)
    case 'scanning':
      return scanningFacts(state, throttled)
    case 'mapping':
      return mappingFacts(state, throttled)
    case 'sweeping':
      return sweepingFacts(state, throttled)
    case 'reading':
      return readingFacts(state, throttled)
  }
}

function mappingFacts({done, total, remainingMs}: StateOf<'mapping'>, throttled: readonly string[]): Facts {
  const facts = [
    total === 1 ? 'reading the map' : `${count(done)} of ${counted(total, 'part')} of the window`,
    ...throttled,
    ...about(remainingMs),
  ]
  return {share: total === 0 ? 0 : done / total, facts}
}

function sweepingFacts({what, done, total, remainingMs}: StateOf<'sweeping'>, throttled: readonly string[]): Facts {
  const facts = [
    `${count(done)}${total === null ? '' : ` of ${count(total)}`} ${what}`,
    ...throttled,
    ...about(remainingMs),
  ]
  return {share: total === null || total === 0 ? 0 : done / total, facts}
}

function readingFacts(
  {waiting, total, pages, readsPerSecond, remainingMs}: StateOf<'reading'>,
  throttled: readonly string[],
): Facts {
  const facts = [
    waiting === 0
      ? `all ${counted(total, 'log group')} answer`
      : `waiting for ${count(waiting)} of ${counted(total, 'log group')}`,
    counted(pages, 'page'),
    `${readsPerSecond < 10 ? Number(readsPerSecond.toFixed(1)) : Math.round(readsPerSecond)} reads/s`,
    ...throttled,
    ...about(remainingMs),
  ]
  return {share: total === 0 ? 0 : (total - waiting) / total, facts}
}

function queryingFacts(
  {done, total, recordsScanned, bytesScanned, costUSD, share, remainingMs}: StateOf<'querying'>,
  throttled: readonly string[],
): Facts {
  const facts = [
    total === 1 ? 'querying' : `${count(done)} of ${counted(total, 'query', 'queries')}`,
    `${roughCount(recordsScanned)} records`,
    bytes(bytesScanned),
    roughUSD(costUSD),
    ...throttled,
    ...about(remainingMs),
  ]
  return {share, facts}
}

function scanningFacts(
  {scanned, matched, share, remainingMs}: StateOf<'scanning'>,
  throttled: readonly string[],
): Facts {
  const facts = [
    `${roughCount(scanned)} traces scanned`,
    `${count(matched)} found`,
    ...throttled,
    ...about(remainingMs),
  ]
  return {share, facts}
}

const about = (remainingMs: number | null): readonly string[] =>
  remainingMs === null || remainingMs === 0 ? [] : [`about ${roughDuration(Math.ceil(remainingMs / 1_000) * 1_000)}`]

/** Shows the progress on `stream` (stderr; a TTY) until stopped. */
export const startReadingProgress = (
  stream: NodeJS.WriteStream,
  terminal: Terminal,
  getState: () => ReadingState,
): {stop(): void} => startLiveView(stream, <Reading getState={getState} terminal={terminal} />)
