import {isKnown, type Unknown} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {inBatches} from '../../batches.ts'
import {stackTag} from '../../fleet/facts/tags.ts'
import {known} from '../../fleet/why-unknown.ts'
import {type AliasRef, aliasName} from '../alias/alias-state.ts'
import {activeDeployments, type Deployment} from '../codedeploy/deployments.ts'

/** What else moves this alias. */
export type OtherManager = {
  readonly kind: 'codedeploy' | 'cloudformation' | 'terraform'
  /** the deployment, the stack, the tag */
  readonly name: string
  readonly detail: string
  /** whether it moves it right now */
  readonly isActive: boolean
}

/** GetResources takes so many ARNs at a time */
const arnsAtATime = 100

type Tags = Readonly<Record<string, string>>

/** Tags that people give to what Terraform makes; it gives none by itself. */
const terraformTags = /^(terraform|tf[-_:]?(workspace|module)?|managed[-_ ]?by|provisioner|created[-_ ]?by|iac)$/i

/** What else manages an alias, as far as anything tells. */
export type Managed = {
  readonly managers: readonly OtherManager[]
  /** what could not be asked, and so might manage it too; null where all were */
  readonly unknown: Unknown | null
}

/** What else manages aliases: CodeDeploy (in progress), CloudFormation or Terraform by tags. @returns by the index of the ref */
export async function readManagers(
  aws: Aws,
  refs: readonly AliasRef[],
  signal: AbortSignal,
): Promise<readonly Managed[]> {
  const [deployments, tags] = await Promise.all([
    activeDeployments(aws, signal),
    known({doing: 'read tags', permission: 'tag:GetResources'}, signal, () => readTags(aws, refs, signal)),
  ])
  const unknown = isKnown(deployments) ? (isKnown(tags) ? null : tags) : deployments
  return refs.map(ref => {
    const moving = isKnown(deployments) ? deployments.value.get(aliasName(ref)) : undefined
    const byTags = isKnown(tags) ? managersByTags(tags.value.get(ref.functionArn) ?? {}) : []
    return {managers: [...(moving === undefined ? [] : [byCodeDeploy(moving)]), ...byTags], unknown}
  })
}

async function readTags(aws: Aws, refs: readonly AliasRef[], signal: AbortSignal): Promise<ReadonlyMap<string, Tags>> {
  const client = await aws.tagging()
  const {GetResourcesCommand} = sdk.tagging()
  const byArn = new Map<string, Tags>()
  const arns = [...new Set(refs.map(({functionArn}) => functionArn))]
  for (const some of inBatches(arns, arnsAtATime)) {
    const command = new GetResourcesCommand({ResourceARNList: [...some]})
    const answer = await ask(aws, 'GetResources', options => client.send(command, options), signal)
    for (const {ResourceARN = '', Tags = []} of answer.ResourceTagMappingList ?? [])
      byArn.set(ResourceARN, Object.fromEntries(Tags.map(({Key = '', Value = ''}) => [Key, Value])))
  }
  return byArn
}

const byCodeDeploy = ({deploymentId, application, group, status, from, to}: Deployment): OtherManager => ({
  kind: 'codedeploy',
  name: deploymentId,
  detail: `${status} from ${from} to ${to}, by group ${group} of ${application}`,
  isActive: true,
})

/** Who made a function, by its tags: it moves the alias with its next deploy. */
function managersByTags(tags: Tags): readonly OtherManager[] {
  const stack = tags[stackTag]
  if (stack !== undefined)
    return [
      {
        kind: 'cloudformation',
        name: stack,
        detail: `the next deploy of stack ${stack} may move the alias`,
        isActive: false,
      },
    ]
  const tag = Object.entries(tags).find(
    ([key, value]) => terraformTags.test(key) && (/terraform|opentofu/i.test(value) || /^(terraform|tf)/i.test(key)),
  )
  if (tag === undefined || /^(false|no|0)$/i.test(tag[1])) return []
  return [
    {
      kind: 'terraform',
      name: `${tag[0]}=${tag[1]}`,
      detail: 'an apply sets version, weights and description back to what it has, and ends a shift that is under way',
      isActive: false,
    },
  ]
}
