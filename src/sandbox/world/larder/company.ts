import type {CompanyStack} from '../company.ts'
import {america, edge} from './america.ts'
import {fulfilment} from './fulfilment.ts'
import {insights} from './insights.ts'
import {media} from './media.ts'
import {orders} from './orders.ts'
import {platform} from './platform.ts'
import {shop} from './shop.ts'
import {standby} from './standby.ts'
import {stores} from './stores.ts'

/** Where almost all of the company is, its incident too. */
export const homeRegion = 'eu-west-1'

/** An online grocery with a few dozen functions, the default company: its stacks by region. */
export const larder: Readonly<Record<string, readonly CompanyStack[]>> = {
  [homeRegion]: [fulfilment, insights, media, orders, platform, shop, stores],
  'us-east-1': [edge, america],
  'eu-central-1': [standby],
}
