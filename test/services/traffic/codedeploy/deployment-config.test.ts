import {describe, expect, it} from 'vitest'
import {deploymentConfig} from '../../../../src/services/traffic/codedeploy/deployment-config.ts'
import type {ShiftPlan} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {minute, planOf} from '../shift/shift-plans.ts'

const own = {
  'shop-slow': {type: 'TimeBasedLinear', timeBasedLinear: {linearPercentage: 20, linearInterval: 60}},
  'shop-careful': {type: 'TimeBasedCanary', timeBasedCanary: {canaryPercentage: 1, canaryInterval: 30}},
}

const account = () =>
  fakeAccount({
    answers: {
      ListDeploymentConfigs: () => ({deploymentConfigsList: ['CodeDeployDefault.OneAtATime', ...Object.keys(own)]}),
      GetDeploymentConfig: ({input}) => ({
        deploymentConfigInfo: {
          ...input,
          computePlatform: 'Lambda',
          trafficRoutingConfig: own[input['deploymentConfigName'] as keyof typeof own],
        },
      }),
    },
  })

type Steps = readonly (readonly [number, number])[]

const even = (percent: number, minutes: number): Steps => [
  ...Array.from(
    {length: Math.ceil(100 / percent) - 1},
    (_, at) => [(at + 1) * percent * 100, minutes * minute] as const,
  ),
  [10_000, 5 * minute],
]
const once = (basisPoints: number, ms: number): Steps => [
  [basisPoints, ms],
  [10_000, 5 * minute],
]

const configOf = (ladder: ShiftPlan['ladder'], steps: Steps, aws = account()): Promise<string> =>
  aws.fakeClock.outcome(deploymentConfig(aws, planOf({ladder, steps}), ongoing()))

describe('the configuration of a deployment', () => {
  it.each<[string, ShiftPlan['ladder'], Steps]>([
    ['CodeDeployDefault.LambdaAllAtOnce', 'all-at-once', [[10_000, 5 * minute]]],
    ['CodeDeployDefault.LambdaAllAtOnce', 'all-at-once', []],
    ['CodeDeployDefault.LambdaCanary10Percent5Minutes', 'canary', once(1_000, 5 * minute)],
    ['CodeDeployDefault.LambdaCanary10Percent30Minutes', 'canary', once(1_000, 30 * minute)],
    ['CodeDeployDefault.LambdaLinear10PercentEvery1Minute', 'linear', even(10, 1)],
    ['CodeDeployDefault.LambdaLinear10PercentEvery3Minutes', 'linear', even(10, 3)],
    ['shop-slow', 'linear', even(20, 60)],
    ['shop-careful', 'canary', once(100, 30 * minute)],
  ])('is %s for what moves exactly so', async (name, ladder, steps) => {
    expect(await configOf(ladder, steps)).toBe(name)
  })

  it('asks AWS nothing for one that every account has', async () => {
    const aws = account()
    await configOf('canary', once(1_000, 5 * minute), aws)
    expect(aws.calls).toEqual([])
  })

  it('is refused where there is none, with the nearest and how to make it', async () => {
    await expect(configOf('canary', once(1_000, 6 * minute))).rejects.toMatchObject({
      message: 'CodeDeploy has no deployment configuration of 10 % for 6 min',
      hint: "the nearest is CodeDeployDefault.LambdaCanary10Percent5Minutes (10 % for 5 min); or make it: aws deploy create-deployment-config --compute-platform Lambda --deployment-config-name Lambda-canary-10-6 --traffic-routing-config 'type=TimeBasedCanary,timeBasedCanary={canaryPercentage=10,canaryInterval=6}'",
    })
  })

  it.each<[string, ShiftPlan['ladder'], Steps]>([
    ['half a percent', 'canary', once(50, 5 * minute)],
    ['half a minute', 'canary', once(1_000, minute / 2)],
    ['sevenths', 'linear', [1_428, 2_857, 4_285, 5_714, 7_142, 8_571, 10_000].map(at => [at, minute] as const)],
  ])('is refused for %s, which CodeDeploy cannot do', async (_, ladder, steps) => {
    await expect(configOf(ladder, steps)).rejects.toMatchObject({
      message: expect.stringContaining('CodeDeploy cannot do'),
      hint: 'it takes equal steps of whole percents, up to 99, and whole minutes',
    })
  })
})
