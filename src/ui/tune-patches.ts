import type {Candidate} from '../services/tuning/candidate.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import {printableName} from './printable.ts'

type Tool = 'cloudformation' | 'cdk' | 'serverless' | 'terraform'

/** A change of what defines a function, as one of the tools that do has it. */
export type TunePatch = {
  readonly tool: Tool
  readonly title: string
  /** whether the function's tags say that this one manages it */
  readonly isManager: boolean
  /** lines of a diff: ` `, `-` or `+` first, printable */
  readonly lines: readonly string[]
}

type Setting = {readonly before: string; readonly after: string}

const titles: Readonly<Record<Tool, string>> = {
  cloudformation: 'SAM, CloudFormation',
  cdk: 'CDK',
  serverless: 'Serverless Framework',
  terraform: 'Terraform',
}

/** The change to a size in the words of each tool, the one that manages the function first; none where nothing changes. */
export function tunePatches({source}: Pick<TunePlan, 'source'>, to: Candidate): readonly TunePatch[] {
  const {name, tags, memorySizeMB, architecture} = source
  const isMoved = architecture !== to.architecture
  if (!isMoved && memorySizeMB === to.memorySizeMB) return []
  const settings = (memory: string, arch: (value: Candidate['architecture']) => string): readonly Setting[] => [
    ...(memorySizeMB === to.memorySizeMB
      ? []
      : [{before: `${memory}${memorySizeMB}`, after: `${memory}${to.memorySizeMB}`}]),
    ...(isMoved ? [{before: arch(architecture), after: arch(to.architecture)}] : []),
  ]
  const logicalId = identifier(tags['aws:cloudformation:logical-id'])
  const manager = managerOf(tags)
  const plainName = identifier(name) ?? 'Function'
  const patches: readonly Omit<TunePatch, 'title' | 'isManager'>[] = [
    {
      tool: 'cloudformation',
      lines: ['Resources:', `  ${logicalId ?? plainName}:`, '    Properties:']
        .map(line => ` ${line}`)
        .concat(
          diff(
            settings('MemorySize: ', value => `Architectures: [${value}]`),
            6,
          ),
        ),
    },
    {
      tool: 'cdk',
      lines: [
        ` new lambda.Function(this, '${constructId(logicalId) ?? plainName}', {`,
        ...diff(
          settings('memorySize: ', value => `architecture: lambda.Architecture.${cdkNames[value]}`),
          2,
          ',',
        ),
        ' })',
      ],
    },
    {
      tool: 'serverless',
      lines: [
        ' functions:',
        `   ${serverlessKey(logicalId) ?? plainName}:`,
        ...diff(
          settings('memorySize: ', value => `architecture: ${value}`),
          4,
        ),
      ],
    },
    {
      tool: 'terraform',
      lines: [
        ` resource "aws_lambda_function" "${plainName.replaceAll('-', '_')}" {`,
        ...diff(
          settings('memory_size = ', value => `architectures = ["${value}"]`),
          2,
        ),
        ' }',
      ],
    },
  ]
  return patches
    .map(patch => ({...patch, title: titles[patch.tool], isManager: patch.tool === manager}))
    .toSorted((a, b) => Number(b.isManager) - Number(a.isManager))
}

/** Which stack has the function, by its tags; null where none does. */
export const stackOf = ({source: {tags}}: Pick<TunePlan, 'source'>): string | null =>
  tags['aws:cloudformation:stack-name'] ?? null

/** Who would set the memory back at the next deployment: what the tags say, or null where they say nothing. */
function managerOf(tags: Readonly<Record<string, string>>): Tool | null {
  if (tags['aws:cloudformation:stack-id'] !== undefined || tags['aws:cloudformation:stack-name'] !== undefined) {
    const logicalId = tags['aws:cloudformation:logical-id'] ?? ''
    if (Object.keys(tags).some(key => /serverless/i.test(key)) || serverlessId.test(logicalId)) return 'serverless'
    return cdkId.test(logicalId) ? 'cdk' : 'cloudformation'
  }
  if (Object.entries(tags).some(([key, value]) => /terraform|opentofu/i.test(`${key} ${value}`))) return 'terraform'
  return null
}

// the framework and the CDK make logical ids of their own shape
const serverlessId = /^[A-Z]\w*LambdaFunction$/
const cdkId = /^\w+[0-9A-F]{8}$/
const cdkNames = {x86_64: 'X86_64', arm64: 'ARM_64'} as const

/** Names that are no names here could be anything in the file they are pasted into. */
const identifier = (text: string | undefined): string | null =>
  text !== undefined && /^[\w-]+$/.test(text) ? printableName(text) : null

/** `CheckoutApi` of `CheckoutApi1A2B3C4D`. */
const constructId = (logicalId: string | null): string | null =>
  logicalId !== null && cdkId.test(logicalId) ? logicalId.slice(0, -8) || null : logicalId

/** `checkoutApi` of `CheckoutApiLambdaFunction`; dashes and underscores are spelled out in logical ids. */
function serverlessKey(logicalId: string | null): string | null {
  if (logicalId === null || !serverlessId.test(logicalId)) return null
  const key = logicalId
    .replace(/LambdaFunction$/, '')
    .replaceAll('Dash', '-')
    .replaceAll('Underscore', '_')
  return key.charAt(0).toLowerCase() + key.slice(1)
}

const diff = (settings: readonly Setting[], indent: number, end = ''): readonly string[] =>
  settings.flatMap(({before, after}) => [
    `-${' '.repeat(indent)}${before}${end}`,
    `+${' '.repeat(indent)}${after}${end}`,
  ])
