import {describe, expect, onTestFinished, test} from 'vitest'
import {connectFrom} from '../../src/flags/connect.ts'

async function noticesOf(region: readonly string[] | undefined, own = 'eu-west-1'): Promise<readonly string[]> {
  const {notices} = await connectFrom(
    {region},
    {
      bootSandbox: async () => ({url: 'http://127.0.0.1:9', region: own}),
      userAgent: 'test',
      clock: {now: () => 0, sleep: async () => {}},
      random: () => 0,
      onConnect: aws => onTestFinished(() => aws.close()),
    },
    new AbortController().signal,
  )
  return notices.filter(notice => !notice.startsWith('sandbox: '))
}

describe('a region that is not known', () => {
  test('is told of by its name, each once, and read all the same', async () => {
    expect(await noticesOf(['eu-west-1', 'nope-1', 'nope-2', 'nope-1'])).toEqual([
      expect.stringMatching(/^nope-1: no AWS region of that name was known on \d{4}-/),
      expect.stringMatching(/^nope-2: no AWS region/),
    ])
    expect(await noticesOf(undefined, 'mars-1')).toEqual([expect.stringMatching(/^mars-1: no AWS region/)])
  })

  test('is none of those that are', async () => {
    expect(await noticesOf(['eu-west-1', 'us-gov-west-1'])).toEqual([])
    expect(await noticesOf(undefined)).toEqual([])
  })
})
