import {parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import type {SourcedEvent} from '../log-event.ts'
import {type LogViewOptions, type OpenedLogs, openedLogs} from '../opened-logs.ts'
import type {LogStream} from '../read-logs.ts'
import type {LogSource} from '../source.ts'
import {createTally} from '../tally.ts'
import type {Recording} from './recording.ts'
import {selectRecorded} from './select-recorded.ts'

/**
 * Makes a recording ready to be seen, as if its events were read anew: nothing is asked of AWS.
 * @param options with a filter pattern in `view.matches`, as nobody else evaluates it
 * @throws UserError as parseSelection and selectRecorded do
 */
export function openReplay(
  recording: Recording,
  words: SelectionWords,
  options: LogViewOptions,
  signal: AbortSignal,
): OpenedLogs {
  const selected = selectRecorded(recording.sources, parseSelection(words))
  return openedLogs(
    {
      stream: streamOf(recording, selected, options, signal),
      sources: selected,
      scopes: recording.scopes,
      neverInvoked: 0,
      plan: null,
      notices: [],
      gaps: recording.gaps,
      // what lies beyond the recording is nowhere to be read
      whole: {complete: async invocations => invocations, cut: 0},
      openedAt: options.now,
      calls: () => ({calls: 0, throttles: 0}),
      noSuchGroup: () => null,
      notes: recording.notes,
    },
    options,
    signal,
  )
}

function streamOf(
  recording: Recording,
  selected: readonly LogSource[],
  {start, end}: LogViewOptions,
  signal: AbortSignal,
): LogStream {
  const tally = createTally(selected.length)
  const asSelected = new Map(
    recording.sources.map(source => [source, selected.find(({logGroup, aws}) => isSame(source, logGroup, aws))]),
  )
  return {
    tally,
    async *[Symbol.asyncIterator]() {
      for await (const batch of recording.batches(signal)) {
        const events: SourcedEvent[] = []
        for (const event of batch) {
          const source = asSelected.get(event.source)
          if (!source || event.timestamp < start || (end !== null && event.timestamp > end)) continue
          events.push(source === event.source ? event : {...event, source})
        }
        tally.events += events.length
        yield {events, notices: [], following: null}
      }
      tally.answered = selected.length
      tally.complete = selected.length
    },
  }
}

const isSame = (source: LogSource, logGroup: string, aws: LogSource['aws']): boolean =>
  source.logGroup === logGroup && source.aws === aws
