import type {GetTraceSummariesCommandInput, GetTraceSummariesCommandOutput, TraceSummary} from '@aws-sdk/client-xray'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {openBudget} from '../logs/reader/fake-log-groups.ts'

export type Answer = Omit<Partial<GetTraceSummariesCommandOutput>, '$metadata'>

/** What X-Ray would answer a request with, or throw. */
export type Answering = (input: GetTraceSummariesCommandInput, call: number) => Answer

export type FakeXray = {readonly aws: Aws; readonly asked: readonly GetTraceSummariesCommandInput[]}

export const now = Date.parse('2026-11-20T14:07:11Z')

type FakeOptions = {
  readonly region?: string
  readonly account?: string | null
  /** what else it is asked, by the command's name */
  readonly others?: Readonly<Record<string, () => object>>
}

/** A region whose X-Ray answers as the test says. */
export function fakeXray(
  answer: Answering,
  {region = 'eu-west-1', account = '123456789012', others = {}}: FakeOptions = {},
): FakeXray {
  const asked: GetTraceSummariesCommandInput[] = []
  const send = async (command: {readonly input: unknown; readonly constructor: {readonly name: string}}) => {
    const {name} = command.constructor
    if (name === 'GetTraceSummariesCommand') {
      const input = command.input as GetTraceSummariesCommandInput
      asked.push(input)
      return answer(input, asked.length)
    }
    const other = others[name]
    if (other) return other()
    throw failure('AccessDeniedException', `not authorized to perform: xray:${name}`)
  }
  const aws = {
    scope: {account, region, profile: null, endpoint: 'aws'},
    foreignOrigins: [],
    budget: openBudget(0),
    clock: {now: () => now, sleep: async () => {}},
    xray: async () => ({send}),
    sts: async () => ({send: async () => ({Account: '123456789012'})}),
  } as unknown as Aws
  return {aws, asked}
}

export const failure = (name: string, message: string): Error =>
  Object.assign(new Error(message), {name, $metadata: {httpStatusCode: 400}})

/** Trace `i` of those a second apart, the first of them at `now`. */
export function aSummary(i: number, more: Partial<TraceSummary> = {}): TraceSummary {
  const start = now - i * 1_000
  return {
    Id: idOf(i),
    StartTime: new Date(start),
    Duration: 0.25,
    ResponseTime: 0.25,
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    IsPartial: false,
    Http: {HttpURL: 'https://shop.example/orders/7', HttpStatus: 200, HttpMethod: 'GET'},
    ServiceIds: [{Name: 'checkout-api', Type: 'AWS::Lambda', AccountId: '123456789012'}],
    EntryPoint: {Name: 'checkout-api', Type: 'AWS::Lambda', AccountId: '123456789012'},
    Revision: 1,
    ...more,
  }
}

export const idOf = (i: number): string =>
  `1-${Math.floor((now - i * 1_000) / 1_000).toString(16)}-${String(i).padStart(24, '0')}`
