// What there is to say of a log group of the company's.
import type {CompanyFunction, CompanyStack} from './company.ts'
import {createdAt} from './published-versions.ts'
import {draw, mix, textKey} from './random.ts'
import type {SandboxLogGroup} from './world.ts'

export type Described = Pick<CompanyFunction, 'created' | 'retentionInDays' | 'logGroupClass' | 'storedBytes'>

export function describeGroup(
  name: string,
  of: Described,
  stack: CompanyStack | null,
  seed: number,
  firstUsedAt: number,
): SandboxLogGroup {
  const key = textKey(name, seed)
  const retentionInDays = of.retentionInDays ?? null
  return {
    name,
    class: of.logGroupClass ?? 'STANDARD',
    createdAt: createdAt(of, firstUsedAt) + Math.floor(3_600_000 * draw(mix(key, 91))),
    retentionInDays,
    // between 2 and 300 MB for each day that is kept
    storedBytes: of.storedBytes ?? Math.floor((2e6 + 3e8 * draw(mix(key, 92)) ** 4) * (retentionInDays ?? 420)),
    tags: stack?.tags ?? {},
  }
}
