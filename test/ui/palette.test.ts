import {expect, it} from 'vitest'
import {hues, paletteFor} from '../../src/ui/palette.ts'

it('gives a function the same hue in every run', () => {
  const {hue} = paletteFor({color: true})
  expect(hue('checkout-api', 'checkout-api')).toBe('\x1b[38;5;33mcheckout-api\x1b[39m')
  expect(paletteFor({color: true}).hue('checkout-api', 'x')).toBe(hue('checkout-api', 'x'))
})

it('spreads a fleet over all hues', () => {
  const {hue} = paletteFor({color: true})
  const used = new Set(Array.from({length: 200}, (_, i) => hue(`function-${i}`, 'x')))
  expect(used.size).toBe(hues.length)
})

it('has only hues that can be read on black and on white', () => {
  for (const hue of hues) {
    const luminance = luminanceOf(hue)
    expect((luminance + 0.05) / 0.05, `hue ${hue} on black`).toBeGreaterThan(3.5)
    expect(1.05 / (luminance + 0.05), `hue ${hue} on white`).toBeGreaterThan(3.5)
  }
})

it('adds nothing without colour', () => {
  const {tone, hue, highlight} = paletteFor({color: false})
  expect([tone('bad', 'x'), hue('x', 'x'), highlight('dim', 'x')]).toEqual(['x', 'x', 'x'])
})

/** WCAG's relative luminance of a colour of xterm's 6 × 6 × 6 cube. */
function luminanceOf(code: number): number {
  const steps = [0, 95, 135, 175, 215, 255]
  const [r = 0, g = 0, b = 0] = [Math.floor((code - 16) / 36), Math.floor((code - 16) / 6) % 6, (code - 16) % 6].map(
    i => {
      const share = (steps[i] ?? 0) / 255
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    },
  )
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
