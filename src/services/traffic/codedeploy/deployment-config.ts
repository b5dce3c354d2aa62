import type {DeploymentConfigInfo, TrafficRoutingConfig} from '@aws-sdk/client-codedeploy'
import {UserError} from '../../../errors.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'
import type {ShiftPlan} from '../plan/shift-plan.ts'

/** How CodeDeploy moves traffic: whole percents of it, in whole minutes. */
type Course =
  | {readonly kind: 'all-at-once'}
  | {readonly kind: 'canary' | 'linear'; readonly percent: number; readonly minutes: number}

type NamedCourse = {readonly name: string; readonly course: Course}

const course = (kind: 'canary' | 'linear', percent: number, minutes: number): Course => ({kind, percent, minutes})

/** Those that every account has (CodeDeploy, "Working with deployment configurations"). */
const predefined: readonly NamedCourse[] = [
  {name: 'CodeDeployDefault.LambdaAllAtOnce', course: {kind: 'all-at-once'}},
  ...[5, 10, 15, 30].map(minutes => ({
    name: `CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`,
    course: course('canary', 10, minutes),
  })),
  ...[1, 2, 3, 10].map(minutes => ({
    name: `CodeDeployDefault.LambdaLinear10PercentEvery${minutes}Minute${minutes === 1 ? '' : 's'}`,
    course: course('linear', 10, minutes),
  })),
]

const minuteMs = 60_000
const mostLookedAt = 50

/**
 * The name of the deployment configuration that moves traffic exactly as the ladder does: a predefined one, else one of the account.
 * @throws UserError (exit 1) where there is none, with the nearest and how to make it
 */
export async function deploymentConfig(
  aws: Aws,
  plan: Pick<ShiftPlan, 'ladder' | 'stages'>,
  signal: AbortSignal,
): Promise<string> {
  const wanted = courseOf(plan)
  const known = predefined.find(each => isSame(each.course, wanted))
  if (known) return known.name
  const own = await ownCourses(aws, signal)
  const match = own.find(each => isSame(each.course, wanted))
  if (match) return match.name
  throw new UserError(`CodeDeploy has no deployment configuration of ${courseText(wanted)}`, {
    code: 'NoDeploymentConfig',
    hint: `the nearest is ${nearest(wanted, [...predefined, ...own])}; or make it: ${makeCommand(wanted)}`,
  })
}

/** @throws UserError for what CodeDeploy cannot do: fractions of a percent or of a minute, unequal steps */
function courseOf({ladder, stages}: Pick<ShiftPlan, 'ladder' | 'stages'>): Course {
  const [first] = stages
  if (ladder === 'weight')
    throw new UserError('CodeDeploy moves all of the traffic in the end', {
      code: 'NoDeploymentConfig',
      hint: '--weight is for slsops itself: leave --hand-over out',
    })
  if (ladder === 'all-at-once' || first === undefined) return {kind: 'all-at-once'}
  const minutes = first.minMs / minuteMs
  const percent = first.basisPoints / 100
  const steps = stages.filter(({basisPoints}) => basisPoints < 10_000)
  const isEven = steps.every(
    ({basisPoints, minMs}, at) => basisPoints === first.basisPoints * (at + 1) && minMs === first.minMs,
  )
  if (!Number.isInteger(minutes) || !Number.isInteger(percent) || minutes < 1 || percent > 99 || !isEven)
    throw new UserError(`CodeDeploy cannot do ${courseText(course(ladder, percent, minutes))}`, {
      code: 'NoDeploymentConfig',
      hint: 'it takes equal steps of whole percents, up to 99, and whole minutes',
    })
  return course(ladder, percent, minutes)
}

async function ownCourses(aws: Aws, signal: AbortSignal): Promise<readonly NamedCourse[]> {
  const client = await aws.codeDeploy()
  const {GetDeploymentConfigCommand, ListDeploymentConfigsCommand} = sdk.codeDeploy()
  try {
    const pages = paged(async nextToken => {
      const command = new ListDeploymentConfigsCommand({nextToken})
      const answer = await ask(aws, 'ListDeploymentConfigs', options => client.send(command, options), signal)
      return {items: answer.deploymentConfigsList, next: answer.nextToken}
    })
    const names = (await Array.fromAsync(pages)).flat().filter(name => !name.startsWith('CodeDeployDefault.'))
    const configs = await Promise.all(
      names.slice(0, mostLookedAt).map(deploymentConfigName => {
        const command = new GetDeploymentConfigCommand({deploymentConfigName})
        return ask(aws, 'GetDeploymentConfig', options => client.send(command, options), signal)
      }),
    )
    return configs.flatMap(({deploymentConfigInfo}) => namedCourse(deploymentConfigInfo))
  } catch (error) {
    signal.throwIfAborted()
    throw explained(error, {
      doing: 'read deployment configurations',
      permission: 'codedeploy:ListDeploymentConfigs and codedeploy:GetDeploymentConfig',
      instead: 'the predefined ones can be used: 10% for 5, 10, 15 or 30 minutes, or 10% every 1, 2, 3 or 10',
    })
  }
}

function namedCourse(info: DeploymentConfigInfo | undefined): readonly NamedCourse[] {
  const {deploymentConfigName: name, computePlatform, trafficRoutingConfig} = info ?? {}
  const found = computePlatform === 'Lambda' && trafficRoutingConfig ? configured(trafficRoutingConfig) : null
  return name && found ? [{name, course: found}] : []
}

function configured({type, timeBasedCanary, timeBasedLinear}: TrafficRoutingConfig): Course | null {
  if (type === 'AllAtOnce') return {kind: 'all-at-once'}
  const {canaryPercentage, canaryInterval} = timeBasedCanary ?? {}
  const {linearPercentage, linearInterval} = timeBasedLinear ?? {}
  if (canaryPercentage !== undefined && canaryInterval !== undefined)
    return course('canary', canaryPercentage, canaryInterval)
  if (linearPercentage !== undefined && linearInterval !== undefined)
    return course('linear', linearPercentage, linearInterval)
  return null
}

const isSame = (one: Course, other: Course): boolean => distance(one, other) === 0

/** How far apart, in the factors of percent and time; those of another kind are farther than all of one. */
function distance(one: Course, other: Course): number {
  if (one.kind === 'all-at-once' || other.kind === 'all-at-once') return one.kind === other.kind ? 0 : 1_000
  const apart = Math.abs(Math.log(one.percent / other.percent)) + Math.abs(Math.log(one.minutes / other.minutes))
  return apart + (one.kind === other.kind ? 0 : 100)
}

function nearest(wanted: Course, all: readonly NamedCourse[]): string {
  const [first] = all.toSorted((a, b) => distance(a.course, wanted) - distance(b.course, wanted))
  return first === undefined ? 'none' : `${first.name} (${courseText(first.course)})`
}

function courseText(each: Course): string {
  if (each.kind === 'all-at-once') return 'all at once'
  const {kind, percent, minutes} = each
  return kind === 'canary' ? `${percent} % for ${minutes} min` : `${percent} % every ${minutes} min`
}

function makeCommand(each: Course): string {
  if (each.kind === 'all-at-once') return ''
  const {kind, percent, minutes} = each
  const [type, member] = kind === 'canary' ? ['TimeBasedCanary', 'canary'] : ['TimeBasedLinear', 'linear']
  return `aws deploy create-deployment-config --compute-platform Lambda --deployment-config-name Lambda-${member}-${percent}-${minutes} --traffic-routing-config 'type=${type},timeBased${type?.slice(9)}={${member}Percentage=${percent},${member}Interval=${minutes}}'`
}
