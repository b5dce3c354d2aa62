import type * as logsSdk from '@aws-sdk/client-cloudwatch-logs'
import quotas from '../../data/quotas.json' with {type: 'json'}
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import type {Context} from './context.ts'
import {filterLogEvents} from './logs/filter-log-events.ts'
import {getLogEvents} from './logs/get-log-events.ts'
import {describeQueries, getLogRecord, getQueryResults, stopQuery} from './logs/insights/query-results.ts'
import {maxQueryGroups, startQuery} from './logs/insights/start-query.ts'
import {logGroupWrites} from './logs/log-group-writes.ts'
import {describeLogGroups, listLogGroups} from './logs/log-groups.ts'
import {createLogStream, describeLogStreams} from './logs/log-streams.ts'
import {putLogEvents} from './logs/put-log-events.ts'
import {startLiveTail} from './logs/start-live-tail.ts'

const logs = sdkPackage<typeof logsSdk>('@aws-sdk/client-cloudwatch-logs')

const groupNameCharacters = /[.\-_/#A-Za-z0-9]+/
const groupName: Constraint = {minLength: 1, maxLength: 512, pattern: groupNameCharacters}
const groupIdentifier: Constraint = {minLength: 1, maxLength: 2048}
const groupClass: Constraint = {oneOf: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']}
const streamName: Constraint = {minLength: 1, maxLength: 512, pattern: /[^:*]*/}
const time: Constraint = {min: 0}
const eventLimit: Constraint = {min: 1, max: 10_000}
const listLimit: Constraint = {min: 1, max: 50}
const token: Constraint = {minLength: 1}
const taggedArn: Constraint = {minLength: 1, maxLength: 1011}
const queryId: Constraint = {minLength: 1, maxLength: 256}
const queryLanguage: Constraint = {oneOf: ['CWLI', 'SQL', 'PPL']}

export const service = defineService<typeof logs, Context>(
  logs,
  {
    signingName: 'logs',
    iamPrefix: 'logs',
    validationError: 'InvalidParameterException',
    throttleError: 'ThrottlingException',
    protocols: [jsonRpc('1.1', 'Logs_20140328')],
    constraints: {
      // The length of a new group's name has a sentence of its own.
      CreateLogGroup: {logGroupName: {minLength: 1, pattern: groupNameCharacters}, logGroupClass: groupClass},
      DeleteLogGroup: {logGroupName: groupName},
      DeleteRetentionPolicy: {logGroupName: groupName},
      PutRetentionPolicy: {logGroupName: groupName},
      ListTagsForResource: {resourceArn: taggedArn},
      TagResource: {resourceArn: taggedArn},
      UntagResource: {resourceArn: taggedArn},
      CreateLogStream: {logGroupName: groupName, logStreamName: streamName},
      DescribeLogGroups: {
        logGroupNamePrefix: groupName,
        logGroupNamePattern: {maxLength: 512, pattern: /[.\-_/#A-Za-z0-9]*/},
        logGroupClass: groupClass,
        logGroupIdentifiers: {minLength: 1, maxLength: 50},
        limit: listLimit,
        nextToken: token,
      },
      DescribeLogStreams: {
        logGroupName: groupName,
        logGroupIdentifier: groupIdentifier,
        logStreamNamePrefix: streamName,
        orderBy: {oneOf: ['LogStreamName', 'LastEventTime']},
        limit: listLimit,
        nextToken: token,
      },
      DescribeQueries: {
        logGroupName: groupName,
        status: {oneOf: ['Scheduled', 'Running', 'Complete', 'Failed', 'Cancelled', 'Timeout', 'Unknown']},
        queryLanguage,
        maxResults: {min: 1, max: 1000},
        nextToken: token,
      },
      FilterLogEvents: {
        logGroupName: groupName,
        logGroupIdentifier: groupIdentifier,
        logStreamNames: {minLength: 1, maxLength: 100},
        logStreamNamePrefix: streamName,
        startTime: time,
        endTime: time,
        filterPattern: {maxLength: 1024},
        limit: eventLimit,
        nextToken: token,
      },
      GetLogEvents: {
        logGroupName: groupName,
        logGroupIdentifier: groupIdentifier,
        logStreamName: streamName,
        startTime: time,
        endTime: time,
        limit: eventLimit,
        nextToken: token,
      },
      GetQueryResults: {queryId, maxItems: {min: 0, max: 10_000}, nextToken: {maxLength: 1024}},
      ListLogGroups: {
        logGroupNamePattern: {minLength: 3, maxLength: 129},
        logGroupClass: groupClass,
        logGroupTags: {minLength: 1, maxLength: 5},
        limit: {min: 1, max: 1000},
        nextToken: token,
      },
      PutLogEvents: {logGroupName: groupName, logStreamName: streamName, logEvents: {minLength: 1, maxLength: 10_000}},
      StartLiveTail: {
        logGroupIdentifiers: {minLength: 1, maxLength: quotas.logs.liveTailLogGroups},
        logEventFilterPattern: {maxLength: 1024},
      },
      StartQuery: {
        queryLanguage,
        logGroupName: groupName,
        logGroupNames: {maxLength: maxQueryGroups},
        logGroupIdentifiers: {maxLength: maxQueryGroups},
        startTime: time,
        endTime: time,
        queryString: {maxLength: 10_000},
        limit: {min: 1, max: 100_000},
      },
      StopQuery: {queryId},
    },
  },
  {
    ...logGroupWrites,
    CreateLogStream: createLogStream,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    DescribeQueries: describeQueries,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    GetLogRecord: getLogRecord,
    GetQueryResults: getQueryResults,
    ListLogGroups: listLogGroups,
    PutLogEvents: putLogEvents,
    StartLiveTail: startLiveTail,
    StartQuery: startQuery,
    StopQuery: stopQuery,
  },
)
