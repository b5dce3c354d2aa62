import {describe, expect, it} from 'vitest'
import type {PublishedVersion} from '../../../../src/services/fleet/facts.ts'
import type {Evidence} from '../../../../src/services/fleet/unused/evidence.ts'
import {functionWaste, orphanedLogGroup, wasteUSD} from '../../../../src/services/fleet/unused/waste.ts'
import {knownPrices} from '../../../../src/services/pricing.ts'
import {fakeAccount, functionIn} from '../fake-account.ts'
import {idle, known, logGroup, now, unknown, used} from './evidences.ts'

const prices = knownPrices('us-east-1')
const image = functionIn(fakeAccount({answers: {}}), 'img-thumb', {architecture: 'x86_64', memorySizeMB: 512})
const called = used(9, now)
const live = {qualifier: 'live', requested: 10, allocated: 10, status: 'READY'}

function version(number: string, of: Partial<PublishedVersion> = {}): PublishedVersion {
  return {
    version: number,
    memorySizeMB: 512,
    codeSizeBytes: 2_000_000,
    publishedAt: null,
    snapStart: false,
    aliases: [],
    ...of,
  }
}

const listed = (...resources: string[]): Pick<Evidence, 'listed'> => ({
  listed: known({resources: new Set(resources), versions: new Set<string>()}),
})

describe('waste', () => {
  it('is none of what was called since a window that ended', () => {
    const evidence = {...idle, ...listed('img-thumb:live'), provisioned: known([live, {...live, qualifier: 'old'}])}
    expect(functionWaste(image, evidence, prices).map(({what}) => what)).toEqual(['img-thumb:old'])
  })

  it('case 31: is $54.00 a month for ten idle environments of 512 MB, with the formula', () => {
    const [waste] = functionWaste(image, {...idle, provisioned: known([live])}, prices)
    expect(waste?.monthlyUSD?.toFixed(2)).toBe('54.00')
    expect(waste).toMatchObject({
      kind: 'provisioned-concurrency',
      what: 'img-thumb:live',
      formula: '512 MB ÷ 1024 × 10 × 2592000 s × $0.0000041667 per GB-second',
      confidence: 'measured',
    })
  })

  it('case 31: of stored logs is an upper bound', () => {
    const kept = logGroup({storedBytes: 100_000_000_000, retentionInDays: null})
    const [waste] = functionWaste(image, {...idle, logGroup: known(kept)}, prices)
    expect(waste).toMatchObject({kind: 'log-retention', monthlyUSD: 3, confidence: 'upper-bound'})
    expect(orphanedLogGroup(kept, image, prices)).toMatchObject({
      kind: 'orphaned-log-group',
      functionName: null,
      monthlyUSD: 3,
      confidence: 'upper-bound',
    })
  })

  it('takes the memory of the version that is provisioned', () => {
    const versions = known([version('$LATEST'), version('7', {memorySizeMB: 1024, aliases: ['live']})])
    const [waste] = functionWaste(image, {...idle, provisioned: known([live]), versions}, prices)
    expect(waste?.monthlyUSD?.toFixed(2)).toBe('108.00')
  })

  it('has no price where the list has none, and says so', () => {
    const kept = known(logGroup({storedBytes: 1_000, retentionInDays: null}))
    const waste = functionWaste(
      image,

      {...idle, provisioned: known([live]), logGroup: kept},
      knownPrices('cn-north-1'),
    )
    expect(waste.map(({monthlyUSD, confidence}) => [monthlyUSD, confidence])).toEqual([
      [null, 'unknown-price'],
      [null, 'unknown-price'],
    ])
    expect(wasteUSD(waste)).toBe(0)
  })

  it('is no provisioned concurrency that is used, or that may be', () => {
    const of = (at: Partial<Evidence>) =>
      functionWaste(image, {...idle, ...called, provisioned: known([live]), ...at}, prices)
    expect(of(listed('img-thumb', 'img-thumb:live'))).toEqual([])
    expect(of({listed: unknown('denied')})).toEqual([])
    expect(of({usage: unknown('denied')})).toEqual([])
    expect(of(listed('img-thumb'))).toHaveLength(1)
  })

  it('is old versions that no alias leads to, at no price', () => {
    const versions = known([
      version('$LATEST'),
      version('1'),
      version('2'),
      version('3', {aliases: ['live']}),
      version('4'),
    ])
    expect(
      functionWaste(image, {...idle, ...called, versions, ...listed('img-thumb:live', 'img-thumb:4')}, prices),
    ).toEqual([
      expect.objectContaining({
        kind: 'old-versions',
        what: 'img-thumb: 2 versions',
        monthlyUSD: 0,
        bytes: 4_000_000,
        count: 2,
      }),
    ])
  })

  it('is snapshots of versions that nobody calls; those of Java are free', () => {
    const versions = known([version('1', {snapStart: true, memorySizeMB: 1024, aliases: ['live']})])
    const python = {...image, runtime: 'python3.14'}
    expect(functionWaste(python, {...idle, versions}, prices)).toMatchObject([
      {kind: 'snapstart', monthlyUSD: 3.8999232, confidence: 'upper-bound'},
    ])
    expect(functionWaste({...image, runtime: 'java25'}, {...idle, versions}, prices)).toMatchObject([
      {kind: 'snapstart', monthlyUSD: 0, confidence: 'measured'},
    ])
    // its alias is called
    expect(functionWaste(python, {...idle, ...called, versions, ...listed('img-thumb:live')}, prices)).toEqual([])
  })

  it('is nothing of an idle function alone', () => {
    expect(functionWaste(image, {...idle, logGroup: known(logGroup())}, prices)).toEqual([])
  })
})
