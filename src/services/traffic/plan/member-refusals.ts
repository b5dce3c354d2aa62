import {UserError} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import {aliasName} from '../alias/alias-state.ts'
import type {Member} from './shift-plan.ts'

/** What AWS told of a member that keeps it from being shifted now. */
export function whyNotNow(member: Member, {force}: {readonly force: boolean}): readonly UserError[] {
  const {functionName, managers, provisioned, traffic} = member
  const name = aliasName(member)
  const active = managers.find(manager => manager.isActive)
  if (active !== undefined)
    return [
      new UserError(
        `${name} is being moved by ${active.kind === 'codedeploy' ? `CodeDeploy, deployment ${active.name}` : active.name}: ${active.detail}`,
        {
          code: 'MovedByOther',
          hint: `wait for it, or stop it: slsops rollback ${name}`,
        },
      ),
    ]
  if (provisioned !== null && !provisioned.isReady)
    return [
      new UserError(`the provisioned concurrency of ${name} (${provisioned.count}) is not ready`, {
        code: 'NotReady',
        hint: 'wait until it is allocated: slsops releases shows it',
      }),
    ]
  if (isKnown(traffic) && traffic.value.aliasShare === 0 && !force)
    return [
      new UserError(`nobody calls ${name}: for a day all invocations of ${functionName} went past it`, {
        code: 'NobodyCalls',
        hint: `shifting it changes nothing; see what calls it: slsops logs ${functionName}; --force shifts it all the same`,
      }),
    ]
  return []
}

type Settled<T> = {readonly value: T} | {readonly error: UserError}

/** What it resolves to, or the UserError that it rejects with: of several members all are looked at. */
export async function unlessUserError<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return {value: await work}
  } catch (error) {
    if (error instanceof UserError) return {error}
    throw error
  }
}

const shownErrors = 4

/** @throws UserError, the first of them as it is, or with what the others say */
export function throwFirst(errors: readonly UserError[]): void {
  const [first, ...others] = errors
  if (first === undefined) return
  if (others.length === 0) throw first
  const rest = others.length + 1 - shownErrors
  const told = errors.slice(0, shownErrors).map(({message}) => message)
  const {code, hint, exitCode} = first
  throw new UserError([...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; '), {
    code,
    exitCode,
    ...(hint !== undefined && {hint}),
    cause: first,
  })
}
