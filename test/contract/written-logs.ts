import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {jsonLines} from '../process/run-slsops.ts'

const credentials = {accessKeyId: 'x', secretAccessKey: 'x'}

/** Logs that a test writes to a server, and nothing else is there. */
export type WrittenLogs = {
  create(logGroup: string, ...streams: readonly string[]): Promise<void>
  /** @param events epoch ms and message, in time order */
  put(logGroup: string, stream: string, events: readonly (readonly [number, string])[]): Promise<void>
  close(): void
}

export function writtenLogs(url: string, region = 'eu-west-1'): WrittenLogs {
  const client = new CloudWatchLogsClient({region, endpoint: url, credentials})
  return {
    async create(logGroupName, ...streams) {
      await client.send(new CreateLogGroupCommand({logGroupName}))
      for (const logStreamName of streams) await client.send(new CreateLogStreamCommand({logGroupName, logStreamName}))
    },
    async put(logGroupName, logStreamName, events) {
      const logEvents = events.map(([timestamp, message]) => ({timestamp, message}))
      await client.send(new PutLogEventsCommand({logGroupName, logStreamName, logEvents}))
    },
    close: () => client.destroy(),
  }
}

/** What slsops needs to reach the server. */
export const environmentOf = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
})

export const messagesIn = (stdout: string): string[] => jsonLines(stdout).map(({message}) => String(message))
export const receiptIn = (stderr: string): Record<string, unknown> | undefined => jsonLines(stderr).at(-1)
export const iso = (ms: number): string => new Date(ms).toISOString()
