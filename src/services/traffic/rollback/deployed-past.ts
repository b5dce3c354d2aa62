import type {Deployment} from '../codedeploy/deployments.ts'
import {laterThan, nothing, orderOf, type Past} from './past.ts'

/** What the newest of CodeDeploy's deployments tells that moved an alias. @param deployments newest first */
export function deployedPast(deployments: readonly Deployment[], current: string): Past {
  const turns = deployments.map(one => ({...one, isBack: isTakingBack(one, deployments)}))
  const known: Past = {...nothing, later: laterThan(orderOf(turns.toReversed()), current)}
  const goneBack = (left: string, at: number, detail: string): Past => ({...known, goneBack: {left, at, detail}})
  for (const {status, from, to, deploymentId, endedAt, createdAt, isBack} of turns) {
    const at = endedAt ?? createdAt ?? 0
    if (status === 'Succeeded') {
      const version = to === current ? from : to
      if (version === current) return known
      if (to === current && isBack)
        return goneBack(from, at, `deployment ${deploymentId} went back from ${from} to ${to}`)
      const detail = `deployment ${deploymentId} moved it from ${from} to ${to}`
      return known.later.includes(version)
        ? goneBack(version, at, `${detail}, and ${current} had served before ${version} did`)
        : {...known, served: {source: 'codedeploy', version, at, detail}}
    }
    if ((status === 'Stopped' || status === 'Failed') && from === current)
      return goneBack(to, at, `deployment ${deploymentId} of ${to} ended as ${status}`)
  }
  return known
}

/** A rollback of CodeDeploy's is a deployment of its own, the other way than the one before, which did not succeed. */
export function isTakingBack(deployment: Deployment, deployments: readonly Deployment[]): boolean {
  const before = deployments[deployments.indexOf(deployment) + 1]
  return (
    before !== undefined &&
    before.from === deployment.to &&
    before.to === deployment.from &&
    (before.status === 'Stopped' || before.status === 'Failed')
  )
}
