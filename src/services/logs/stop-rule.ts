/** When a read ends by what it has shown, and what that means to a script. */
export type StopRule = {
  /** Those of the items that may still be shown; what has no messages only stands around others, and does not count. */
  admit<Item>(items: readonly Item[], messagesOf: (item: Item) => readonly string[] | null): readonly Item[]
  /** no more is to be shown */
  readonly done: boolean
  /** `--fail-on` matched, or the read ended and `--until-match` had not */
  isNegative(): boolean
  /** why it is negative, in words; null where it is not */
  complaint(): string | null
}

export type StopRuleOptions = {
  /** the most to show */
  readonly limit: number | null
  /** ends the read once shown */
  readonly untilMatch: RegExp | null
  /** makes the verdict negative; ends the read at once while following */
  readonly failOn: RegExp | null
  readonly following: boolean
  /** how many that do not count follow one that does */
  readonly context: number
}

/** Makes the rule of `--limit`, `--until-match` and `--fail-on`. */
export function createStopRule({limit, untilMatch, failOn, following, context}: StopRuleOptions): StopRule {
  let shown = 0
  let after = 0
  let matched = false
  let failed = false
  let done = limit === 0
  const complaint = (): string | null =>
    failed
      ? '--fail-on: a message matched'
      : untilMatch !== null && !matched
        ? '--until-match: no message matched'
        : null

  return {
    admit(items, messagesOf) {
      if (done) return []
      if (limit === null && untilMatch === null && failOn === null) return items
      const admitted: (typeof items)[number][] = []
      for (const item of items) {
        const messages = messagesOf(item)
        const isFull = shown === limit
        // the last one's context is still to be seen, and nothing of the next one
        if (isFull && messages !== null) done = true
        if (done) break
        admitted.push(item)
        if (messages === null) {
          if (isFull && ++after === context) done = true
          continue
        }
        shown++
        if (untilMatch && messages.some(message => untilMatch.test(message))) matched = true
        if (failOn && messages.some(message => failOn.test(message))) failed = true
        done = matched || (failed && following) || (shown === limit && (following || context === 0))
      }
      return admitted
    },
    get done() {
      return done
    },
    isNegative: () => complaint() !== null,
    complaint,
  }
}
