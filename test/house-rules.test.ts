import {globSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'

const ui = new URL('../src/ui/', import.meta.url)
const files = globSync('**/*.{ts,tsx}', {cwd: ui}).sort()

/** The modules of services of which a text takes more than types: by import, export from, or import(). */
function servicesUsed(text: string): readonly string[] {
  const code = text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const named = [...code.matchAll(/^(?:import|export)\s+(?:([^'"`;]*?)\s*from\s*)?['"]([^'"]+)['"]/gm)]
  // `typeof import()` is a type
  const called = [...code.matchAll(/(?<!typeof\s+)\bimport\(\s*['"`]([^'"`]+)['"`]/g)]
  return [
    ...named.filter(([, clause = '']) => !isOfTypes(clause)).map(([, , path = '']) => path),
    ...called.map(([, path = '']) => path),
  ].filter(path => /(?:^|\/)services\//.test(path))
}

function isOfTypes(clause: string): boolean {
  if (/^type\s+[{*\w]/.test(clause) && !/^type\s*,/.test(clause)) return true
  const [, list] = /^\{([^}]*)\}$/.exec(clause) ?? []
  const names = (list ?? '').split(',').flatMap(name => name.trim() || [])
  return names.length > 0 && names.every(name => name.startsWith('type '))
}

const breaking = files.filter(file => servicesUsed(readFileSync(new URL(file, ui), 'utf8')).length > 0)

describe('the ui draws data', () => {
  test('and imports of services only types', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(breaking).toEqual([])
  })
})

describe('an import of a value is told from one of types', () => {
  test.each([
    "import {a} from '../services/a.ts'",
    "import {type A, a} from '../services/a.ts'",
    "import {\n  type A,\n  a,\n} from '../services/a.ts'",
    "import a from '../services/a.ts'",
    "import * as a from '../../services/a.ts'",
    "import '../services/a.ts'",
    "import {} from '../services/a.ts'",
    "export {a} from '../services/a.ts'",
    "export * from '../services/a.ts'",
    "import {b} from './b.ts'\nimport {a} from '../services/a.ts'",
    "const {a} = await import('../services/a.ts')",
  ])('a value: %s', text => {
    expect(servicesUsed(text)).toHaveLength(1)
  })

  test.each([
    "import type {A} from '../services/a.ts'",
    "import type A from '../services/a.ts'",
    "import type * as A from '../services/a.ts'",
    "import {type A, type B} from '../services/a.ts'",
    "import {\n  type A,\n  type B,\n} from '../services/a.ts'",
    "export type {A} from '../services/a.ts'",
    "type A = typeof import('../services/a.ts')",
    "import {b} from './b.ts'\nimport type {A} from '../services/a.ts'",
    "import {readFile} from 'node:fs'",
    "// import {a} from '../services/a.ts'",
    "/**\nimport {a} from '../services/a.ts'\n*/",
  ])('types: %s', text => {
    expect(servicesUsed(text)).toEqual([])
  })
})
