import {describe, expect, it} from 'vitest'
import {parseLease} from '../../../../src/services/traffic/alias/lease.ts'
import {cases} from '../../../fuzz.ts'
import {contentOf} from './random-aliases.ts'
import {type Ran, randomShift} from './random-shift.ts'
import {minute} from './shift-plans.ts'

/** What must not be, whatever happened; empty where all is well. */
function broken(ran: Ran): readonly string[] {
  const {world, report, plan, endedAt, record, events, isDiskFull} = ran
  const found: string[] = [...world.faults]
  for (const {input} of world.writes)
    for (const key of ['FunctionVersion', 'RoutingConfig', 'Description', 'RevisionId'])
      if (input[key] === undefined) found.push(`a write without ${key}`)
  if (world.writes.some(({at}) => at > endedAt)) found.push('a write after the end')
  found.push(...tooFast(world.calls))
  for (const {member, state, serves, detail} of ran.rollback) {
    const {functionName: name, to, alias} = member
    const chapters = world.history.get(name) ?? []
    const say = (what: string): unknown => found.push(`rollback of ${name}:${alias} (${state}): ${what}`)
    const isTrue = chapters.some(chapter => serves !== null && contentOf(chapter) === contentOf(serves))
    if (state === 'done' && !(isTrue && serves?.version === to && serves.additional === null)) say('it is not back')
    if (state === 'done' && serves && parseLease(serves.description)) say('its lease is left')
    if (state !== 'done' && detail === null) say('nobody says why')
    if (state === 'done' && chapters.some(({at, by}) => at > endedAt && by === 'slsops'))
      say('it was moved after the end')
  }
  if (report === null) {
    const isTouched = [...world.history.values()].some(all => all.some(({by}) => by === 'slsops'))
    if (isTouched && !ran.wasKilled) found.push('it was refused although something was changed')
    return found
  }
  const {outcome, isOpen = false} = report
  for (const {member, state, serves, detail} of report.members) {
    const name = member.functionName
    const own = `of ${name}`
    const say = (what: string): unknown => found.push(`${name} (${outcome}, ${state}): ${what}`)
    const chapters = world.history.get(name) ?? []
    const atEnd = chapters.filter(
      ({at}, index) => at <= endedAt && (chapters[index + 1]?.at ?? Infinity) > endedAt - 2 * minute,
    )
    if (serves === null) {
      if (detail === null) say('nobody says what it serves, nor why')
    } else if (!atEnd.some(chapter => contentOf(chapter) === contentOf(serves)))
      say(`it is said to serve ${contentOf(serves)}, and does not`)
    if ((state === 'failed' || state === 'foreign') && detail === null) say('nobody says why')
    if (
      state === 'rolled-back' &&
      serves &&
      contentOf(serves) !== contentOf({...serves, version: '41', additional: null})
    )
      say(`it is not back: ${contentOf(serves)}`)
    if (state === 'done' && serves && contentOf(serves) !== contentOf({...serves, version: '42', additional: null}))
      say(`it is not done: ${contentOf(serves)}`)
    const isRedescribed = chapters.some(({by, description}) => by === 'somebody' && description === serves?.description)
    const isSettled = state === 'rolled-back' || state === 'done' || state === 'held'
    if (isSettled && serves && !isOpen && parseLease(serves.description)) {
      if (detail === null) say('its lease is left')
    }
    if (
      isSettled &&
      serves &&
      !isOpen &&
      !isRedescribed &&
      serves.description !== own &&
      detail === null &&
      !parseLease(serves.description)
    )
      say(`its description is ${serves.description}`)
    const ownAfter = chapters.filter(({at, by}) => at > endedAt && (by === 'slsops' || by === 'dead man'))
    if (isSettled && !isOpen && ownAfter.length > 0) say('it was moved after the end')
    const known = record?.members.get(name)
    if (isSettled && !isDiskFull && !isRedescribed && known && serves && state !== 'held')
      if (contentOf(known.state) !== contentOf(serves) && !chapters.some(({by}) => by === 'dead man'))
        say(`the journal says ${contentOf(known.state)}, AWS ${contentOf(serves)}`)
  }
  if (outcome === 'done' && report.members.some(({state}) => state !== 'done' && state !== 'held'))
    found.push('not all are done')
  if (outcome === 'rolled-back' && report.members.some(({state}) => state !== 'rolled-back'))
    found.push('not all are back')
  if (!isOpen && world.schedules.size > 0 && !events.some(text => /taken away/.test(text)))
    found.push('schedules are left')
  if (!isOpen && !isDiskFull && record !== null && record.ended?.outcome !== outcome)
    found.push('the journal tells another end')
  if (!ran.wasAsked && !ran.wasKilled)
    found.push(
      ...falls(
        ran,
        plan.members.map(({functionName}) => functionName),
      ),
    )
  return found
}

/** More than the quota in any second. */
function tooFast(calls: readonly number[]): readonly string[] {
  const most = Math.max(0, ...calls.map(at => calls.filter(other => other >= at && other < at + 1_000).length))
  return most > 16 ? [`${most} calls in a second`] : []
}

/** Weights of the new version only rise until it goes back. */
function falls({world}: Ran, names: readonly string[]): readonly string[] {
  return names.flatMap(name => {
    let last = 0
    for (const {by, version, additional} of world.history.get(name) ?? []) {
      if (by !== 'slsops') continue
      const weight = version === '42' ? 1 : (additional?.weight ?? 0)
      if (weight === 0) return []
      if (weight < last) return [`${name} fell from ${last} to ${weight}`]
      last = weight
    }
    return []
  })
}

describe('a shift, whatever goes wrong', () => {
  it('never overwrites what somebody else made, never lies about what is served, and leaves nothing behind', async () => {
    const {seed, numRuns} = cases(40)
    const wrong: unknown[] = []
    for (let at = seed; at < seed + numRuns; at++) {
      const ran = await randomShift(at).catch(error => {
        throw new Error(`seed ${at}`, {cause: error})
      })
      const found = broken(ran)
      if (found.length > 0) wrong.push({seed: at, found, events: ran.events})
    }
    expect(wrong).toEqual([])
  })
})
