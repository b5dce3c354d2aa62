// Stack larder-fulfilment: a state machine and its tasks, which share one log group.
import type {CompanyFunction, CompanyLogGroup, CompanyStack, Entry} from '../company.ts'
import {dynamo, http} from './uses.ts'

const logGroup = '/larder/fulfilment'

const pickPlan: CompanyFunction = {
  name: 'pick-plan',
  description: 'Plans the way of a picker through the store',
  created: '2022-05-03',
  runtime: 'provided.al2023',
  handler: 'bootstrap',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [31, 58],
  timeoutSeconds: 10,
  codeSizeMB: 6.2,
  initMs: [64, 130],
  logger: 'slog',
  logGroup,
  tracing: 'Active',
  work: {waitMs: 4, cpuMs: 22, noise: 0.04},
  stories: {
    planned: {
      uses: [dynamo('Query', 'orders', 0.05), dynamo('GetItem', 'store-maps', 0.3)],
      lines: [[0.9, 'INFO', 'planned', {order: '{order}', store: '{store}', stops: '{items}', metres: '{n:40-610}'}]],
    },
  },
}

const reserveSlot: CompanyFunction = {
  name: 'reserve-slot',
  description: 'Reserves a delivery slot',
  created: '2022-05-03',
  runtime: 'nodejs22.x',
  handler: 'slots.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [84, 103],
  timeoutSeconds: 10,
  codeSizeMB: 0.9,
  initMs: [266, 480],
  logger: 'console',
  logFormat: 'JSON',
  logGroup,
  tracing: 'Active',
  stories: {
    reserved: {
      uses: [dynamo('Query', 'slots', 0.12), dynamo('UpdateItem', 'slots', 0.6)],
      lines: [
        [0.1, 'DEBUG', 'slots of {city}', {free: '{n:0-9}'}],
        [
          0.8,
          'INFO',
          'slot reserved',
          {orderId: '{order}', store: '{store}', slot: '{n:8-20}:00', shipmentId: '{shipment}'},
        ],
      ],
    },
  },
}

// partners of that size want their key in the query
const partner = 'https://api.{courier}.example/v2/bookings?api_key=ck_{hex:24}&city={city}'

const bookCourier: CompanyFunction = {
  name: 'book-courier',
  description: 'Books a courier with the partner',
  created: '2022-05-03',
  runtime: 'python3.12',
  handler: 'courier.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [68, 84],
  timeoutSeconds: 10,
  codeSizeMB: 1.4,
  initMs: [290, 520],
  logger: 'logging',
  logGroup,
  tracing: 'Active',
  stories: {
    booked: {
      uses: [http('POST', partner, 0.1, [240, 1100], 201)],
      annotations: {order: '{order}', courier: '{courier}'},
      lines: [
        [0.1, 'INFO', 'asking {courier} for {city}', {order: '{order}'}],
        [0.95, 'INFO', 'booked', {courier: '{courier}', shipment: '{shipment}', order: '{order}'}],
      ],
    },
    refused: {
      uses: [http('POST', partner, 0.1, [420, 1100], 503)],
      annotations: {order: '{order}', courier: '{courier}'},
      lines: [
        [0.1, 'INFO', 'asking {courier} for {city}', {order: '{order}'}],
        [0.9, 'WARN', '{courier} answered 503', {order: '{order}', retry_after: '{n:2-9}'}],
      ],
      failure: {
        type: 'CourierUnavailable',
        message: '{courier} has no capacity',
        stack: [
          'File "/var/task/courier.py", line 33, in handler\n    return book(partner, order)',
          'File "/var/task/courier.py", line 71, in book\n    raise CourierUnavailable(partner)',
        ],
      },
    },
  },
}

const slotJanitor: CompanyFunction = {
  name: 'slot-janitor',
  description: 'Frees slots that were never confirmed',
  created: '2022-08-11',
  runtime: 'python3.12',
  handler: 'janitor.handler',
  architecture: 'arm64',
  memorySizeMB: 128,
  memoryUsedMB: [58, 69],
  timeoutSeconds: 30,
  codeSizeMB: 0.2,
  initMs: [240, 430],
  logger: 'logging',
  retentionInDays: 7,
  stories: {
    swept: {
      lines: [
        [0.05, 'PRINT', 'START sweep of 6 stores'],
        [0.9, 'INFO', 'freed {n:0-14} slots', {stores: '6', took_ms: '{ms}'}],
        [0.95, 'PRINT', 'summary:\n{\n  "freed": {n:0-14},\n  "kept": {n:120-460}\n}'],
      ],
    },
  },
}

const machine = 'arn:aws:states:eu-west-1:123456789012'
const event = (id: number, previous: number, type: string, details: string) =>
  `{"id":"${id}","type":"${type}","details":{${details}},"previous_event_id":"${previous}","event_timestamp":"{epochMs}","execution_arn":"${machine}:execution:fulfilment:{order}","redrive_count":"0"}`
const started = event(
  1,
  0,
  'ExecutionStarted',
  '"input":"{\\"order\\":\\"{order}\\"}","roleArn":"arn:aws:iam::123456789012:role/larder-fulfilment-states"',
)

const states: CompanyLogGroup = {
  name: '/aws/vendedlogs/states/fulfilment',
  created: '2022-05-03',
  retentionInDays: 14,
  streams: 'step-functions',
  traced: {as: 'state-machine', name: 'fulfilment'},
  stories: {
    execution: {
      lines: [
        [0, 'PRINT', started],
        [
          1,
          'PRINT',
          event(17, 16, 'ExecutionSucceeded', '"output":"{\\"order\\":\\"{order}\\",\\"courier\\":\\"{courier}\\"}"'),
        ],
      ],
    },
    retried: {
      lines: [
        [0, 'PRINT', started],
        [
          0.45,
          'PRINT',
          event(14, 13, 'LambdaFunctionFailed', '"error":"CourierUnavailable","cause":"{courier} has no capacity"'),
        ],
        [
          1,
          'PRINT',
          event(21, 20, 'ExecutionSucceeded', '"output":"{\\"order\\":\\"{order}\\",\\"courier\\":\\"{courier}\\"}"'),
        ],
      ],
    },
  },
}

const sweeps: Entry = {
  name: 'slot sweep',
  schedule: {everyMinutes: 10, atMinute: 3},
  scheduledBy: 'scheduler',
  scenarios: [{name: 'swept', share: 1, start: {in: 'slot-janitor', story: 'swept', ms: [420, 1900]}}],
}

export const fulfilment: CompanyStack = {
  name: 'larder-fulfilment',
  description: 'Picking, slots, couriers',
  created: '2022-05-03',
  tags: {team: 'fulfilment', env: 'prod', 'cost-centre': '4300'},
  functions: [pickPlan, reserveSlot, bookCourier, slotJanitor],
  logGroups: [states],
  entries: [sweeps],
  resources: [
    ['Fulfilment', 'AWS::StepFunctions::StateMachine', `${machine}:stateMachine:fulfilment`],
    ['FulfilmentLogs', 'AWS::Logs::LogGroup', logGroup],
    ['SlotsTable', 'AWS::DynamoDB::Table', 'slots'],
  ],
}
