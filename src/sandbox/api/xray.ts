import type * as xraySdk from '@aws-sdk/client-xray'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import type {Context} from './context.ts'
import {batchGetTraces} from './xray/batch-get-traces.ts'
import {getServiceGraph, getTraceGraph} from './xray/get-graphs.ts'
import {getTraceSummaries} from './xray/get-trace-summaries.ts'
import {defaultGroup} from './xray/groups.ts'
import {putTraceSegments} from './xray/put-trace-segments.ts'
import {indexedPercentage} from './xray/stored-traces.ts'
import {
  cancelTraceRetrieval,
  getRetrievedTracesGraph,
  listRetrievedTraces,
  maxRetrievedTraces,
  startTraceRetrieval,
} from './xray/trace-retrieval.ts'

const xray = sdkPackage<typeof xraySdk>('@aws-sdk/client-xray')

const retrievalToken: Constraint = {maxLength: 1020}

export const service = defineService<typeof xray, Context>(
  xray,
  {
    signingName: 'xray',
    iamPrefix: 'xray',
    validationError: 'InvalidRequestException',
    throttleError: 'ThrottledException',
    protocols: [restJson()],
    constraints: {
      CancelTraceRetrieval: {RetrievalToken: retrievalToken},
      GetRetrievedTracesGraph: {RetrievalToken: retrievalToken},
      GetServiceGraph: {GroupName: {minLength: 1, maxLength: 32}, GroupARN: {minLength: 1, maxLength: 400}},
      GetTraceSummaries: {TimeRangeType: {oneOf: ['TraceId', 'Event', 'Service']}, FilterExpression: {minLength: 1}},
      ListRetrievedTraces: {RetrievalToken: retrievalToken, TraceFormat: {oneOf: ['XRAY', 'OTEL']}},
      StartTraceRetrieval: {TraceIds: {maxLength: maxRetrievedTraces}},
    },
  },
  {
    BatchGetTraces: batchGetTraces,
    CancelTraceRetrieval: cancelTraceRetrieval,
    GetGroups: (_, context) => ({Groups: [defaultGroup(context)]}),
    GetIndexingRules: () => ({IndexingRules: [indexingRule]}),
    GetRetrievedTracesGraph: getRetrievedTracesGraph,
    GetServiceGraph: getServiceGraph,
    GetTraceGraph: getTraceGraph,
    GetTraceSegmentDestination: (_, {world}) => ({Destination: world.traceDestination, Status: 'ACTIVE'}),
    GetTraceSummaries: getTraceSummaries,
    ListRetrievedTraces: listRetrievedTraces,
    PutTraceSegments: putTraceSegments,
    StartTraceRetrieval: startTraceRetrieval,
  },
)

const indexingRule: xraySdk.IndexingRule = {
  Name: 'Default',
  Rule: {
    Probabilistic: {DesiredSamplingPercentage: indexedPercentage, ActualSamplingPercentage: indexedPercentage},
  },
}
