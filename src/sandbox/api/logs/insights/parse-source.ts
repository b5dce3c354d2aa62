import {unimplemented} from '../../unimplemented.ts'
import type {Cursor} from './cursor.ts'
import {QuerySyntaxError} from './syntax-error.ts'
import type {Source} from './syntax-tree.ts'

const maxPrefixes = 5
const maxAccounts = 20

/**
 * `SOURCE logGroups(namePrefix: ['a', 'b'], class: ['STANDARD'], accountIdentifiers: ['…'])`, each list once and in any order.
 * The user guide writes accountIdentifier and accountIdentifiers, class and logGroupClass.
 * @throws QuerySyntaxError for what AWS refuses, ServiceError for what is not built
 */
export function parseSource(cursor: Cursor): Source {
  const what = cursor.expectKind('word', 'string')
  if (what.kind === 'string' || /^dataSource$/i.test(what.text)) throw unimplemented(`SOURCE ${what.text}`)
  if (!/^logGroups$/i.test(what.text)) throw cursor.refuse(what)
  const source = {namePrefixes: [] as string[], accounts: [] as string[], classes: [] as string[]}
  cursor.expect('(')
  if (cursor.accept(')')) return source
  do {
    const key = cursor.expectKind('word')
    if (/^tags?$/i.test(key.text)) throw unimplemented('SOURCE logGroups by tags')
    const list = listNamed(key.text)
    if (list === undefined) throw cursor.refuse(key)
    cursor.expect(':')
    source[list].push(...parseStrings(cursor))
    const most = {namePrefixes: maxPrefixes, accounts: maxAccounts, classes: 2}[list]
    if (source[list].length > most)
      throw new QuerySyntaxError(`At most ${most} values are allowed for ${key.text}`, key)
  } while (cursor.accept(','))
  cursor.expect(')')
  return source
}

function listNamed(key: string): keyof Source | undefined {
  if (/^namePrefix(es)?$/i.test(key)) return 'namePrefixes'
  if (/^accountIdentifiers?$/i.test(key)) return 'accounts'
  return /^(class|logGroupClass)$/i.test(key) ? 'classes' : undefined
}

function parseStrings(cursor: Cursor): readonly string[] {
  if (!cursor.accept('[')) return [cursor.expectKind('string').value]
  const strings: string[] = []
  do strings.push(cursor.expectKind('string').value)
  while (cursor.accept(','))
  cursor.expect(']')
  return strings
}
