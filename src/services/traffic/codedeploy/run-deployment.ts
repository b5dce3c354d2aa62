import type {DeploymentInfo} from '@aws-sdk/client-codedeploy'
import {UserError} from '../../../errors.ts'
import {aliasName, isSameRouting} from '../alias/alias-state.ts'
import {conclude, reportOf} from '../shift/conclude.ts'
import {endingOf, errorText, foreignEnding} from '../shift/ending-of.ts'
import {prepare} from '../shift/prepare.ts'
import {basisPointsOf, routingAt, wayOn} from '../shift/routing-of.ts'
import {createRun, type Ending, type MemberRun, type ShiftRun, tellEvent} from '../shift/shift-run.ts'
import {standingOf} from '../shift/standing.ts'
import {keep, markForeign, writeMember} from '../shift/write-member.ts'
import {createDeployment, type DeploymentWish} from './create-deployment.ts'
import {planDeployment} from './plan-deployment.ts'
import {isOver, readDeployment, stopDeployment} from './stop-deployment.ts'

const pollMs = 10_000
/** keys are looked at so often */
const glanceMs = 1_000
const patientLooks = 30

/**
 * A shift by CodeDeploy from its beginning to its end, told as steps.
 * @throws UserError before anything was changed, without `ended`; what is a bug, after it
 */
export async function runDeployment(base: Parameters<typeof createRun>[0]): Promise<void> {
  const run = createRun(base)
  const {aws, plan, signal} = run
  const [each] = run.members
  if (each === undefined) return
  run.tell({kind: 'begun', plan, standing: standingOf(run)})
  const planned = plan.deployment ?? (await planDeployment(aws, plan, signal))
  if (planned === null) return
  await prepare(run)
  const {application, group, config} = planned
  const deployment: Deploying = {wish: {application, group, config, plan, member: each.member}, id: null}
  let ending: Ending
  let bug: unknown = null
  try {
    ending = (await rewind(run, each)) ?? (await deploy(run, each, deployment))
  } catch (error) {
    ending = endingOf(run, error)
    if (!(error instanceof UserError) && !signal.aborted) bug = error
  }
  run.tell({kind: 'ended', report: await concluded(run, each, deployment, ending)})
  if (bug !== null) throw bug
}

type Deploying = {readonly wish: DeploymentWish; id: string | null}

/** CodeDeploy takes an alias only while it serves one version. */
async function rewind(run: ShiftRun, each: MemberRun): Promise<Ending | null> {
  const {member, alias} = each
  const target = {...routingAt(member, 0), description: member.description}
  if (isSameRouting(alias, target) && alias.description === target.description) return null
  run.tell({kind: 'doing', what: `rewinds ${aliasName(member)} to ${member.from} alone`})
  if (!(await writeMember(run, each, target, {signal: run.signal}))) return foreignEnding([each])
  const doing = (what: string): void => run.tell({kind: 'doing', what})
  const serving = await run.parts.awaitServing(run.aws, member, target, {signal: run.signal, doing})
  if (serving.kind === 'serving') return null
  if (serving.kind === 'pending') return {kind: 'go-back', byGate: false, why: serving.detail}
  markForeign(each, serving.state)
  tellEvent(run, 'bad', each.detail ?? '')
  return foreignEnding([each])
}

/** Creates the deployment and follows it to its end. */
async function deploy(run: ShiftRun, each: MemberRun, deployment: Deploying): Promise<Ending> {
  const {aws, journal, signal, plan} = run
  const {wish} = deployment
  if (journal === null) throw new UserError('there is no journal', {code: 'NoJournal'})
  const what = `${wish.application}/${wish.group} with ${wish.config}`
  run.tell({kind: 'doing', what: `hands ${aliasName(each.member)} over to ${what}`})
  const deploymentId = await createDeployment(aws, journal, wish, {signal, lookUp: run.options.undoSignal})
  deployment.id = deploymentId
  each.movedAs = 1
  each.state = 'watched'
  tellEvent(run, 'info', `deployment ${deploymentId} of ${what}: it goes on without this machine`)
  for (let failures = 0; ; ) {
    try {
      // the alias itself: of CodeDeploy's own weight nobody writes whether it is a share or a percentage
      const [info, state] = await Promise.all([
        readDeployment(aws, deploymentId, signal),
        run.parts.readAliasState(aws, each.member, signal),
      ])
      failures = 0
      const basisPoints = state === null ? each.basisPoints : basisPointsOf(state, each.member.to)
      const isMoved = basisPoints !== each.basisPoints
      each.basisPoints = basisPoints
      run.stage = stageOf(run)
      each.detail = info.status ?? null
      const stage = plan.stages[run.stage]
      if (isMoved && stage !== undefined) {
        run.stageAt = aws.clock.now()
        run.tell({kind: 'stage', stage, standing: standingOf(run)})
      }
      run.tell({kind: 'standing', standing: standingOf(run)})
      if (isOver(info)) return endingOfDeployment(info)
    } catch (error) {
      signal.throwIfAborted()
      // it goes on whether it can be watched or not
      if (!(error instanceof UserError) || ++failures > patientLooks) throw error
      tellEvent(run, 'warning', `the deployment cannot be watched: ${errorText(error)}`)
    }
    const asked = await pause(run)
    if (asked !== null) return asked
  }
}

/** The last stage whose weight has been reached. */
const stageOf = ({plan, members: [each]}: ShiftRun): number =>
  Math.max(
    0,
    plan.stages.findLastIndex(({basisPoints}) => basisPoints <= (each?.basisPoints ?? 0)),
  )

/** What is muted and paused is slsops' own; CodeDeploy can only be stopped. */
async function pause(run: ShiftRun): Promise<Ending | null> {
  const {aws, options, signal} = run
  for (const until = aws.clock.now() + pollMs; aws.clock.now() < until; ) {
    await aws.clock.sleep(glanceMs, signal)
    if (options.controls().some(({kind}) => kind === 'rollback'))
      return {kind: 'go-back', byGate: false, why: 'it was asked to go back'}
  }
  return null
}

function endingOfDeployment({status, errorInformation}: DeploymentInfo): Ending {
  if (status === 'Succeeded') return {kind: 'done', why: 'CodeDeploy has deployed it'}
  const {code, message} = errorInformation ?? {}
  const why = [`CodeDeploy’s deployment ${status === 'Stopped' ? 'was stopped' : 'failed'}`, message].filter(Boolean)
  return {kind: 'go-back', byGate: code === 'ALARM_ACTIVE', why: why.join(': ')}
}

/** Stops what has to go back, and tells what AWS then says is served. */
async function concluded(run: ShiftRun, each: MemberRun, {id}: Deploying, ending: Ending) {
  const undo = run.options.undoSignal()
  if (id === null) return conclude(run, ending, undo)
  if (ending.kind === 'hold') return leftToGoOn(run, each, id, ending, undo)
  const doing = (what: string): void => run.tell({kind: 'doing', what})
  try {
    // one that has ended by itself rolls back by itself, which is waited for
    if (ending.kind === 'go-back') await stopDeployment(run.aws, id, {signal: undo, doing})
    const state = await run.parts.readAliasState(run.aws, each.member, undo)
    if (state === null || (ending.kind === 'done' && !isSameRouting(state, wayOn(each.member))))
      markForeign(each, state)
    else keep(run, each, state)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return notStopped(run, each, id, ending, errorText(error))
  }
  if (each.state !== 'foreign') each.state = 'done'
  each.detail = null
  return conclude(run, ending, undo)
}

async function leftToGoOn(run: ShiftRun, each: MemberRun, id: string, ending: Ending, undo: AbortSignal) {
  const why = `${ending.why}; deployment ${id} goes on in CodeDeploy: ${stopCommand(run, id)} stops it`
  const serves = await run.parts.readAliasState(run.aws, each.member, undo).catch(() => null)
  if (serves !== null) each.basisPoints = basisPointsOf(serves, each.member.to)
  each.state = 'held'
  await run.journal?.end('held', why)
  return reportOf(run, ending, {outcome: 'held', why, serves: [serves]})
}

async function notStopped(run: ShiftRun, each: MemberRun, id: string, ending: Ending, detail: string) {
  each.state = 'failed'
  each.detail = `${detail}; ${stopCommand(run, id)} stops it`
  await run.journal?.end('failed', each.detail)
  return reportOf(run, ending, {outcome: 'failed', why: each.detail, serves: [null]})
}

const stopCommand = ({plan}: ShiftRun, id: string): string =>
  `aws deploy stop-deployment --deployment-id ${id} --auto-rollback-enabled --region ${plan.scope.region}`
