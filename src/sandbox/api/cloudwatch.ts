import type * as cloudwatchSdk from '@aws-sdk/client-cloudwatch'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {queryXml} from '../wire/query-xml.ts'
import {rpcCbor} from '../wire/rpc-cbor.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {deleteAlarms, putMetricAlarm, setAlarmState} from './cloudwatch/alarm-requests.ts'
import {describeAlarms} from './cloudwatch/describe-alarms.ts'
import {getMetricData} from './cloudwatch/get-metric-data.ts'
import {getMetricStatistics} from './cloudwatch/get-metric-statistics.ts'
import {listMetrics} from './cloudwatch/list-metrics.ts'
import {putMetricData} from './cloudwatch/put-metric-data.ts'
import type {Context} from './context.ts'

const cloudwatch = sdkPackage<typeof cloudwatchSdk>('@aws-sdk/client-cloudwatch')

const target = 'GraniteServiceVersion20100801'

const namespace = {minLength: 1, maxLength: 255, pattern: /[^:].*/}
const metricName = {minLength: 1, maxLength: 255}
const alarmName = {minLength: 1, maxLength: 255}
const stateValue = {oneOf: ['INSUFFICIENT_DATA', 'ALARM', 'OK']}

export const service = defineService<typeof cloudwatch, Context>(
  cloudwatch,
  {
    signingName: 'monitoring',
    iamPrefix: 'cloudwatch',
    validationError: 'ValidationException',
    throttleError: 'ThrottlingException',
    // The JS SDK speaks JSON, today's AWS CLI CBOR, yesterday's query.
    protocols: [jsonRpc('1.0', target), rpcCbor(target), queryXml('http://monitoring.amazonaws.com/doc/2010-08-01/')],
    constraints: {
      DescribeAlarms: {
        MaxRecords: {min: 1, max: 100},
        AlarmNames: {maxLength: 100},
        StateValue: stateValue,
      },
      PutMetricAlarm: {
        AlarmName: alarmName,
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: {maxLength: 30},
        Period: {min: 1},
        EvaluationPeriods: {min: 1},
        DatapointsToAlarm: {min: 1},
      },
      DeleteAlarms: {AlarmNames: {maxLength: 100}},
      SetAlarmState: {AlarmName: alarmName, StateValue: stateValue, StateReason: {maxLength: 1023}},
      GetMetricData: {ScanBy: {oneOf: ['TimestampDescending', 'TimestampAscending']}},
      GetMetricStatistics: {Namespace: namespace, MetricName: metricName, Period: {min: 1}},
      ListMetrics: {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: {maxLength: 10},
        RecentlyActive: {oneOf: ['PT3H']},
      },
      PutMetricData: {Namespace: namespace},
    },
  },
  {
    DeleteAlarms: deleteAlarms,
    DescribeAlarms: describeAlarms,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListMetrics: listMetrics,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
  },
)
