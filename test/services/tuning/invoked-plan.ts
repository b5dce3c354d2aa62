import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {Stage} from '../../../src/services/tuning/arena/arena.ts'
import type {TunePlan} from '../../../src/services/tuning/tune-plan.ts'
import {usualWish} from './usual-wish.ts'

export const requestId = '8c360c87-d4b7-4423-b5f3-af02be3c1763'

export const stage: Stage = {
  functionName: 'slsops-tune-checkout-k3f9x2ab',
  version: '3',
  memorySizeMB: 512,
  architecture: 'arm64',
}

/** A plan of one function, as far as an invoker looks at it. */
export const planOf = (configuration: FunctionConfiguration = {}, more: Partial<TunePlan> = {}): TunePlan => ({
  runId: '20261120-140711-k3f9x2ab',
  source: {
    name: 'checkout',
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
    qualifier: null,
    version: '$LATEST',
    configuration,
    code: {kind: 'zip', location: 'https://code.example/checkout?X-Amz-Signature=secret'},
    tags: {},
    memorySizeMB: 1024,
    architecture: 'arm64',
    timeoutSeconds: 30,
    ephemeralStorageMB: 512,
    snapStart: false,
  },
  ...usualWish,
  mode: 'shadow',
  candidates: [stage],
  payloads: [{text: '{}', weight: 1}],
  isPayloadAssumed: true,
  limits: {maxCostUSD: 0.5, maxInvocations: 40, maxTimeMs: 900_000},
  coldRatio: {value: 0.01, source: 'assumed'},
  prices: {
    perGBSecond: {x86_64: 0.0000166667, arm64: 0.0000133334},
    perRequest: 2e-7,
    ephemeralPerGBSecond: 3.09e-8,
    snapStartCachePerGBSecond: 0,
    snapStartRestorePerGB: 0,
    source: 'bundled',
    asOf: '2026-11-01',
    isListed: true,
  },
  ...more,
})
