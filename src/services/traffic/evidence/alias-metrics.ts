import type {MetricQuery} from '../../fleet/metric-reader.ts'
import {type AliasRef, aliasName} from '../alias/alias-state.ts'

/** What of a function's invocations a metric is of. */
export type Dimensions = Readonly<Record<string, string>>

/** All of a function, however it is called. */
export const ofFunction = ({functionName}: AliasRef): Dimensions => ({FunctionName: functionName})

/** What was called by an alias: names, where one would think of ARNs. */
export const ofAlias = (ref: AliasRef): Dimensions => ({FunctionName: ref.functionName, Resource: aliasName(ref)})

/** What was called by an alias and ran on one version: it is not to be found under `Resource=fn:version`. */
export const ofVersion = (ref: AliasRef, version: string): Dimensions => ({...ofAlias(ref), ExecutedVersion: version})

/** A metric that Lambda reports of each invocation. */
export const lambdaMetric = (
  metricName: 'Invocations' | 'Errors' | 'Duration',
  statistic: string,
  dimensions: Dimensions,
  periodSeconds: number,
): MetricQuery => ({namespace: 'AWS/Lambda', metricName, dimensions, statistic, periodSeconds})
