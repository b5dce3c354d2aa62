import {describe, expect, test} from 'vitest'
import {errorsJson} from '../../src/ui/errors-json.ts'
import {errorsMarkdown} from '../../src/ui/errors-markdown.ts'
import {aCluster, aFewKinds, aReport} from './errors.ts'

describe('a report that is kept', () => {
  test('as JSON holds every kind, or as many as were asked for; on one line while watching', () => {
    const clusters = (text: string): number => (JSON.parse(text) as {clusters: unknown[]}).clusters.length
    expect(clusters(errorsJson(aReport(aFewKinds), null))).toBe(3)
    expect(clusters(errorsJson(aReport(aFewKinds), 2))).toBe(2)
    expect(errorsJson(aReport(aFewKinds), null, 'line').match(/\n/g)).toHaveLength(1)
  })

  test('as Markdown is a table, then a sample of each', () => {
    expect(errorsMarkdown(aReport(aFewKinds.slice(0, 1)), null)).toMatchInlineSnapshot(`
      "# Errors

      2026-11-20T13:48:00.000Z to 2026-11-20T14:03:00.000Z, compared with 2026-11-19T13:48:00.000Z to 2026-11-20T13:48:00.000Z: 1 kind in 412 errors of 31 log groups.

      | trend | count | rate | before | where | error |
      |---|---:|---:|---:|---|---|
      | new | 412 | 27/min | 0/min | checkout-api | PaymentTimeout: upstream did not answer in &lt;n> ms |

      ## PaymentTimeout: upstream did not answer in &lt;n> ms

      a1b2c3d4e5f6, first seen 2026-11-20T13:58:07.000Z, last seen 2026-11-20T14:03:00.000Z, request \`1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1\`, trace \`1-6b005320-1d1e9504609a52ab2e8537c0\`

      \`\`\`
      2026-11-20T14:02:00.000Z	1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1	ERROR	Invoke Error 	{"errorType":"PaymentTimeout"}
      \`\`\`
      "
    `)
  })

  test('T35 as Markdown shows hostile text as it is', () => {
    const evil = aCluster(['x'], {title: 'a | b <img src=x> [c](javascript:d) \u001b[2J `e`'})
    const sample = {...evil.sample, message: 'one\n```\n<script>\n````\u001b[2J\n'}
    const text = errorsMarkdown(aReport([{...evil, sample}]), null)
    expect(text).toContain('a \\| b &lt;img src=x>')
    expect(text).toContain('\\[c\\]\\(javascript:d\\)')
    expect(text).toContain('`````\none\n```\n<script>\n````^[[2J\n`````')
    expect(text).not.toContain('\u001b')
  })
})
