import {PassThrough} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {askYesNo} from '../../src/ask-yes-no.ts'
import {mayCost, mostSpent} from '../../src/services/cost-limit.ts'

const limits = {yes: false, maxCostUSD: null, askAboveUSD: 0.5}
const never = () => Promise.reject(new Error('nobody is to be asked'))

describe('what costs money', () => {
  test('is asked about above the threshold only', async () => {
    await mayCost(0.5, 'e', limits, never)
    await mayCost(0.51, 'e', limits, async () => true)
    await expect(mayCost(0.51, 'e', limits, async () => false)).rejects.toMatchObject({exitCode: 2})
    await expect(mayCost(0.51, 'about $0.51', limits, async () => null)).rejects.toMatchObject({
      exitCode: 2,
      message: 'that costs money: about $0.51',
    })
  })

  test('is asked about where the cost is not known', async () => {
    const unknown = 'the cost is not known: who knows'
    await mayCost(null, unknown, limits, async question => question === `${unknown}. Go on?`)
    await expect(mayCost(null, unknown, limits, async () => null)).rejects.toMatchObject({
      exitCode: 2,
      message: unknown,
      hint: expect.stringContaining('--max-cost'),
    })
    await mayCost(null, unknown, {...limits, yes: true}, never)
    await mayCost(null, unknown, {...limits, maxCostUSD: 1}, never)
  })

  test('is allowed by --yes, and by --max-cost up to what it says, which holds beside --yes too', async () => {
    await mayCost(100, 'e', {...limits, yes: true}, never)
    await mayCost(0.9, 'e', {...limits, maxCostUSD: 1}, never)
    await expect(mayCost(1.1, 'e', {...limits, maxCostUSD: 1}, never)).rejects.toMatchObject({exitCode: 2})
    await expect(mayCost(1.1, 'e', {...limits, yes: true, maxCostUSD: 1}, never)).rejects.toMatchObject({exitCode: 2})
  })

  test('may cost no more in the end than nobody was asked about, when it was estimated too low', () => {
    expect(mostSpent(limits, 0.2)).toBe(0.5)
    expect(mostSpent(limits, null)).toBe(0.5)
    expect(mostSpent(limits, 0.6)).toBe(null)
    expect(mostSpent({...limits, yes: true}, null)).toBe(null)
    expect(mostSpent({...limits, yes: true, maxCostUSD: 0.1}, 0.05)).toBe(0.1)
  })
})

describe('a question', () => {
  const asked = async (answer: string | null, signal = new AbortController().signal): Promise<boolean> => {
    const input = new PassThrough()
    const asking = askYesNo(input, new PassThrough().resume(), 'Go on?', signal)
    if (answer === null) input.end()
    else input.write(answer)
    return asking
  }

  test.each([
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['no\n', false],
    ['yellow\n', false],
    [null, false],
  ])('answered %j is %s', async (answer, expected) => {
    expect(await asked(answer)).toBe(expected)
  })

  test('ends with Ctrl-C', async () => {
    const controller = new AbortController()
    const asking = askYesNo(new PassThrough(), new PassThrough().resume(), 'Go on?', controller.signal)
    controller.abort(new Error('Ctrl-C'))
    await expect(asking).rejects.toThrow('Ctrl-C')
  })
})
