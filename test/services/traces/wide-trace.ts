import {awsCall, inferredFrom, lambdaPair, type TestDocument, type TestTrace, traceOf, work} from './documents.ts'

const iterations = 26
const rounds = 132

/**
 * A function that starts a state machine, which asks Lambda for each of its functions in a map and then goes round: 31 documents
 * with 765 segments and subsegments, of which 28 are inferred. Step Functions sends `cause: {}` with all that went well.
 */
export function wideTrace(): TestTrace {
  const calls = Array.from({length: iterations}, (_, i) =>
    awsCall(`get${i}`, 'Lambda', 'GetFunction', 560 + i * 10, 640 + i * 10, {}, {cause: {}}),
  )
  const map = step('map', 'Map', 60, 906, calls.map(iteration))
  const machine = step('machine', 'state-machine-02', 0, 3_258, [map, ...roundsAfter(910)], {
    parent_id: 'start',
    origin: 'AWS::StepFunctions::StateMachine',
    resource_arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:state-machine-02',
  })
  const describe = awsCall('describe', 'CloudWatchLogs', 'DescribeLogGroups', -480, -210)
  const start = awsCall('start', 'Sfn', 'StartSyncExecution', -100, 3_300)
  const pair = lambdaPair('lead', 'log-groups', {service: [-1_500, 3_400], run: [-600, 3_390]}, [
    work('lead-i', 'Initialization', -1_100, -610),
    work('lead-v', 'Invocation', -599, 3_380, {subsegments: [describe, start]}),
    work('lead-o', 'Overhead', 3_380, 3_389),
  ])
  return traceOf([
    machine,
    ...pair,
    ...calls.map((call, i) => inferredFrom(`get${i}-i`, call, 'AWS::Lambda')),
    inferredFrom('describe-i', describe, 'AWS::CloudWatchLogs'),
    inferredFrom('start-i', start, 'AWS::States'),
  ])
}

function step(
  id: string,
  name: string,
  from: number,
  to: number,
  subsegments: readonly TestDocument[],
  more: TestDocument = {},
): TestDocument {
  return work(id, name, from, to, {cause: {}, subsegments, ...more})
}

function iteration(call: TestDocument, i: number): TestDocument {
  const from = 60 + i * 10
  return step(`it${i}`, `Iteration ${i}`, from, from + 584, [
    step(`gf${i}`, 'GetFunction', from + 490, from + 582, [call]),
    step(`lg${i}`, 'GetLGParts', from + 480, from + 480, []),
    step(`fn${i}`, 'GetFnName', from + 482, from + 482, []),
    ...Array.from({length: i < 18 ? 3 : 2}, (_, n) => step(`pad${i}-${n}`, 'HasLogGroup', from + 470, from + 471, [])),
  ])
}

function roundsAfter(from: number): readonly TestDocument[] {
  return Array.from({length: rounds}, (_, i) =>
    ['IncrementCounter', 'IncrementStats', 'HasNextMapResult-1400634c', 'GetNextResult'].map((name, n) =>
      step(`r${i}-${n}`, name, from + i * 16 + n * 4, from + i * 16 + n * 4 + 3, []),
    ),
  ).flat()
}
