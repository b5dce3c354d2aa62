// How CodeDeploy shifts traffic: its predefined configurations for Lambda, and what they come to.

export type DeploymentConfig = {
  readonly name: string
  readonly shifts:
    | {readonly as: 'AllAtOnce'}
    /** a part of the traffic, and after so many minutes the rest */
    | {readonly as: 'TimeBasedCanary'; readonly percent: number; readonly minutes: number}
    /** a part of the traffic every so many minutes */
    | {readonly as: 'TimeBasedLinear'; readonly percent: number; readonly minutes: number}
}

const canary = (minutes: number): DeploymentConfig => ({
  name: `CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`,
  shifts: {as: 'TimeBasedCanary', percent: 10, minutes},
})
const linear = (minutes: number): DeploymentConfig => ({
  name: `CodeDeployDefault.LambdaLinear10PercentEvery${minutes}Minute${minutes === 1 ? '' : 's'}`,
  shifts: {as: 'TimeBasedLinear', percent: 10, minutes},
})

export const allAtOnce: DeploymentConfig = {name: 'CodeDeployDefault.LambdaAllAtOnce', shifts: {as: 'AllAtOnce'}}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
export const predefinedConfigs: readonly DeploymentConfig[] = [
  allAtOnce,
  ...[5, 10, 15, 30].map(canary),
  ...[1, 2, 3, 10].map(linear),
]

/** One that the company made: a day and a half from the first to the last part. */
export const slowConfig: DeploymentConfig = {
  name: 'LarderLinear10PercentEvery4Hours',
  shifts: {as: 'TimeBasedLinear', percent: 10, minutes: 240},
}

const minuteMs = 60_000

/** The share of the new version from one moment to the next, in ms after traffic begins to be shifted; the last is 1. */
export function shiftsOf({shifts}: DeploymentConfig): readonly {readonly afterMs: number; readonly share: number}[] {
  if (shifts.as === 'AllAtOnce') return [{afterMs: 0, share: 1}]
  const {percent, minutes} = shifts
  if (shifts.as === 'TimeBasedCanary')
    return [
      {afterMs: 0, share: percent / 100},
      {afterMs: minutes * minuteMs, share: 1},
    ]
  return Array.from({length: Math.ceil(100 / percent)}, (_, i) => ({
    afterMs: i * minutes * minuteMs,
    share: Math.min(100, (i + 1) * percent) / 100,
  }))
}
