import {type Level, levels} from './log-event.ts'

// What loggers call the six levels: Node, Python, log4j2 and java.util.logging, .NET, Serilog, winston, syslog, Go's zap.
const names: ReadonlyMap<string, Level> = new Map(
  Object.entries({
    TRACE: 'TRACE TRCE VERBOSE VRB SILLY FINER FINEST',
    DEBUG: 'DEBUG DBUG DBG FINE',
    INFO: 'INFO INF INFORMATION INFORMATIONAL NOTICE',
    WARN: 'WARN WARNING WRN',
    ERROR: 'ERROR ERR FAIL SEVERE',
    FATAL: 'FATAL FTL CRIT CRITICAL ALERT EMERG EMERGENCY PANIC DPANIC',
  }).flatMap(([level, words]) => words.split(' ').map(word => [word, level as Level] as const)),
)

/** The longest name of a level, in characters. */
export const maxLevelLength = Math.max(...Array.from(names.keys(), name => name.length))

/** The level that a logger's word means, in any case; null when it means none. */
export function levelNamed(word: string): Level | null {
  const known = names.get(word)
  if (known) return known
  return word.length > maxLevelLength ? null : (names.get(word.toUpperCase()) ?? null)
}

/** The level that a JSON field holds: a word, or a number as pino and bunyan count (10 trace … 60 fatal). */
export function levelOf(value: unknown): Level | null {
  if (typeof value === 'string') return levelNamed(value)
  if (typeof value !== 'number' || value < 10 || value > 60) return null
  return levels[Math.floor(value / 10) - 1] ?? null
}

const severities: ReadonlyMap<Level, number> = new Map(levels.map((level, severity) => [level, severity]))

/** Whether a level is as bad as another, or worse. */
export function isAtLeast(level: Level, wanted: Level): boolean {
  return severityOf(level) >= severityOf(wanted)
}

export function worse(a: Level | null, b: Level | null): Level | null {
  if (a === null || b === null) return a ?? b
  return isAtLeast(a, b) ? a : b
}

function severityOf(level: Level): number {
  return severities.get(level) ?? 0
}
