import {writeSync} from 'node:fs'
import {Agent, request} from 'node:http'
import {parseArgs} from 'node:util'

/**
 * The floor: the same pages over plain keep-alive HTTP, each parsed, and each event made into a line of JSON for the
 * same sink. No order between groups, no meaning, no quota. With --drain the pages are only received: what the server can give.
 */
const {values} = parseArgs({
  options: {
    port: {type: 'string', default: ''},
    groups: {type: 'string', default: ''},
    start: {type: 'string', default: ''},
    end: {type: 'string', default: ''},
    concurrency: {type: 'string', default: '24'},
    drain: {type: 'boolean', default: false},
  },
})

type Page = {readonly events: readonly object[]; readonly nextToken?: string}

const agent = new Agent({keepAlive: true, maxSockets: Number(values.concurrency)})
const tokenBefore = Buffer.from('"nextToken":"')
const groups = values.groups.split(',')
let events = 0
let pages = 0

async function readGroup(logGroupName: string): Promise<void> {
  let nextToken: string | undefined
  do {
    const body = JSON.stringify({logGroupName, startTime: Number(values.start), endTime: Number(values.end), nextToken})
    const bytes = await post(body)
    pages++
    if (values.drain) {
      const at = bytes.indexOf(tokenBefore)
      nextToken =
        at < 0
          ? undefined
          : bytes.toString('latin1', at + tokenBefore.length, bytes.indexOf('"', at + tokenBefore.length))
    } else {
      const page = JSON.parse(bytes.toString()) as Page
      nextToken = page.nextToken
      events += page.events.length
      let lines = ''
      for (const event of page.events) lines += `${JSON.stringify(event)}\n`
      writeSync(1, lines)
    }
  } while (nextToken)
}

function post(body: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents'}
    const outgoing = request({agent, port: values.port, host: '127.0.0.1', method: 'POST', headers}, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk as Buffer))
      response.on('end', () => resolve(Buffer.concat(chunks)))
      response.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const waiting = groups.values()
await Promise.all(
  Array.from({length: Number(values.concurrency)}, async () => {
    for (const group of waiting) await readGroup(group)
  }),
)
agent.destroy()
console.error(JSON.stringify({events, pages}))
