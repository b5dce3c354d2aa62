// Prices of suppliers, a file at a time.
import type {CompanyFunction, Entry} from '../company.ts'

export const priceImport: CompanyFunction = {
  name: 'price-import',
  description: 'Imports supplier prices',
  created: '2021-12-01',
  runtime: 'python3.11',
  handler: 'prices.handler',
  architecture: 'x86_64',
  memorySizeMB: 512,
  memoryUsedMB: [190, 260],
  timeoutSeconds: 30,
  codeSizeMB: 18,
  initMs: [2100, 4900],
  logger: 'logging',
  logFormat: 'JSON',
  retentionInDays: 14,
  deadLetterQueue: 'price-files-failed',
  waitingEvents: {retries: 1, maximumAgeSeconds: 3600},
  invokedBy: [['s3.amazonaws.com', 'arn:aws:s3:::larder-supplier-prices']],
  stories: {
    imported: {
      lines: [
        [0.05, 'INFO', 'import starts', {supplier: 'SUP-{n:100-180}'}],
        [
          0.95,
          'INFO',
          'import done',
          {
            supplier: 'SUP-{n:100-180}',
            prices: '{n:20-4100}',
            barcode_first: '{shipment}',
            note: 'prix révisés – {product}',
          },
        ],
      ],
    },
    badRow: {
      lines: [
        [0.05, 'INFO', 'import starts', {supplier: 'SUP-{n:100-180}'}],
        [0.6, 'WARN', 'row left out: price is not a number', {row: '{n:2-4000}', value: '12,9O', product: '{product}'}],
        [0.95, 'INFO', 'import done', {prices: '{n:20-4100}'}],
      ],
    },
    badFile: {
      lines: [[0.05, 'INFO', 'import starts', {supplier: 'SUP-{n:100-180}'}]],
      failure: {
        type: 'UnicodeDecodeError',
        message: "'utf-8' codec can't decode byte 0x80 in position {n:7-900}: invalid start byte",
        stack: [
          'File "/var/task/prices.py", line 21, in handler\n    for row in rows(body)',
          'File "/var/task/prices.py", line 58, in rows\n    text = body.decode("utf-8")',
        ],
      },
    },
  },
}

export const imports: Entry = {
  name: 'price files',
  perDay: 130,
  asynchronous: true,
  shape: 'office',
  scenarios: [
    {name: 'imported', share: 0.86, start: {in: 'price-import', story: 'imported', ms: [1900, 8000]}},
    {name: 'bad row', share: 0.08, start: {in: 'price-import', story: 'badRow', ms: [1900, 8000]}},
    {
      name: 'bad file',
      share: 0.03,
      start: {
        in: 'price-import',
        story: 'badFile',
        ms: [90, 240],
        outcome: 'error',
        calls: [{via: 'retry', afterMs: 63_000, in: 'price-import', story: 'badFile', ms: [90, 240], outcome: 'error'}],
      },
    },
    {
      name: 'slow init',
      share: 0.03,
      start: {in: 'price-import', story: 'imported', ms: [5200, 12_000], suppressedInit: true},
    },
  ],
}
