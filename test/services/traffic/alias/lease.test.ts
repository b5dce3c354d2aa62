import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  isLeaseOver,
  type Lease,
  leaseText,
  leaseUntil,
  parseLease,
} from '../../../../src/services/traffic/alias/lease.ts'
import {anyText} from '../../../any-text.ts'

const lease: Lease = {
  runId: '20261120-140711-k3f9x2ab',
  by: 'ana@example.com',
  stage: 3,
  stages: 6,
  basisPoints: 2500,
  from: '41',
  to: '42',
  until: Date.UTC(2026, 10, 20, 15, 7, 11),
}

test('a lease is one line that says who, how far and until when', () => {
  expect(leaseText({...lease, by: 'arn:aws:sts::123456789012:assumed-role/Admin/ana@example.com'})).toBe(
    'slsops:1 id=20261120-140711-k3f9x2ab by=ana@example.com step=3/6 w=0.25 41>42 until=2026-11-20T15:07:11Z',
  )
})

test.each([0, 1, 30, 2857, 9999, 10_000])('is read back as it was written, at %i basis points', basisPoints => {
  expect(parseLease(leaseText({...lease, basisPoints}))).toEqual({...lease, basisPoints})
})

describe('who holds it', () => {
  test.each([
    ['arn:aws:iam::123456789012:user/team/ben', 'ben'],
    ['arn:aws:iam::123456789012:root', 'root'],
    ['arn:aws:sts::1:assumed-role/x/ana until=2099-01-01T00:00:00Z\n', 'ana_until_2099-01-01T00_00_00Z_'],
    ['', 'somebody'],
  ])('%j is shortened to its last part', (by, expected) => {
    expect(parseLease(leaseText({...lease, by}))).toEqual({...lease, by: expected})
  })

  test('has no room for more than a description may have', () => {
    const [from, to] = ['8'.repeat(19), '9'.repeat(19)]
    const text = leaseText({...lease, by: 'x'.repeat(600), stage: 200, stages: 200, from, to})
    expect(text.length).toBeLessThanOrEqual(256)
    expect(parseLease(text)).toMatchObject({by: 'x'.repeat(64), from, to})
  })

  test('never brings anything but safe ASCII into a description', () => {
    fc.assert(
      fc.property(anyText, by => {
        const text = leaseText({...lease, by})
        expect(text).toMatch(/^[A-Za-z0-9_.@+:=>/ -]{1,256}$/)
        expect(parseLease(text)).toMatchObject({runId: lease.runId, from: '41', to: '42', until: lease.until})
      }),
    )
  })
})

describe('a description that is no lease', () => {
  const good = leaseText(lease)
  test.each([
    '',
    'what customers call',
    `${good} `,
    `${good}\n`,
    ` ${good}`,
    good.replace('slsops:1', 'slsops:2'),
    good.replace('k3f9x2ab', '../../../x'),
    good.replace('w=0.25', 'w=7'),
    good.replace('w=0.25', 'w=-1'),
    good.replace('2026-11-20', '2026-13-40'),
    good.replace('41>42', '$LATEST>42'),
    good.replace('by=ana', 'by=\u001b[31mana'),
    good.replace('by=ana', 'by=ána'),
  ])('is told apart: %j', text => {
    expect(parseLease(text)).toBeNull()
  })
})

test('a lease holds until a quarter of an hour after the last moment that evidence is waited for', () => {
  const until = leaseUntil(lease.until)
  expect(until - lease.until).toBe(15 * 60_000)
  expect([isLeaseOver({...lease, until}, until - 1), isLeaseOver({...lease, until}, until)]).toEqual([false, true])
})
