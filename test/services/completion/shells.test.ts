import {describe, expect, test} from 'vitest'
import {shellLine} from '../../../src/services/completion/shells.ts'

const breaks = ' \t\n"\'><=;|&(:'
const bash = (line: string, value = '', wordBreaks = breaks) => {
  const asked = shellLine('bash', [wordBreaks, line])
  const [, reply] = asked?.answer({ending: 'done', candidates: [{value, description: 'x'}]}).split('\n') ?? []
  return {words: asked?.words, reply}
}

describe('bash', () => {
  test.each([
    ['slsops ', ['']],
    ['slsops lo', ['lo']],
    ['slsops  logs\tch', ['logs', 'ch']],
    ['slsops logs checkout-api:li', ['logs', 'checkout-api:li']],
    ['slsops logs --region=eu', ['logs', '--region=eu']],
    ["slsops logs '!ch", ['logs', '!ch']],
    ["slsops logs 'a b' ", ['logs', 'a b', '']],
    ['slsops logs "a\\"b\\c" \'d\\\' e\\ f', ['logs', 'a"b\\c', 'd\\', 'e f']],
    ["slsops logs ''", ['logs', '']],
    ['slsops logs "$(rm x)" `y`', ['logs', '$(rm x)', '`y`']],
    ['slsops logs x\\', ['logs', 'x\\']],
    ['', ['']],
  ])('%j is the words %j', (line, words) => {
    expect(bash(line).words).toEqual(words)
  })

  test.each([
    ['slsops logs ch', 'checkout-api', 'checkout-api'],
    ['slsops logs !ch', '!checkout-api', '\\!checkout-api'],
    ["slsops logs '!ch", '!checkout-api', '!checkout-api'],
    ['slsops logs /', '/a.b-c_d#e', '/a.b-c_d\\#e'],
    // readline replaces what comes after a colon or an equals sign
    ['slsops logs checkout-api:', 'checkout-api:live', 'live'],
    ['slsops logs checkout-api:', 'checkout-api:$LATEST', '\\$LATEST'],
    ['slsops logs "checkout-api:', 'checkout-api:$LATEST', 'checkout-api:\\$LATEST'],
    ["slsops logs 'checkout-api:", 'checkout-api:$LATEST', 'checkout-api:$LATEST'],
    ['slsops logs checkout-api\\:', 'checkout-api:live', 'checkout-api:live'],
    ['slsops logs --region=eu', '--region=eu-west-1', 'eu-west-1'],
    ["slsops logs --tag='e", '--tag=e v', 'e v'],
    ["slsops logs --tag 'x", "x'y", "x'\\''y"],
    ['slsops logs --tag x', 'x y;$(z)`é', 'x\\ y\\;\\$\\(z\\)\\`é'],
    ['slsops logs --tag "x', 'x"$`\\!y', 'x\\"\\$\\`\\\\!y'],
  ])('at %j, %j is put as %j', (line, value, reply) => {
    expect(bash(line, value).reply).toBe(reply)
  })

  test('whole words come back where colons break none', () => {
    expect(bash('slsops logs checkout-api:', 'checkout-api:live', ' \t\n').reply).toBe('checkout-api:live')
  })
})

test('zsh and fish quote by themselves, and show descriptions', () => {
  const candidates = {ending: 'open', candidates: [{value: 'a b', description: 'why'}]} as const
  const [zsh, fish] = [shellLine('zsh', ['logs', "it's"]), shellLine('fish', ['logs', "'a b"])]
  expect(zsh?.words).toEqual(['logs', "it's"])
  expect(fish?.words).toEqual(['logs', 'a b'])
  expect([zsh?.answer(candidates), fish?.answer(candidates)]).toEqual(['open\na b\twhy\n', 'open\na b\twhy\n'])
})

test('another shell has no answer', () => {
  expect([shellLine('tcsh', ['x']), shellLine(undefined, [])]).toEqual([null, null])
})
