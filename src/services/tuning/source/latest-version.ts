import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {readConfiguration} from '../../targets/read-functions.ts'
import {explained} from '../../targets/refusal.ts'
import {hasSameContent} from './same-content.ts'
import type {SourceFunction} from './source-function.ts'
import {refuseState} from './untunable.ts'

/**
 * Versions are published from `$LATEST`: another version cannot be tuned by them unless it is the same but for its memory.
 * @throws UserError where it is not, or `$LATEST` cannot be changed now; a refusal (exit 4)
 */
export async function refuseOtherLatest(
  aws: Aws,
  {name, version, configuration}: SourceFunction,
  signal: AbortSignal,
): Promise<void> {
  if (version === '$LATEST') return
  const latest = await readConfiguration(aws, name, null, signal).catch(error => {
    throw explained(error, {
      doing: `look at $LATEST of ${name}`,
      permission: 'lambda:GetFunctionConfiguration',
      instead: 'use --mode shadow',
    })
  })
  if (!latest) return
  refuseState(`$LATEST of ${name}`, latest)
  // a version may be described otherwise than what it was published from
  if (hasSameContent({...configuration, Description: latest.Description}, latest)) return
  throw new UserError(`$LATEST of ${name} is not what version ${version} is: its code or settings are others`, {
    code: 'OtherLatest',
    hint: '--mode versions publishes $LATEST: use --mode shadow, which copies the version, or tune the function unqualified',
  })
}
