// Calls of other services that several functions make, in short.
import type {Use} from '../company.ts'

type Rest = Partial<Omit<Use, 'service' | 'operation' | 'resource' | 'at'>>

export const dynamo = (operation: string, table: string, at: Use['at'], rest: Rest = {}): Use => ({
  service: 'DynamoDB',
  operation,
  resource: table,
  at,
  ms: operation === 'Query' ? [7, 29] : [3.6, 14],
  ...rest,
})

/** An item was not as the call demanded. */
export const conditionFailed: Rest = {
  status: 400,
  throws: {type: 'ConditionalCheckFailedException', message: 'The conditional request failed'},
}

export const http = (method: string, url: string, at: Use['at'], ms: Use['ms'], status = 200): Use => ({
  service: 'http',
  operation: method,
  resource: url,
  at,
  ms,
  status,
})

export const published = (topic: string): Use => ({
  service: 'SNS',
  operation: 'Publish',
  resource: `arn:aws:sns:eu-west-1:123456789012:${topic}`,
  at: 'last',
  ms: [9, 34],
})
