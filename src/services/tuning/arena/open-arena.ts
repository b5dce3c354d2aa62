import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {translateAwsError} from '../../aws/failures.ts'
import type {Architecture} from '../../pricing.ts'
import {type Candidate, candidateKey} from '../candidate.ts'
import type {RunJournal} from '../journal/run-journal.ts'
import {memoryText} from '../memory-sizes.ts'
import type {TunePlan} from '../tune-plan.ts'
import {cleanUp, removingText} from '../undo/clean-up.ts'
import type {Arena, Cleanup, Refused, Stage} from './arena.ts'
import type {RunSite, Site} from './change-aws.ts'
import {publishSize, readyStages, setMemorySize, type Workpiece} from './publish-size.ts'
import {makeClones} from './shadow-arena.ts'
import {beginOnFunction} from './versions-arena.ts'

type Stages = Pick<Arena, 'stages' | 'refused'>

/**
 * Makes what is invoked: in `shadow` a clone of the function and a version of it for each size, in `versions` a version of the
 * function itself for each size, with `$LATEST` restored before this returns. Every change is journaled before and after.
 * What was made when this throws has been removed again as far as that could be done. The journal is let go of then.
 * @param signal stops the making
 * @param doing is told what takes a while
 * @param undoSignal what stops the removing, which `signal` does not; asked for when it begins
 * @param undone is told what became of it before this throws
 * @throws UserError as AWS refuses; of code DeployedMeanwhile where somebody deployed the function
 */
export async function openArena(
  aws: Aws,
  plan: TunePlan,
  journal: RunJournal,
  signal: AbortSignal,
  doing: (what: string) => void,
  undoSignal: () => AbortSignal = () => new AbortController().signal,
  undone: (cleanup: Cleanup) => void = () => {},
): Promise<Arena> {
  const site: RunSite = {aws, journal, signal, doing}
  try {
    if (plan.mode === 'versions') return arenaOf(site, await versionsOfItself(site, plan), new Map())
    const {clones, refused} = await makeClones(site, plan, architecturesOf(plan))
    const made = await stagesOn(site, plan, clones)
    const twins = plan.candidates.flatMap(candidate => {
      const why = refused.get(candidate.architecture)
      return why === undefined ? [] : [{...candidate, why}]
    })
    return arenaOf(site, inOrder(plan.candidates, made.stages, [...made.refused, ...twins]), clones)
  } catch (error) {
    doing(removingText(plan.runId, signal))
    undone(await cleanUp(aws, journal, undoSignal()))
    throw translateAwsError(error, 'prepare the measuring')
  }
}

/**
 * An arena on what is there.
 * @param clones what more sizes can be published on; none in `versions`, where the function is not changed any more
 */
function arenaOf(
  {aws, journal, doing}: Omit<RunSite, 'signal'>,
  {stages, refused}: Stages,
  clones: ReadonlyMap<Architecture, Workpiece>,
): Arena {
  return {
    stages,
    refused,
    async add(candidate, signal) {
      const clone = clones.get(candidate.architecture)
      if (!clone) return null
      const site: Site = {aws, journal, signal, doing}
      const made = await publishSize(site, clone, candidate)
      if (!('version' in made)) return made
      const ready = await readyStages(site, [made])
      return ready.stages[0] ?? ready.refused[0] ?? null
    },
    close: signal => cleanUp(aws, journal, signal),
  }
}

/** Publishes what is asked for on clones, each of its architecture. */
async function stagesOn(
  site: Site,
  {source, candidates}: Pick<TunePlan, 'source' | 'candidates'>,
  clones: ReadonlyMap<Architecture, Workpiece>,
): Promise<Stages> {
  const stages: Stage[] = []
  const refused: Refused[] = []
  for (const [architecture, clone] of clones) {
    const own = candidates.filter(candidate => candidate.architecture === architecture)
    const made = await publishAll(site, clone, own, source.memorySizeMB)
    stages.push(...made.stages)
    refused.push(...made.refused)
  }
  const ready = await readyStages(site, stages)
  return inOrder(candidates, ready.stages, [...refused, ...ready.refused])
}

async function versionsOfItself(site: RunSite, plan: TunePlan): Promise<Stages> {
  const {source, candidates} = plan
  const own = candidates.filter(({architecture}) => architecture === source.architecture)
  const others = candidates.filter(({architecture}) => architecture !== source.architecture)
  const piece = await beginOnFunction(site, plan)
  const before = piece.memorySizeMB
  const {stages, refused} = await publishAll(site, piece, own, before)
  const notRestored = await setMemorySize(site, piece, before)
  if (notRestored !== null)
    throw new UserError(`AWS would not set the memory of ${source.name} back to ${before} MB: ${notRestored}`, {
      code: 'NotRestored',
    })
  const ready = await readyStages(site, stages)
  const why = '--mode versions has only the architecture of the function itself'
  return inOrder(candidates, ready.stages, [
    ...refused,
    ...ready.refused,
    ...others.map(candidate => ({...candidate, why})),
  ])
}

/** One size after the other, the one that the function has first: it takes no change. */
async function publishAll(
  site: Site,
  piece: Workpiece,
  candidates: readonly Candidate[],
  currentMB: number,
): Promise<Stages> {
  const rank = ({memorySizeMB}: Candidate): number => (memorySizeMB === currentMB ? 0 : memorySizeMB)
  const stages: Stage[] = []
  const refused: Refused[] = []
  let tooLarge: Refused | null = null
  for (const [at, candidate] of candidates.toSorted((a, b) => rank(a) - rank(b)).entries()) {
    // a quota that refuses one size refuses every larger one
    if (tooLarge && candidate.memorySizeMB > tooLarge.memorySizeMB) {
      refused.push({...candidate, why: tooLarge.why})
      continue
    }
    site.doing(`publishes ${memoryText(candidate.memorySizeMB)} (${at + 1} of ${candidates.length})`)
    const made = await publishSize(site, piece, candidate)
    if ('version' in made) stages.push(made)
    else {
      tooLarge = made
      refused.push(made)
    }
  }
  return {stages, refused}
}

/** As they were asked for. */
function inOrder(candidates: readonly Candidate[], stages: readonly Stage[], refused: readonly Refused[]): Stages {
  const places = new Map(candidates.map((candidate, at) => [candidateKey(candidate), at]))
  const byPlace = (a: Candidate, b: Candidate): number =>
    (places.get(candidateKey(a)) ?? 0) - (places.get(candidateKey(b)) ?? 0)
  return {stages: stages.toSorted(byPlace), refused: refused.toSorted(byPlace)}
}

const architecturesOf = ({candidates}: TunePlan): readonly Architecture[] => [
  ...new Set(candidates.map(({architecture}) => architecture)),
]
