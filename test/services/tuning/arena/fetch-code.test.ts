import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {fetchCode, maxZipBytes} from '../../../../src/services/tuning/arena/fetch-code.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {shaOf, zip} from '../fake-lambda.ts'

async function linkTo(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/code?X-Amz-Security-Token=secret`
}

const options = {codeSha256: shaOf(zip), mayBePlain: true}

/** What it is refused with, all of it: nothing of the link may be in there. */
async function refusal(link: string, differing: Partial<typeof options> = {}): Promise<string> {
  try {
    await fetchCode(link, {...options, ...differing}, ongoing())
  } catch (error) {
    const {message, hint, cause} = error as Error & {hint: string}
    const all = `${message} ${hint} ${cause}`
    expect(all).not.toMatch(/secret|Token|127\.0\.0\.1/)
    return message
  }
  throw new Error('it was fetched')
}

describe('the code of a function', () => {
  test('is fetched into memory where its hash is right', async () => {
    const link = await linkTo((_, response) => response.end(zip))
    expect(Buffer.from(await fetchCode(link, options, ongoing()))).toEqual(zip)
  })

  test('is not used where its hash is not', async () => {
    const link = await linkTo((_, response) => response.end('other'))
    expect(await refusal(link)).toContain('not what CodeSha256 says')
  })

  test('is fetched by https only from AWS', async () => {
    const link = await linkTo((_, response) => response.end(zip))
    expect(await refusal(link, {mayBePlain: false})).toContain('no https link')
    expect(await refusal('')).toContain('no https link')
    expect(await refusal('file:///etc/passwd')).toContain('no https link')
  })

  test('is not fetched from where its link is led on to', async () => {
    const link = await linkTo((_, response) => response.writeHead(302, {location: 'http://127.0.0.1:9/'}).end())
    expect(await refusal(link)).toContain('the connection to its link failed')
  })

  test('has a link that expires', async () => {
    const link = await linkTo((_, response) => response.writeHead(403).end('<Error>secret</Error>'))
    expect(await refusal(link)).toContain('HTTP 403')
  })

  test('is read no further than 50 MB, whatever its length was said to be', async () => {
    const chunk = Buffer.alloc(4 * 2 ** 20)
    let sent = 0
    const link = await linkTo((_, response) => {
      const more = (): void => {
        sent += chunk.length
        if (response.destroyed || sent > 4 * maxZipBytes) response.end()
        else response.write(chunk, more)
      }
      more()
    })
    expect(await refusal(link)).toContain('larger than 50 MB')
    expect(sent).toBeLessThan(2 * maxZipBytes)
  })

  test('is not waited for after Ctrl-C', async () => {
    const link = await linkTo(() => {})
    const stop = new AbortController()
    const fetching = fetchCode(link, options, stop.signal)
    stop.abort(new Error('interrupted'))
    await expect(fetching).rejects.toThrow('interrupted')
  })
})
