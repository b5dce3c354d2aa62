import {describe, expect, test} from 'vitest'
import {hasTerminal, type Running, startOnTerminal} from './run-slsops.ts'

// with colours, words are apart
const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z', NO_COLOR: '1'}
const failedOrder = '1-6b005320-1d1e9504609a52ab2e8537c0'

async function viewed(): Promise<Running> {
  const view = startOnTerminal(['trace', failedOrder, '--interactive'], sandbox)
  await view.seen('q quit')
  return view
}

/** The last thing that a terminal was told of its alternate screen and of its cursor. */
const lastTold = (output: string, modes: string): string | undefined =>
  output.match(new RegExp(`\u001b\\[\\?${modes}[hl]`, 'g'))?.at(-1)

describe.skipIf(!hasTerminal)('slsops trace --interactive on a terminal', () => {
  test.each([
    ['q', 0],
    ['\u0003', 130],
  ])('shows the tree, and gives the terminal back when %j ends it', async (pressed, code) => {
    const view = await viewed()
    expect(view.stdout()).toContain(failedOrder)
    expect(view.stdout()).toContain('checkout-api:42')
    expect(lastTold(view.stdout(), '1049')).toBe('\u001b[?1049h')
    view.child.stdin.write(pressed)
    const ended = await view.ended
    expect(ended.code).toBe(code)
    expect(lastTold(ended.stdout, '1049')).toBe('\u001b[?1049l')
    expect(lastTold(ended.stdout, '25')).toBe('\u001b[?25h')
  })

  test('finds what is typed in one go, and goes along a link and back', async () => {
    const view = await viewed()
    view.child.stdin.write('/orders-billing\r')
    await view.seen('▸   └ SendMessage orders-billing')
    view.child.stdin.write('t')
    await view.seen('billing-worker:25 ✗ · 973 ms')
    view.child.stdin.write('bq')
    expect((await view.ended).code).toBe(0)
  })
})
