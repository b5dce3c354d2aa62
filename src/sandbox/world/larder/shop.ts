// Stack larder-shop: what customers talk to.
import type {CompanyStack} from '../company.ts'
import {cartApi, cartRequests, pricing} from './carts.ts'
import {catalogApi, catalogRequests, search, searchRequests} from './catalogue.ts'
import {checkoutApi, inventory} from './checkout.ts'
import {accessGroup} from './http-api.ts'
import {orderPlacing, orderReading} from './order-entries.ts'

export const shop: CompanyStack = {
  name: 'larder-shop',
  description: 'The shop: HTTP API, checkout, carts, catalogue, search',
  created: '2021-03-09',
  tags: {team: 'shop', env: 'prod', 'cost-centre': '4100'},
  functions: [checkoutApi, inventory, cartApi, pricing, catalogApi, search],
  logGroups: [accessGroup],
  entries: [orderPlacing, orderReading, cartRequests, catalogRequests, searchRequests],
  resources: [
    ['HttpApi', 'AWS::ApiGatewayV2::Api', 'k3v9x1q7ta'],
    ['OrdersTable', 'AWS::DynamoDB::Table', 'orders'],
    ['StockTable', 'AWS::DynamoDB::Table', 'stock'],
    ['CartsTable', 'AWS::DynamoDB::Table', 'carts'],
  ],
}
