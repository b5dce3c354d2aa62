import {fieldsOf, listOf, textOf} from './document-fields.ts'
import type {SegmentDocument, SubsegmentDocument} from './segment-document.ts'

/** The type of resource that was called; X-Ray gives none to an HTTP call. */
export function calledType(call: SubsegmentDocument): string | undefined {
  if (call.namespace === 'remote') return 'sql' in call ? 'Database::SQL' : undefined
  const service = serviceName(call.name)
  const aws = fieldsOf(call.aws)
  if (service === 'DynamoDB') return resourceName(aws, 'table_name') === undefined ? 'AWS::DynamoDB' : dynamoTable
  if (service === 'SQS') return resourceName(aws, 'queue_url') === undefined ? 'AWS::SQS' : 'AWS::SQS::Queue'
  if (service === 'StepFunctions') return 'AWS::StepFunctions::StateMachine'
  return `AWS::${service}`
}

const dynamoTable = 'AWS::DynamoDB::Table'

/** The resource that an inferred segment stands for, which names its node in the service graph; undefined where the call does not say. */
export function calledResource({origin, aws}: SegmentDocument): string | undefined {
  const fields = fieldsOf(aws)
  if (origin === dynamoTable) return resourceName(fields, 'table_name')
  if (origin === 'AWS::SQS::Queue') return resourceName(fields, 'queue_url')
  return origin === 'AWS::Lambda' ? resourceName(fields, 'function_name') : undefined
}

const resourceName = (aws: Readonly<Record<string, unknown>>, field: string) =>
  textOf(aws[field]) ?? textOf(listOf(aws['resource_names'])[0])

// What SDKs call services in more than one way.
const serviceNames: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  sns: 'SNS',
  s3: 'S3',
  lambda: 'Lambda',
  kinesis: 'Kinesis',
  eventbridge: 'Events',
  events: 'Events',
  cloudwatchevents: 'Events',
  sfn: 'StepFunctions',
  stepfunctions: 'StepFunctions',
  states: 'StepFunctions',
  ssm: 'SSM',
  secretsmanager: 'SecretsManager',
}

const serviceName = (name: string) => {
  const plain = name.replace(/^(?:AWS|Amazon)?[ :]*|[^A-Za-z0-9]/g, '')
  return serviceNames[plain.toLowerCase()] ?? plain
}
