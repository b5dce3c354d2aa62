import {expect, test} from 'vitest'
import {parsePolicy} from '../../../../src/services/fleet/facts/parse-policy.ts'

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:fn'
const allow = (more: object) => ({
  Sid: 'x',
  Effect: 'Allow',
  Principal: {Service: 's3.amazonaws.com'},
  Action: 'lambda:InvokeFunction',
  Resource: arn,
  ...more,
})
const parsed = (Statement: unknown, qualifier: string | null = null) =>
  parsePolicy(JSON.stringify({Version: '2012-10-17', Id: 'default', Statement}), qualifier)

test('a grant to a service names where it must come from, as AddPermission writes it', () => {
  const Condition = {
    StringEquals: {'AWS:SourceAccount': '123456789012'},
    ArnLike: {'AWS:SourceArn': 'arn:aws:s3:::photos'},
  }
  expect(parsed([allow({Condition})], 'live')).toEqual([
    {
      principal: 's3.amazonaws.com',
      sourceArn: 'arn:aws:s3:::photos',
      qualifier: 'live',
      sourceAccount: '123456789012',
    },
  ])
})

test.each([
  ['a text', '*', ['*']],
  ['an account', '123456789012', ['123456789012']],
  [
    'a list of ARNs',
    {AWS: ['arn:aws:iam::1:root', 'arn:aws:iam::2:role/r']},
    ['arn:aws:iam::1:root', 'arn:aws:iam::2:role/r'],
  ],
  ['several kinds', {AWS: '*', Service: ['a.amazonaws.com']}, ['*', 'a.amazonaws.com']],
  ['nothing', undefined, []],
  ['nonsense', [1, null, {}], []],
])('the principal may be %s', (_, Principal, principals) => {
  expect(parsed([allow({Principal})]).map(({principal}) => principal)).toEqual(principals)
})

test.each([
  ['ArnEquals', 'aws:SourceArn'],
  ['ArnLike', 'AWS:SourceArn'],
  ['StringLike', 'aws:sourcearn'],
  ['StringEqualsIfExists', 'aws:SourceArn'],
  ['ForAnyValue:ArnLike', 'AWS:SourceArn'],
])('the source is found by %s of %s', (operator, key) => {
  const grants = parsed(allow({Condition: {[operator]: {[key]: ['arn:a', 'arn:b']}}}))
  expect(grants.map(({sourceArn}) => sourceArn)).toEqual(['arn:a', 'arn:b'])
})

test('what a source must not be is no source', () => {
  expect(parsed([allow({Condition: {ArnNotLike: {'AWS:SourceArn': 'arn:a'}}})])).toMatchObject([{sourceArn: null}])
})

test.each([
  ['denies', {Effect: 'Deny'}],
  ['has no effect', {Effect: undefined}],
  ['allows to look only', {Action: ['lambda:GetFunction', 'lambda:GetPolicy']}],
  ['has no action', {Action: undefined}],
])('a statement that %s lets nobody invoke', (_, more) => {
  expect(parsed([allow(more)])).toEqual([])
})

test.each([
  'lambda:InvokeFunctionUrl',
  'lambda:*',
  '*',
  'Lambda:invokefunction',
  ['lambda:GetFunction', 'lambda:Invoke*'],
])('whoever may %s may invoke', Action => {
  expect(parsed([allow({Action})])).toHaveLength(1)
})

test.each([
  ['no statements', {}],
  ['an empty list', {Statement: []}],
  ['statements that are none', {Statement: [null, 1, 'x', []]}],
  ['conditions that are none', {Statement: [allow({Principal: [], Condition: 'x'})]}],
])('hostile policies grant nothing: %s', (_, policy) => {
  expect(parsePolicy(JSON.stringify(policy), null)).toEqual([])
})

test.each(['', 'null', '[]', '{', '"x"'])('what is no policy is said to be none: %s', text => {
  expect(() => parsePolicy(text, null)).toThrow(SyntaxError)
})

test('the replicator of Lambda@Edge is told, which gets a function to invoke it elsewhere; others that get it are not', () => {
  const gets = (Service: string) => allow({Principal: {Service}, Action: 'lambda:GetFunction'})
  expect(parsed([gets('replicator.lambda.amazonaws.com'), gets('config.amazonaws.com')], '3')).toEqual([
    {principal: 'replicator.lambda.amazonaws.com', sourceArn: null, qualifier: '3'},
  ])
})
