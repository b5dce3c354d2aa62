import * as logs from '@aws-sdk/client-cloudwatch-logs'
import {NormalizedSchema} from '@smithy/core/schema'
import {expect, test} from 'vitest'
import {validationMessage, violations} from '../../../src/sandbox/wire/constraints.ts'

const putLogEvents = NormalizedSchema.of(logs.PutLogEvents$).isUnitSchema()
  ? undefined
  : NormalizedSchema.of(logs.PutLogEvents$[4])

const check = (input: Record<string, unknown>, constraints = {}) =>
  putLogEvents && violations(putLogEvents, constraints, input)

test('what is required and absent is named by its path, items counted from one', () => {
  expect(check({logGroupName: 'g', logEvents: [{timestamp: 1, message: 'm'}, {timestamp: 2}]})).toEqual([
    "Value null at 'logStreamName' failed to satisfy constraint: Member must not be null",
    "Value null at 'logEvents.2.member.message' failed to satisfy constraint: Member must not be null",
  ])
})

test('each broken rule is a sentence of its own', () => {
  const input = {logGroupName: 'a b', logStreamName: '', logEvents: []}
  const constraints = {
    logGroupName: {pattern: /[a-z]|[a-z]{2}/, maxLength: 2},
    logStreamName: {minLength: 1},
    logEvents: {minLength: 1},
    sequenceToken: {minLength: 1},
  }
  expect(check(input, constraints)).toEqual([
    "Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must have length less than or equal to 2",
    "Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]|[a-z]{2}",
    "Value '' at 'logStreamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    "Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ])
})

test('a pattern holds for the whole value, whichever alternative matches', () => {
  const input = {logGroupName: 'ab', logStreamName: 's', logEvents: []}
  expect(check(input, {logGroupName: {pattern: /[a-z]|[a-z]{2}/}})).toEqual([])
})

test('one violation is an error, two are errors', () => {
  expect(validationMessage(['a'])).toBe('1 validation error detected: a')
  expect(validationMessage(['a', 'b'])).toBe('2 validation errors detected: a; b')
})
