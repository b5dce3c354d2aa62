// What Lambda@Edge keeps of functions of other regions.
import type {CompanyStack} from './company.ts'
import {describeFunction} from './control-plane.ts'
import {type Account, functionArn} from './log-events.ts'
import {textKey} from './random.ts'
import type {SandboxFunction} from './sandbox-function.ts'

/**
 * The replicas in a region, by name: of published versions alone, under the name of their region and their function.
 * @param seed the home region's
 */
export function describeReplicas(
  company: Readonly<Record<string, readonly CompanyStack[]>>,
  where: Account,
  seed: number,
  firstUsedAt: number,
): readonly SandboxFunction[] {
  return Object.entries(company).flatMap(([region, stacks]) =>
    stacks.flatMap(stack =>
      stack.functions
        .filter(({replicatedTo}) => replicatedTo?.includes(where.region))
        .map(definition => {
          const master = {...where, region}
          const original = describeFunction(definition, stack, textKey(region, seed), firstUsedAt, master)
          return {
            ...original,
            name: `${region}.${definition.name}`,
            masterArn: functionArn(master, definition.name, null),
            versions: original.versions.filter(({version}) => version !== '$LATEST').slice(-1),
            aliases: [],
            tags: {},
            grants: [],
            logGroup: `/aws/lambda/${region}.${definition.name}`,
          }
        }),
    ),
  )
}
