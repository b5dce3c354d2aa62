// The ways an order can go, and what each of them does to the functions behind.
import type {Call, Entry, Step} from '../company.ts'
import {http} from './http-api.ts'

const paid: Call = {via: 'sync', afterMs: 24, in: '/ecs/payments', story: 'charged', ms: [38, 150]}

const reserved: Call = {via: 'sync', afterMs: 9, in: 'inventory', story: 'reserved', ms: [6, 31]}

const courierBooked = (afterMs: number): Call => ({
  via: 'sync',
  afterMs,
  in: 'book-courier',
  story: 'booked',
  ms: [310, 1400],
})

/** The state machine of an order; how it goes is how the courier answers. */
const fulfilled = (afterMs: number, story: string, courier: readonly Call[]): Call => ({
  via: 'event',
  afterMs,
  in: '/aws/vendedlogs/states/fulfilment',
  story,
  ms: [40, 90],
  calls: [
    {via: 'sync', afterMs: 60, in: 'pick-plan', story: 'planned', ms: [90, 240]},
    {via: 'sync', afterMs: 700, in: 'reserve-slot', story: 'reserved', ms: [45, 160]},
    ...courier,
  ],
})

/** What happens to an order after it was placed; only what runs after the answer, so it may start at fixed times. */
function afterwards(delayMs: number, billing: Call, stream: Call): readonly Call[] {
  return [
    stream,
    billing,
    fulfilled(delayMs + 700, 'execution', [courierBooked(1300)]),
    {via: 'event', afterMs: delayMs + 400, in: 'receipts-mailer', story: 'sent', ms: [140, 620]},
  ]
}

const billed = (afterMs: number): Call => ({
  via: 'queue',
  afterMs,
  in: 'billing-worker',
  story: 'billed',
  ms: [150, 310],
})

const streamed = (afterMs: number): Call => ({
  via: 'queue',
  afterMs,
  in: 'orders-stream',
  story: 'projected',
  ms: [24, 110],
})

/** The stream's consumer ends badly and is handed the records again. */
const streamFailed = (failure: Pick<Call, 'story' | 'outcome'>, redeliveredAfterMs: number): Call => ({
  ...streamed(850),
  ...failure,
  calls: [{...streamed(redeliveredAfterMs), via: 'redelivery'}],
})

/** A placed order, answered as it should be. */
const placed = (...after: readonly Call[]): Step =>
  http('ordered', {in: 'checkout-api', story: 'placed', ms: [74, 205], calls: [reserved, paid, ...after]})

export const orderPlacing: Entry = {
  name: 'POST /orders',
  perDay: 6200,
  shape: 'shop',
  scenarios: [
    {
      name: 'placed',
      share: 0.94,
      shareOn: {'42': 0.27},
      start: placed(...afterwards(1400, billed(1900), streamed(850))),
    },
    {
      name: 'placed slowly',
      share: 0.004,
      shareOn: {'42': 0.41},
      start: http('ordered', {
        in: 'checkout-api',
        story: 'slow',
        ms: [1350, 2250],
        calls: [
          reserved,
          {...paid, story: 'chargedSlowly', ms: [900, 1400]},
          ...afterwards(
            4000,
            {via: 'queue', afterMs: 4600, in: 'billing-worker', story: 'billedSlowly', ms: [880, 1900]},
            streamed(3600),
          ),
        ],
      }),
    },
    {
      name: 'payment timeout',
      share: 0,
      shareOn: {'42': 0.27},
      start: http('orderFailed', {
        in: 'checkout-api',
        story: 'paymentTimeout',
        ms: [1960, 2310],
        outcome: 'error',
        calls: [
          reserved,
          {...paid, story: 'hung', ms: [1880, 1940]},
          {via: 'sync', afterMs: 1940, in: 'inventory', story: 'released', ms: [6, 18]},
          {
            via: 'queue',
            afterMs: 4200,
            in: 'billing-worker',
            story: 'unknownCharge',
            ms: [960, 1700],
            outcome: 'error',
            calls: [{via: 'redelivery', afterMs: 31_000, in: 'billing-worker', story: 'reconciled', ms: [520, 1300]}],
          },
        ],
      }),
    },
    {
      name: 'payments busy',
      share: 0.009,
      shareOn: {'42': 0},
      start: http('orderFailed', {
        in: 'checkout-api',
        story: 'paymentsBusy',
        ms: [110, 260],
        outcome: 'error',
        calls: [reserved, {via: 'sync', afterMs: 96, in: 'inventory', story: 'released', ms: [6, 18]}],
      }),
    },
    {
      name: 'out of stock',
      share: 0.032,
      start: http('orderConflict', {
        in: 'checkout-api',
        story: 'outOfStock',
        ms: [38, 120],
        calls: [{...reserved, story: 'soldOut'}],
      }),
    },
    {
      name: 'stream conflict',
      share: 0.009,
      start: placed(...afterwards(1400, billed(1900), streamFailed({story: 'conflict', outcome: 'error'}, 4000))),
    },
    {
      name: 'stream timeout',
      share: 0.003,
      start: placed(...afterwards(1400, billed(1900), streamFailed({story: 'stuck', outcome: 'timeout'}, 8000))),
    },
    {
      name: 'courier refused',
      share: 0.006,
      start: placed(
        streamed(850),
        billed(1900),
        fulfilled(2100, 'retried', [
          {via: 'sync', afterMs: 1300, in: 'book-courier', story: 'refused', ms: [600, 1500], outcome: 'error'},
          courierBooked(6000),
        ]),
      ),
    },
  ],
}

export const orderReading: Entry = {
  name: 'GET /orders',
  perDay: 25_800,
  shape: 'shop',
  scenarios: [
    {name: 'one', share: 0.78, start: http('orderRead', {in: 'checkout-api', story: 'read', ms: [16, 88]})},
    {name: 'list', share: 0.217, start: http('orderRead', {in: 'checkout-api', story: 'listed', ms: [34, 170]})},
    {
      name: 'broken',
      share: 0.003,
      start: http('orderReadFailed', {in: 'checkout-api', story: 'brokenRead', ms: [19, 60], outcome: 'error'}),
    },
  ],
}
