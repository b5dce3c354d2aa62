import {setTimeout} from 'node:timers/promises'
import type {Sandbox} from '../../src/sandbox/boot.ts'
import {type Aws, connect} from '../../src/services/aws/connect.ts'

/** A way to an AWS on this machine by the SDK's clients and HTTP, on this machine's own clock; `haste` times as fast where it waits. */
export const connectedTo = ({region, url}: Pick<Sandbox, 'region' | 'url'>, haste = 1): Promise<Aws> =>
  connect({
    profile: null,
    region,
    sandboxUrl: url,
    publishedQuotas: false,
    userAgent: 'slsops/test',
    clock: {now: () => Date.now(), sleep: (ms, signal) => setTimeout(ms / haste, undefined, {signal})},
    random: Math.random,
  })
