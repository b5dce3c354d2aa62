import type {CompanyStack} from '../company.ts'
import {fulfilment} from './fulfilment.ts'
import {insights} from './insights.ts'
import {media} from './media.ts'
import {orders} from './orders.ts'
import {platform} from './platform.ts'
import {shop} from './shop.ts'

/** An online grocery with a few dozen functions: the default company. */
export const larder: readonly CompanyStack[] = [fulfilment, insights, media, orders, platform, shop]
