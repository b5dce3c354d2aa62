// The runtimes that a function may have.
import table from '../../../data/runtimes.json' with {type: 'json'}
import type {ServiceError} from '../../wire/service-error.ts'
import {lambdaError} from './function-name.ts'

/** ISO dates */
type Ends = {readonly createBlocked: string; readonly updateBlocked: string}

/** Those that functions can have: others of the table exist as images only, or not yet. */
const runtimes: ReadonlyMap<string, Ends> = new Map(
  Object.entries(table.runtimes).flatMap(([name, ends]) => ('updateBlocked' in ends ? [[name, ends] as const] : [])),
)

/**
 * @param what a function with a runtime that has come to its end may be changed for longer than it may be created
 * @param now epoch ms
 * @throws ServiceError InvalidParameterValueException as Lambda words it
 */
export function refuseRuntime(runtime: string, what: keyof Ends, now: number): void {
  const ends = runtimes.get(runtime)
  const isBlocked = (known: Ends) => Date.parse(known[what]) <= now
  if (ends && isBlocked(ends))
    throw invalid(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    )
  const supported = [...runtimes].filter(([, known]) => !isBlocked(known)).map(([name]) => name)
  if (!ends)
    throw invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${supported.join(', ')}] or be a valid ARN`,
    )
}

const invalid = (message: string): ServiceError => lambdaError('InvalidParameterValueException', message)
