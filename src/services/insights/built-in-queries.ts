import type {SavedQuery} from '../config.ts'

const saved = (description: string, query: string, since: string | null = null): SavedQuery => ({
  query,
  description,
  targets: [],
  since,
})

const reports = 'filter @type = "REPORT"'

/** Queries that everybody asks; those of the config file go before them. They can all be run as several and put together. */
export const builtInQueries: ReadonlyMap<string, SavedQuery> = new Map([
  [
    'errors-by-group',
    saved(
      'lines that speak of an error, by log group',
      'filter @message like /(?i)(error|exception|timed out)/ | stats count(*) as lines, latest(@timestamp) as last by @log | sort lines desc',
    ),
  ],
  [
    'slowest',
    saved(
      'the slowest invocations',
      `${reports} | fields @timestamp, @duration, @requestId, @log | sort @duration desc | limit 25`,
    ),
  ],
  [
    'cold-starts',
    saved(
      'cold starts by log group, and how long they took',
      `${reports} and ispresent(@initDuration) | stats count(*) as coldStarts, avg(@initDuration) as avgMs, max(@initDuration) as maxMs by @log | sort coldStarts desc`,
      '24h',
    ),
  ],
  [
    'memory-headroom',
    saved(
      'memory set and used at most, by log group',
      `${reports} | stats max(@memorySize) / 1000000 as setMB, max(@maxMemoryUsed) / 1000000 as usedMB, setMB - usedMB as headroomMB by @log | sort headroomMB desc`,
      '24h',
    ),
  ],
  [
    'invocations',
    saved(
      'invocations and their mean and longest duration, by log group',
      `${reports} | stats count(*) as invocations, avg(@duration) as avgMs, max(@duration) as maxMs by @log | sort invocations desc`,
    ),
  ],
])
