/** A service's name as people say it: a queue is named by its URL, a topic by its ARN. */
export function serviceName({name}: {readonly name: string}): string {
  return (
    /^https:\/\/(?:sqs|queue)\.[^/]+\/\d+\/([^/?#]+)$/.exec(name)?.[1] ??
    /^arn:[^:]+:sns:.*:([^:]+)$/.exec(name)?.[1] ??
    name
  )
}
