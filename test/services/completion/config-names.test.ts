import {expect, test} from 'vitest'
import {configNames} from '../../../src/services/completion/config-names.ts'

test('names come from the config file, but none that a shell or a terminal would take amiss', () => {
  const text = JSON.stringify({scopes: {prod: {}, 'a b': {}, '\u001b[2J': {}, '$(id)': {}}, queries: {slow: 'limit 1'}})
  expect(configNames(text, 'scopes')).toEqual(['prod'])
  expect(configNames(text, 'queries')).toEqual(['slow'])
})

test.each(['', '{"scopes"', 'null', '3', '{"scopes": 3}', '{"scopes": null}', '{}'])('none of %o', text => {
  expect(configNames(text, 'scopes')).toEqual([])
})
