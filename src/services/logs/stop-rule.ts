/** When a read ends by what it has shown, and what that means to a script. */
export type StopRule = {
  /** Those of the items that may still be shown. */
  admit<Item>(items: readonly Item[], messagesOf: (item: Item) => readonly string[]): readonly Item[]
  /** no more is to be shown */
  readonly done: boolean
  /** `--fail-on` matched, or the read ended and `--until-match` had not */
  isNegative(): boolean
}

export type StopRuleOptions = {
  /** the most to show */
  readonly limit: number | null
  /** ends the read once shown */
  readonly untilMatch: RegExp | null
  /** makes the verdict negative; ends the read at once while following */
  readonly failOn: RegExp | null
  readonly following: boolean
}

/** Makes the rule of `--limit`, `--until-match` and `--fail-on`. */
export function createStopRule({limit, untilMatch, failOn, following}: StopRuleOptions): StopRule {
  let shown = 0
  let matched = false
  let failed = false
  let done = limit === 0

  return {
    admit(items, messagesOf) {
      if (done) return []
      if (limit === null && untilMatch === null && failOn === null) return items
      const admitted: (typeof items)[number][] = []
      for (const item of items) {
        admitted.push(item)
        shown++
        const messages = messagesOf(item)
        if (untilMatch && messages.some(message => untilMatch.test(message))) matched = true
        if (failOn && messages.some(message => failOn.test(message))) failed = true
        done = matched || (failed && following) || shown === limit
        if (done) break
      }
      return admitted
    },
    get done() {
      return done
    },
    isNegative: () => failed || (untilMatch !== null && !matched),
  }
}
