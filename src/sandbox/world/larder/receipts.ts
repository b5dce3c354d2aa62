// Receipts by mail: after an order, and again when a customer asks.
import type {CompanyFunction, Entry, Use} from '../company.ts'

const template: Use = {service: 'S3', operation: 'GetObject', resource: 'larder-templates', at: 0.1, ms: [21, 80]}

export const receiptsMailer: CompanyFunction = {
  name: 'receipts-mailer',
  description: 'Sends the receipt of an order',
  created: '2021-08-19',
  runtime: 'python3.12',
  handler: 'mailer.handler',
  architecture: 'arm64',
  memorySizeMB: 256,
  memoryUsedMB: [74, 92],
  timeoutSeconds: 15,
  codeSizeMB: 0.9,
  initMs: [331, 610],
  logger: 'powertools',
  retentionInDays: 14,
  tracing: 'Active',
  deadLetterQueue: 'receipts-dlq',
  environment: {POWERTOOLS_SERVICE_NAME: 'receipts'},
  work: {waitMs: 60, cpuMs: 20.5, noise: 0.1},
  stories: {
    sent: {
      uses: [
        template,
        {service: 'SES', operation: 'SendEmail', resource: 'receipts@larder.example', at: 0.45, ms: [60, 290]},
      ],
      annotations: {order: '{order}'},
      lines: [
        [
          0.9,
          'INFO',
          'receipt sent',
          {order_id: '{order}', to: '{email}', total: '{amount}', first_product: '{product}'},
        ],
      ],
    },
    throttled: {
      uses: [
        template,
        {
          service: 'SES',
          operation: 'SendEmail',
          resource: 'receipts@larder.example',
          at: 0.4,
          ms: [30, 90],
          status: 429,
          throws: {type: 'TooManyRequestsException', message: 'Maximum sending rate exceeded.'},
        },
      ],
      annotations: {order: '{order}'},
      lines: [[0.6, 'ERROR', 'mail service is throttling', {to: '{email}', rate: '{n:12-15}'}]],
      failure: {
        type: 'TooManyRequestsException',
        message:
          'An error occurred (TooManyRequestsException) when calling the SendEmail operation: Maximum sending rate exceeded.',
        stack: [
          'File "/var/task/mailer.py", line 47, in handler\n    ses.send_email(**receipt(order))',
          'File "/var/lang/lib/python3.12/site-packages/botocore/client.py", line 569, in _api_call\n    return self._make_api_call(operation_name, kwargs)',
        ],
      },
    },
  },
}

export const receipts: Entry = {
  name: 'receipts sent again',
  perDay: 240,
  asynchronous: true,
  shape: 'office',
  scenarios: [
    {name: 'sent', share: 0.93, start: {in: 'receipts-mailer', story: 'sent', ms: [140, 620]}},
    {
      name: 'throttled once',
      share: 0.05,
      start: {
        in: 'receipts-mailer',
        story: 'throttled',
        ms: [210, 480],
        outcome: 'error',
        calls: [{via: 'retry', afterMs: 61_000, in: 'receipts-mailer', story: 'sent', ms: [140, 620]}],
      },
    },
    {
      name: 'throttled twice',
      share: 0.02,
      start: {
        in: 'receipts-mailer',
        story: 'throttled',
        ms: [210, 480],
        outcome: 'error',
        calls: [
          {
            via: 'retry',
            afterMs: 61_000,
            in: 'receipts-mailer',
            story: 'throttled',
            ms: [210, 480],
            outcome: 'error',
            calls: [{via: 'retry', afterMs: 121_000, in: 'receipts-mailer', story: 'sent', ms: [140, 620]}],
          },
        ],
      },
    },
  ],
}
