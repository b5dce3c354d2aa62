import type {Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {tagsByFunction} from '../../targets/tagged-resources.ts'
import {sharing} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'

/** what CloudFormation puts onto whatever a stack makes */
export const stackTag = 'aws:cloudformation:stack-name'

const asked = {doing: 'read tags', permission: 'tag:GetResources'}

/** The tags of the region's functions by name: 100 functions a call. */
export function readTags(
  aws: Aws,
  signal: AbortSignal,
): Promise<Known<ReadonlyMap<string, Readonly<Record<string, string>>>>> {
  return known(asked, signal, async () => {
    const byName = new Map<string, Readonly<Record<string, string>>>()
    // those of a stack are alike but for one or two
    const alike = new Map<string, Readonly<Record<string, string>>>()
    const share = sharing()
    for await (const page of tagsByFunction(aws, signal))
      for (const {name, tags} of page) byName.set(ownCopy(name), shared(tags))
    return byName

    function shared(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
      const key = JSON.stringify(tags)
      const known = alike.get(key)
      if (known) return known
      const own = Object.fromEntries(Object.entries(tags).map(([name, value]) => [share(name), share(value)]))
      alike.set(key, own)
      return own
    }
  })
}

/** What is cut out of an ARN would keep all of it in memory. */
const ownCopy = (text: string): string => Buffer.from(text).toString()
