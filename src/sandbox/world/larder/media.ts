// Stack larder-shop-Media-1QK8ZT0V3XW5, nested in larder-shop: pictures of articles.
import type {CompanyFunction, CompanyStack, Entry, Use} from '../company.ts'

const fetched: Use = {service: 'S3', operation: 'GetObject', resource: 'larder-uploads', at: 0.005, ms: [38, 160]}
const stored: Use = {...fetched, operation: 'PutObject', resource: 'larder-pictures', at: 0.8, times: '4', until: 0.9}

const imageResize: CompanyFunction = {
  name: 'image-resize',
  description: 'Resizes article pictures on upload',
  created: '2021-09-27',
  runtime: 'nodejs22.x',
  handler: 'resize.handler',
  architecture: 'arm64',
  memorySizeMB: 1024,
  memoryUsedMB: [240, 610],
  timeoutSeconds: 10,
  codeSizeMB: 22,
  initMs: [540, 980],
  logger: 'console',
  retentionInDays: 14,
  tracing: 'Active',
  ephemeralStorageMB: 2048,
  invokedBy: [['s3.amazonaws.com', 'arn:aws:s3:::larder-uploads']],
  // libvips takes all the threads there are, and a picture as a whole into memory
  work: {waitMs: 40, cpuMs: 655, vCPUs: 6, noise: 0.08, leastMB: 300},
  stories: {
    resized: {
      uses: [fetched, stored],
      annotations: {upload: '{upload}'},
      lines: [
        [0.02, 'INFO', 'resizing {upload}', {bytes: '{n:180000-9400000}', format: 'jpeg'}],
        [0.95, 'INFO', 'wrote 4 sizes of {upload}', {sku: '{sku}', ms: '{ms}'}],
      ],
    },
    huge: {
      uses: [fetched],
      annotations: {upload: '{upload}'},
      lines: [[0.01, 'INFO', 'resizing {upload}', {bytes: '{n:24000000-61000000}', format: 'tiff'}]],
    },
    slow: {
      uses: [fetched],
      annotations: {upload: '{upload}'},
      lines: [
        [0.01, 'INFO', 'resizing {upload}', {bytes: '{n:12000000-22000000}', format: 'heic'}],
        [0.5, 'WARN', 'decoder is slow', {upload: '{upload}'}],
      ],
    },
    corrupt: {
      uses: [fetched],
      annotations: {upload: '{upload}'},
      lines: [[0.05, 'INFO', 'resizing {upload}', {bytes: '{n:300-9000}', format: 'jpeg'}]],
      failure: {
        type: 'Error',
        message: 'Input buffer contains unsupported image format',
        stack: [
          'Sharp.toBuffer (/var/task/node_modules/sharp/lib/output.js:163:17)',
          'resize (/var/task/resize.js:40:28)',
          'Runtime.handler (/var/task/resize.js:17:11)',
        ],
      },
    },
  },
}

const imgThumbV1: CompanyFunction = {
  name: 'img-thumb-v1',
  description: 'Thumbnails, first version (replaced by image-resize)',
  created: '2019-11-14',
  runtime: 'nodejs18.x',
  handler: 'thumb.handler',
  architecture: 'x86_64',
  memorySizeMB: 512,
  memoryUsedMB: [120, 180],
  timeoutSeconds: 10,
  codeSizeMB: 11,
  initMs: [400, 800],
  logger: 'console',
  retentionInDays: null,
  provisionedConcurrency: 4,
  formerlyInvoked: true,
  olderVersions: 5,
  releases: [{version: 7, daysAgo: 700}],
  stories: {},
}

const altText: CompanyFunction = {
  name: 'alt-text',
  description: 'Describes pictures for screen readers',
  created: '2024-02-06',
  runtime: 'python3.13',
  handler: 'alt.handler',
  architecture: 'arm64',
  memorySizeMB: 512,
  memoryUsedMB: [128, 170],
  timeoutSeconds: 30,
  codeSizeMB: 3.1,
  initMs: [510, 930],
  logger: 'powertools',
  logFormat: 'JSON',
  retentionInDays: 14,
  environment: {POWERTOOLS_SERVICE_NAME: 'media'},
  stories: {
    described: {
      lines: [
        [
          0.95,
          'INFO',
          'described',
          {picture: '{upload}', sku: '{sku}', text: '{product}, {n:2-4} Stück', tokens: '{n:120-480}'},
        ],
        [0.97, 'METRIC', 'Larder/Media', {TokensUsed: '{n:120-480}'}],
      ],
    },
    refused: {
      lines: [[0.8, 'WARN', 'model is busy, kept for later', {picture: '{upload}', retry_after_s: '{n:5-40}'}]],
    },
  },
}

const uploads: Entry = {
  name: 'article pictures',
  perDay: 1500,
  asynchronous: true,
  shape: 'office',
  scenarios: [
    {
      name: 'resized',
      share: 0.963,
      start: {
        in: 'image-resize',
        story: 'resized',
        ms: [680, 2600],
        calls: [{via: 'event', afterMs: 6200, in: 'alt-text', story: 'described', ms: [1400, 4200]}],
      },
    },
    {
      name: 'resized, no text',
      share: 0.02,
      start: {
        in: 'image-resize',
        story: 'resized',
        ms: [680, 2600],
        calls: [{via: 'event', afterMs: 6200, in: 'alt-text', story: 'refused', ms: [900, 2000]}],
      },
    },
    {
      name: 'corrupt',
      share: 0.006,
      start: {
        in: 'image-resize',
        story: 'corrupt',
        ms: [40, 120],
        outcome: 'error',
        calls: [
          {
            via: 'retry',
            afterMs: 62_000,
            in: 'image-resize',
            story: 'corrupt',
            ms: [40, 120],
            outcome: 'error',
            calls: [
              {via: 'retry', afterMs: 122_000, in: 'image-resize', story: 'corrupt', ms: [40, 120], outcome: 'error'},
            ],
          },
        ],
      },
    },
    {
      name: 'slow',
      share: 0.008,
      start: {
        in: 'image-resize',
        story: 'slow',
        ms: [10_000, 10_000],
        outcome: 'timeout',
        calls: [
          {
            via: 'retry',
            afterMs: 71_000,
            in: 'image-resize',
            story: 'slow',
            ms: [10_000, 10_000],
            outcome: 'timeout',
            calls: [{via: 'retry', afterMs: 131_000, in: 'image-resize', story: 'resized', ms: [4200, 7200]}],
          },
        ],
      },
    },
    {
      name: 'huge',
      share: 0.003,
      start: {
        in: 'image-resize',
        story: 'huge',
        ms: [2900, 5200],
        outcome: 'oom',
        calls: [{via: 'retry', afterMs: 64_000, in: 'image-resize', story: 'huge', ms: [2900, 5200], outcome: 'oom'}],
      },
    },
  ],
}

export const media: CompanyStack = {
  name: 'larder-shop-Media-1QK8ZT0V3XW5',
  description: 'Pictures of articles',
  created: '2021-09-27',
  parent: 'larder-shop',
  tags: {team: 'shop', env: 'prod', 'cost-centre': '4100'},
  functions: [imageResize, imgThumbV1, altText],
  entries: [uploads],
  resources: [['Uploads', 'AWS::S3::Bucket', 'larder-uploads']],
}
