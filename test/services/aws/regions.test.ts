import {expect, test} from 'vitest'
import {checkRegionName} from '../../../src/services/aws/regions.ts'

test('regions of AWS are known, in China, GovCloud and the European sovereign cloud too', () => {
  const names = ['us-east-1', 'ap-southeast-7', 'mx-central-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1']
  expect(names.map(checkRegionName)).toEqual(names.map(() => null))
})

test.each(['mars-1', 'eu-wst-1', 'EU-WEST-1', 'aws-global', ''])('%j is none, as far as was known on a day', region => {
  expect(checkRegionName(region)).toMatch(/^no AWS region of that name was known on \d{4}-\d\d-\d\d$/)
})
