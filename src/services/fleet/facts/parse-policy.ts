import type {PolicyGrant} from '../facts.ts'

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** one text, or a list of them: IAM allows both nearly everywhere */
const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'string')

/** What CloudFront lets replicate a version that one of its distributions runs (permissions for Lambda@Edge). */
export const edgeReplicator = 'replicator.lambda.amazonaws.com'

const invokes = /^(\*|lambda:(\*|invoke.*))$/i
/** operators that say what something equals; the others exclude, or are about something else */
const equals = /^(ForAnyValue:)?(Arn|String)(Like|Equals|EqualsIgnoreCase)(IfExists)?$/i

/**
 * Who may invoke a function by its resource policy: each principal with each source it is held to. Statements that deny, and
 * those that allow something else, are left out; but the replicator of Lambda@Edge is told, which gets the function to invoke it elsewhere.
 * @throws SyntaxError where the text is no policy
 */
export function parsePolicy(text: string, qualifier: string | null): readonly PolicyGrant[] {
  const policy: unknown = JSON.parse(text)
  if (!isObject(policy)) throw new SyntaxError('the policy is no JSON object')
  const {Statement: statements} = policy
  return (Array.isArray(statements) ? statements : [statements]).flatMap(statement => {
    if (!isObject(statement) || statement['Effect'] !== 'Allow') return []
    const invoked = texts(statement['Action']).some(action => invokes.test(action))
    const sources = conditioned(statement, 'aws:sourcearn')
    const [account] = conditioned(statement, 'aws:sourceaccount')
    const principals = principalsOf(statement['Principal'])
    return principals
      .filter(principal => invoked || principal === edgeReplicator)
      .flatMap(principal =>
        (sources.length === 0 ? [null] : sources).map(sourceArn => ({
          principal,
          sourceArn,
          qualifier,
          ...(account !== undefined && {sourceAccount: account}),
        })),
      )
  })
}

/** `*`, `{"Service": "s3.amazonaws.com"}`, `{"AWS": ["arn:…", "arn:…"]}` */
const principalsOf = (principal: unknown): readonly string[] =>
  isObject(principal) ? Object.values(principal).flatMap(texts) : texts(principal)

/** What a key of the context must equal; keys are matched whatever their case, as IAM does. */
function conditioned({Condition: condition}: Json, key: string): readonly string[] {
  if (!isObject(condition)) return []
  return Object.entries(condition).flatMap(([operator, block]) => {
    if (!equals.test(operator) || !isObject(block)) return []
    return Object.entries(block).flatMap(([name, value]) => (name.toLowerCase() === key ? texts(value) : []))
  })
}
