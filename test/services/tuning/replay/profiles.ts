import file from '../../../../bench/data/powertuning-profiles.json' with {type: 'json'}

/** What a function takes with so much memory, as somebody measured it. */
export type Profile = {
  readonly name: string
  /** ascending */
  readonly memory: readonly number[]
  readonly durationMs: readonly number[]
}

export const profiles: readonly Profile[] = Object.entries(file.profiles).map(([name, {memory, durationMs}]) => ({
  name,
  memory,
  durationMs,
}))

const usual = [128, 256, 512, 1024, 1536, 1769, 2048, 3008]

/** A profile by its name. @throws where there is none */
export function profileOf(name: string): Profile {
  const found = profiles.find(profile => profile.name === name)
  if (!found) throw new Error(`there is no profile ${name}`)
  return found
}

/** The sizes that `slsops tune` would try: the usual ones within what was measured, and its ends. */
export function gridOf({memory}: Profile): readonly number[] {
  const [first = 128, last = 3008] = [memory[0], memory.at(-1)]
  return [...new Set([first, ...usual.filter(size => size > first && size < last), last])]
}

/** Its duration in ms: between two measured sizes interpolated, both on logarithmic scales. */
export function durationAt({memory, durationMs}: Profile, memorySizeMB: number): number {
  const above = Math.max(
    1,
    memory.findIndex(size => size >= memorySizeMB),
  )
  const [m0 = 1, m1 = 1] = [memory[above - 1], memory[above]]
  const [d0 = 1, d1 = 1] = [durationMs[above - 1], durationMs[above]]
  return d0 * (d1 / d0) ** (Math.log(memorySizeMB / m0) / Math.log(m1 / m0))
}
