import {isKnown, type Known, orNull} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readEventSources} from '../../fleet/facts/event-sources.ts'
import {readGrants} from '../../fleet/facts/policy.ts'
import {readUrls} from '../../fleet/facts/urls.ts'
import type {AliasRef} from '../alias/alias-state.ts'

/** Who calls an alias, as far as that matters to a judge. */
export type Callers = {
  /** what answers a caller over HTTP, whose errors are no errors of Lambda's: `API Gateway`, `a load balancer`, `a URL` */
  readonly http: readonly string[]
  /** failures are tried again: by a queue, a stream, or Lambda's own queue */
  readonly retries: boolean
  /** why it is not known; null where it is */
  readonly unknown: string | null
}

const functionUrl = 'a function URL'

/** Who answers HTTP by a function, as resource policies name them; `*` is how a URL is opened to all. */
const httpPrincipals: ReadonlyMap<string, string> = new Map([
  ['apigateway.amazonaws.com', 'API Gateway'],
  ['elasticloadbalancing.amazonaws.com', 'a load balancer'],
  ['cloudfront.amazonaws.com', 'CloudFront'],
  ['*', functionUrl],
])

/** Who invokes it in the background, so that Lambda tries twice more. */
const asyncPrincipals =
  /^(s3|sns|events|scheduler|ses|logs|iot|config|cloudformation|codecommit|codepipeline|pipes)(\.[a-z0-9-]+)?\.amazonaws\.com$/

/** Asynchronous invocations are tried three times in all, unless the function says otherwise. */
export const tries = 3

/**
 * Who calls aliases: by the resource policy of each, since who may invoke the function may not invoke its alias by that, by the
 * region's event sources, and by the function URLs, which need no policy where only roles of the account may call them. To whom the
 * URLs are not told misses a warning only.
 * @returns by the index of the ref
 */
export async function readCallers(
  aws: Aws,
  refs: readonly AliasRef[],
  signal: AbortSignal,
): Promise<readonly Callers[]> {
  const [sources, urls, policies] = await Promise.all([
    readEventSources(aws, signal),
    Promise.all(refs.map(({functionName}) => readUrls({aws, name: functionName}, signal))),
    Promise.all(refs.map(({functionName, alias}) => readGrants({aws, name: functionName}, alias, signal))),
  ])
  signal.throwIfAborted()
  const byFunction = orNull(sources)
  return refs.map(({functionName, alias}, i) => {
    const grants = policies[i]
    const ofAlias = (byFunction?.get(functionName) ?? []).filter(({qualifier}) => qualifier === alias)
    const hasUrl = (urls[i] && isKnown(urls[i]) ? urls[i].value : []).some(({qualifier}) => qualifier === alias)
    const principals = grants && isKnown(grants) ? grants.value.map(({principal}) => principal) : []
    return {
      http: [
        ...new Set([
          ...principals.flatMap(principal => httpPrincipals.get(principal) ?? []),
          ...(hasUrl ? [functionUrl] : []),
        ]),
      ],
      retries: ofAlias.length > 0 || principals.some(principal => asyncPrincipals.test(principal)),
      unknown: [sources, ...(grants ? [grants] : [])].map(whyNot).find(why => why !== null) ?? null,
    }
  })
}

const whyNot = (known: Known<unknown>): string | null => (isKnown(known) ? null : known.detail)
