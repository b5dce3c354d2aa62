import {isGap, isKnown, type Unknown} from '../../../known.ts'
import type {Gap} from '../../receipt.ts'
import {functionGaps, gapsOf} from '../unknown-gaps.ts'
import type {CostItem, SharedLogs} from './cost-report.ts'
import {type CostComponent, costComponents} from './price-usage.ts'

/** As in "log ingestion of checkout-api". */
const componentNames: Readonly<Record<Missing['name'], string>> = {
  requests: 'calls and durations',
  compute: 'calls and durations',
  provisioned: 'provisioned concurrency',
  init: 'inits',
  ephemeralStorage: 'ephemeral storage',
  snapStart: 'SnapStart',
  logIngestion: 'log ingestion',
  logStorage: 'stored logs',
  memory: 'memory before the last change',
}
/** these follow from calls and durations, of which the gap is told */
const derivedFrom: readonly Missing['name'][] = ['requests', 'ephemeralStorage']

/** Whether all is known of a function that can be. */
export const isCovered = (item: CostItem): boolean => missing(item).length === 0

type Missing = {readonly name: CostComponent | 'logStorage' | 'memory'; readonly why: Unknown}

function missing({priced: {components}, logStorageUSD, memoryUnknown}: CostItem): readonly Missing[] {
  const core = [components.requests, components.compute].find(one => !isKnown(one))
  const ofComponents = costComponents.flatMap((name): readonly Missing[] => {
    const component = components[name]
    if (isKnown(component) || !isGap(component)) return []
    const isCore = name === 'compute' || name === 'requests'
    const follows = core !== undefined && !isKnown(core) && core.detail === component.detail && !isCore
    return follows ? [] : [{name, why: component}]
  })
  const follows =
    core !== undefined && !isKnown(core) && !isKnown(logStorageUSD) && core.detail === logStorageUSD.detail
  return [
    ...ofComponents,
    ...(isKnown(logStorageUSD) || !isGap(logStorageUSD) || follows
      ? []
      : [{name: 'logStorage', why: logStorageUSD} as const]),
    ...(memoryUnknown === null || !isGap(memoryUnknown) ? [] : [{name: 'memory', why: memoryUnknown} as const]),
  ]
}

/** Compute is made of calls, durations and prices. */
function missingOfCompute({calls, billedMsPerCall}: CostItem): string {
  if (!isKnown(calls)) return componentNames.compute
  return calls.value > 0 && billedMsPerCall === null ? 'durations' : 'prices'
}

/** What is not known of the functions and of the log groups that they share. */
export function costGaps(items: readonly CostItem[], shared: readonly SharedLogs[]): readonly Gap[] {
  const ofFunctions = items.flatMap(item => {
    const found = missing(item)
    const core = found.some(({name}) => name === 'compute')
    return found
      .filter(({name}) => !derivedFrom.includes(name) || !core)
      .map(({name, why}) => ({
        fn: item.fn,
        what: name === 'compute' ? missingOfCompute(item) : componentNames[name],
        why,
      }))
  })
  const ofShared = shared.flatMap(one =>
    isKnown(one.costUSD) ? [] : gapsOf(`bytes of ${one.logGroup}`, one, one.costUSD),
  )
  return [...functionGaps(ofFunctions), ...ofShared]
}
