const stages = ['metrics', 'functions', 'groups'] as const

/** What is counted: metrics, then functions that are asked each, then log groups that are searched for the memory used. */
export type Stage = (typeof stages)[number]

export type RegionProgress = {readonly stage: Stage; readonly done: number; readonly total: number}

/** How far an inventory is: of all its regions that are at the earliest stage that any is at. */
export type InventoryProgress = RegionProgress & {
  /** epoch ms: when that stage began */
  readonly since: number
}

/** Adds up how far the regions are; each tells it by the function that is made for it. */
export function inventoryProgress(now: () => number) {
  const regions: RegionProgress[] = []
  let stage: Stage = 'metrics'
  let since = now()
  return {
    ofRegion(): (progress: RegionProgress) => void {
      const place = regions.push({stage: 'metrics', done: 0, total: 0}) - 1
      return progress => {
        regions[place] = progress
        const earliest = stages.find(each => regions.some(region => region.stage === each)) ?? stage
        if (earliest !== stage) since = now()
        stage = earliest
      }
    },
    get current(): InventoryProgress {
      const here = regions.filter(region => region.stage === stage)
      const sum = (pick: (region: RegionProgress) => number): number =>
        here.reduce((total, region) => total + pick(region), 0)
      return {stage, done: sum(({done}) => done), total: sum(({total}) => total), since}
    },
  }
}
