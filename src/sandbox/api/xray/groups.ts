import type {GroupSummary} from '@aws-sdk/client-xray'
import {arnOf, type Context} from '../context.ts'

/** The one group that every account has: all of its traces. */
export const defaultGroup = (context: Context): GroupSummary & {GroupName: string; GroupARN: string} => ({
  GroupName: 'Default',
  GroupARN: arnOf('xray', context, 'group/Default'),
  InsightsConfiguration: {InsightsEnabled: false, NotificationsEnabled: false},
})
