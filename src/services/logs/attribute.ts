import type {FunctionRef, LogSource} from './source.ts'

/** Which function wrote a log stream, and as which version; null where the stream's name does not tell. */
export type Attribution = {readonly function: FunctionRef | null; readonly version: string | null}

type StreamName = {readonly functionName: string | null; readonly version: string}

// Lambda's own names: `2024/08/18/[$LATEST]60cefc4c…` in a function's default log group,
// `2026/06/23/my-function[42]60cefc4c…` in a log group that its LoggingConfig names.
const streamName = /^\d{4}\/\d\d\/\d\d\/([\w.-]{1,140})?\[(\$LATEST(?:\.PUBLISHED)?|[\w-]{1,129})\][0-9a-f]{32}$/
const nobody: Attribution = {function: null, version: null}

/**
 * The function and version of a stream's events. A stream that names its function is looked up among those whose
 * LoggingConfig names the group; one that names only a version belongs to the group's only function. Nothing is guessed
 * from the log group's name.
 */
export function attribute(source: LogSource, logStream: string): Attribution {
  const name = readStreamName(logStream)
  if (!name) return nobody
  return {function: functionOf(source, name), version: name.version}
}

/** Tells the streams of the functions and versions that were asked for (`source.only`) from the others of a group. */
export function wanted(source: LogSource): (logStream: string) => boolean {
  const {only} = source
  if (only === null) return () => true
  return logStream => {
    const name = readStreamName(logStream)
    if (!name) return false
    const functionName = name.functionName ?? functionOf(source, name)?.name
    return only.some(one => one.function === functionName && (one.version === null || one.version === name.version))
  }
}

function functionOf(source: LogSource, {functionName}: StreamName): FunctionRef | null {
  if (functionName !== null) return source.functions.find(({name}) => name === functionName) ?? null
  return source.functions.length === 1 ? (source.functions[0] ?? null) : null
}

function readStreamName(logStream: string): StreamName | null {
  const [, functionName = null, version] = streamName.exec(logStream) ?? []
  return version === undefined ? null : {functionName, version}
}
