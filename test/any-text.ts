import fc from 'fast-check'

const hostile = [
  ...[
    '\u001b[2J',
    '\u001b]0;pwned\u0007',
    '\u009b31m',
    '\r',
    '\r\n',
    '\n',
    '\t',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u00a0',
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\u200c',
    '\ufeff',
    '\u2028',
    '\u2029',
    '\ud800',
    '\udc00',
    '\u{e0001}',
    '\u{e0100}',
  ],
  ...[
    'e\u0301',
    '\u0301',
    '漢字',
    'ｗ',
    '👩‍👩‍👧',
    '🇨🇭',
    '🇨',
    'नमस्ते',
    'می‌خواهم',
    '\u{1d165}',
    '\u0b9f\u0bcd',
    '가',
    '\u1100',
  ],
]
const logLike = [
  ...[
    'START RequestId: ',
    'END RequestId: ',
    'REPORT RequestId: ',
    'INIT_START ',
    'INIT_REPORT ',
    'RESTORE_REPORT ',
    'RequestId: ',
  ],
  ...[
    'EXTENSION\tName: ',
    'LAMBDA_WARNING: ',
    'XRAY TraceId: ',
    ' Task timed out after ',
    'Duration: 1.5 ms',
    'Init Duration: 1e999 ms\t',
    'Memory Size: Infinity MB\t',
    'Status: timeout',
  ],
  ...[
    '76269889-7d50-4d6d-a3f1-9b4f5322f47c',
    '2024-08-18T22:14:43.862Z',
    '2024-08-18 22:14:43',
    '10:02:03',
    'undefined',
  ],
  ...[
    '[ERROR]',
    '[INFO]',
    'WARN',
    'level=warn ',
    'time="2024-08-18T22:14:43Z" ',
    'panic: ',
    '    at f (a.js:1:2)',
    'Error: ',
  ],
  ...[
    '{"level":"ERROR"',
    '"message":',
    '"stack":["a","b"]',
    '{"errorType":"E","errorMessage":"m"',
    '"_aws":{"CloudWatchMetrics":[',
    '}',
    ']',
    '{',
    '[',
    ',',
    ':',
  ],
  ...[
    '{"time":"x","type":"platform.report","record":{',
    '"platform.initStart"',
    '"requestId":',
    '"__proto__":',
    '1.0',
    '12345678901234567890',
    '-0',
    '1e999',
    '"',
    '\\',
    ' ',
  ],
]
const records = fc
  .tuple(
    fc.constantFrom(
      '',
      '2024-08-18T22:14:43.862Z\t76269889-7d50-4d6d-a3f1-9b4f5322f47c\tERROR\t',
      'Invoke Error \t',
      'LAMBDA_WARNING: x. y\r',
    ),
    fc.dictionary(
      fc.constantFrom(
        'level',
        'message',
        'stack',
        'error',
        'cause',
        'errorType',
        'errorMessage',
        'type',
        'record',
        'requestId',
        '_aws',
        'status',
        'metrics',
        '__proto__',
        'name',
      ),
      fc.oneof(
        fc.jsonValue({maxDepth: 2}),
        fc.constantFrom('platform.report', 'ERROR', 'a\nb', '{"message":"x"}', '\u001b[31m'),
      ),
      {maxKeys: 6},
    ),
  )
  .map(([prefix, record]) => prefix + JSON.stringify(record))

/** Text as log messages are at their worst: what a terminal would obey, what looks like a line of Lambda, and anything else. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...hostile), fc.constantFrom(...logLike), fc.string({maxLength: 8})), {
      maxLength: 12,
    })
    .map(parts => parts.join('')),
  records,
  fc.string({unit: 'binary', maxLength: 60}),
  fc.string({unit: 'grapheme', maxLength: 60}),
  fc
    .tuple(fc.constantFrom(...hostile, ...logLike), fc.integer({min: 1, max: 300}))
    .map(([text, times]) => text.repeat(times)),
)
