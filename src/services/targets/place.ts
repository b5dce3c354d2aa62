import {usageError} from '../../errors.ts'

/** Where an ARN says that it lives. */
export type Place = {readonly region: string; readonly account: string}

type Placed = {readonly text: string; readonly place: Place | null}

/**
 * An ARN of another region must not silently mean the thing of the same name in this one.
 * @throws UserError (usage)
 */
export function checkRegion({text, place}: Placed, region: string): void {
  if (place && place.region !== region)
    throw usageError(`${text} is in ${place.region}, this command looks at ${region}`, `add --region ${place.region}`)
}

/**
 * Nor that of another account.
 * @param account the caller's; null where it is not known, then nothing is checked
 * @throws UserError (usage)
 */
export function checkAccount({text, place}: Placed, account: string | null): void {
  if (place && account && place.account !== account)
    throw usageError(
      `${text} belongs to account ${place.account}, these credentials to ${account}`,
      `choose a --profile of account ${place.account}`,
    )
}

/** The account an ARN names; null where it names none. */
export function accountOf(arn: string): string | null {
  return arn.split(':')[4] || null
}
