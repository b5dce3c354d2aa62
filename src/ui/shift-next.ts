import type {Member, ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {targetWord} from './alias-words.ts'
import {shellWord} from './next-command.ts'
import {finishFlags, goOnFlags} from './shift-flags.ts'
import {movedMembers, shiftPlace, undoCommands} from './shift-undo.ts'

export type NextCommand = {readonly why: string; readonly command: string}

/** functions that a command still reads with */
const mostNamed = 8
const wholeBasisPoints = 10_000

/** Commands to be typed next, what matters most first, by how it ended. */
export function shiftNext(report: ShiftReport): readonly NextCommand[] {
  const {plan, outcome} = report
  switch (outcome) {
    case 'done':
      return plan.commits
        ? [errorsCommand(movedMembers(report), plan)]
        : [...finishCommands(report), ...undoNext(movedMembers(report), plan)]
    case 'rolled-back':
      // nothing is wrong with what somebody took back
      return report.byGate ? failedCommands(report) : [seeCommand(plan.members, plan)]
    case 'held':
      // it goes on without this machine
      if (plan.wish.handOver !== null) return [seeCommand(plan.members, plan), ...undoNext(plan.members, plan)]
      return [...goOnCommand(report), ...finishCommands(report), ...undoNext(movedMembers(report), plan)]
    case 'foreign': {
      const foreign = report.members.filter(({state}) => state === 'foreign')
      const stands = foreign.filter(
        ({member: {to}, serves}) => serves?.version === to || serves?.additional?.version === to,
      )
      return [
        ...undoNext(
          stands.map(({member}) => member),
          plan,
        ),
        seeCommand(plan.members, plan),
      ]
    }
    case 'failed': {
      const unsafe = report.members.filter(({state}) => state === 'failed').map(({member}) => member)
      return [...undoNext(unsafe, plan), seeCommand(unsafe.length > 0 ? unsafe : plan.members, plan)]
    }
  }
}

const seeCommand = (members: readonly Member[], plan: ShiftPlan): NextCommand => ({
  why: 'see',
  command: `slsops releases ${members.slice(0, mostNamed).map(targetWord).join(' ')} ${shiftPlace(plan)}`,
})

const undoNext = (members: readonly Member[], plan: ShiftPlan): readonly NextCommand[] =>
  members.length === 0 ? [] : undoCommands({members, scope: plan.scope}).map(command => ({why: 'back', command}))

/** What is wrong is looked for where somebody is to blame, else everywhere. */
function blamedOf({plan, standing}: ShiftReport): readonly Member[] {
  const blamed = plan.members.filter(({functionName}) => standing.blamed?.includes(functionName))
  return blamed.length > 0 ? blamed : plan.members
}

const names = (members: readonly Member[]): string =>
  members
    .slice(0, mostNamed)
    .map(({functionName}) => shellWord(functionName))
    .join(' ')

const errorsCommand = (members: readonly Member[], plan: ShiftPlan): NextCommand => ({
  why: 'errors',
  command: `slsops errors ${names(members)} --since-deploy ${shiftPlace(plan)}`,
})

/** What the versions did that were taken back, while they served: by now others do. */
function failedCommands(report: ShiftReport): readonly NextCommand[] {
  const {plan, startedAt} = report
  const blamed = blamedOf(report)
  const wordOf = ({functionName, to}: Member): string => shellWord(`${functionName}:${to}`)
  const tried = blamed.slice(0, mostNamed).map(wordOf)
  // there is nothing to be read of one that failed never
  const failed = blamed.filter(({functionName}) => hasFailed(report, functionName)).map(wordOf)
  const rest = `--since ${new Date(startedAt).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')} ${shiftPlace(plan)}`
  return [
    {why: 'errors', command: `slsops errors ${tried.join(' ')} ${rest}`},
    ...failed.slice(0, 1).map(first => ({why: 'calls', command: `slsops logs ${first} --failed ${rest}`})),
  ]
}

const hasFailed = ({members}: ShiftReport, functionName: string): boolean =>
  members.some(({member, evidence}) => member.functionName === functionName && (evidence?.canary.errors ?? 0) > 0)

/**
 * A run that stands with its lease is gone on with; what is over begins anew with the same ladder, from the weight that is there,
 * which is watched again before anything is moved up.
 */
function goOnCommand(report: ShiftReport): readonly NextCommand[] {
  const {plan, standing, isOpen = false} = report
  const run = plan.resumes ?? plan.runId
  if (isOpen) return [{why: 'go on', command: `slsops shift --resume ${shellWord(run)} ${shiftPlace(plan)}`}]
  const held = plan.stages[standing.stage]
  if (held === undefined || held.basisPoints >= wholeBasisPoints) return []
  return shiftCommands(report, members => goOnFlags(report, members)).map(command => ({why: 'go on', command}))
}

const finishCommands = (report: ShiftReport): readonly NextCommand[] =>
  shiftCommands(report, members => finishFlags(report, members)).map(command => ({why: 'finish', command}))

/** Each version has its own: a file of versions is not known to be there. */
const shiftCommands = (
  report: ShiftReport,
  flagsOf: (members: readonly Member[]) => readonly string[],
): readonly string[] =>
  Array.from(
    Map.groupBy(movedMembers(report), ({to}) => to),
    ([to, members]) =>
      `slsops shift ${members.map(targetWord).join(' ')} --to ${shellWord(to)} ${[...flagsOf(members), shiftPlace(report.plan)].join(' ')}`,
  )
