// The alarms of the company.
import type {AlarmDefinition, CompositeDefinition} from './alarm.ts'

type Watched = Pick<AlarmDefinition, 'name' | 'description' | 'metricName' | 'dimensions' | 'threshold'> &
  Partial<AlarmDefinition>

const alarmOf = (watched: Watched): AlarmDefinition => ({
  namespace: 'AWS/Lambda',
  statistic: 'Sum',
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: watched.evaluationPeriods ?? 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  treatMissingData: 'notBreaching',
  ...watched,
})

/** What is called by alias has its metrics by alias too. */
const live = (FunctionName: string) => ({FunctionName, Resource: `${FunctionName}:live`})

export const larderAlarms: readonly AlarmDefinition[] = [
  {
    name: 'checkout-api-errors',
    description: 'checkout-api throws: customers cannot order',
    dimensions: {FunctionName: 'checkout-api'},
    metricName: 'Errors',
    periodSeconds: 600,
    threshold: 4,
  },
  {
    name: 'checkout-api-live-errors',
    description: 'What alias live of checkout-api serves throws',
    dimensions: live('checkout-api'),
    metricName: 'Errors',
    periodSeconds: 300,
    threshold: 3,
  },
  {
    name: 'image-resize-errors',
    description: 'Pictures are not resized',
    dimensions: {FunctionName: 'image-resize'},
    metricName: 'Errors',
    periodSeconds: 900,
    threshold: 12,
  },
  {
    name: 'clickstream-ingest-silent',
    description: 'No click events arrive',
    dimensions: {FunctionName: 'clickstream-ingest'},
    metricName: 'Invocations',
    periodSeconds: 900,
    threshold: 1,
    comparisonOperator: 'LessThanThreshold' as const,
    treatMissingData: 'breaching' as const,
  },
  {
    name: 'gift-cards-preview-errors',
    description: 'The preview of gift cards throws',
    dimensions: {FunctionName: 'gift-cards-preview'},
    metricName: 'Errors',
    periodSeconds: 300,
    threshold: 1,
    treatMissingData: 'missing' as const,
  },
  {
    name: 'stock-sync-live-errors',
    description: 'What alias live of stock-sync serves throws every time',
    dimensions: live('stock-sync'),
    metricName: 'Errors',
    periodSeconds: 900,
    threshold: 3,
  },
  {
    name: 'search-live-errors',
    description: 'What alias live of search serves throws',
    dimensions: live('search'),
    metricName: 'Errors',
    periodSeconds: 300,
    threshold: 10,
  },
].map(alarmOf)

export const larderComposites: readonly CompositeDefinition[] = [
  {
    name: 'customers-affected',
    description: 'Somebody cannot buy',
    anyOf: ['checkout-api-errors', 'image-resize-errors'],
  },
  {
    name: 'catalogue-affected',
    description: 'Articles cannot be found',
    anyOf: ['search-live-errors', 'clickstream-ingest-silent'],
  },
]
