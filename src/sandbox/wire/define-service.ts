import {NormalizedSchema} from '@smithy/core/schema'
import type {StaticErrorSchema, StaticOperationSchema} from '@smithy/types'
import type {Constraint} from './constraints.ts'
import type {HttpBinding, Operation, Protocol, Service, ServiceNames} from './service.ts'

/** Input and output of an SDK command class, as its middleware stack declares them. */
type CommandTypes<Command> = Command extends abstract new (
  ...args: never[]
) => {
  input: infer Input extends object
  resolveMiddleware: (...args: never[]) => (...args: never[]) => Promise<{output: infer Output}>
}
  ? {input: Input; output: Omit<Output, '$metadata'>}
  : never

type OperationNames<Module> = keyof Module extends infer Name
  ? Name extends `${infer Operation}Command`
    ? Operation
    : never
  : never
type TypesOf<Module, Name extends string> = CommandTypes<Module[`${Name}Command` & keyof Module]>

/**
 * An input as a handler gets it. An SDK type says `Name: string | undefined` of a required member, which is there after the
 * check for required members, and allows several types for a blob, which is always read as bytes.
 */
type Present<T> = [Uint8Array] extends [T] ? Uint8Array | Extract<T, undefined> : PresentEach<T>
type PresentEach<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Present<Item>[]
    : T extends object
      ? {
          readonly [Key in keyof T]: Record<never, never> extends Pick<T, Key>
            ? Present<T[Key]>
            : Present<NonNullable<T[Key]>>
        }
      : T

/** Handlers of a service by operation name, each typed from the SDK package's own command. */
export type Handlers<Module, Context> = {
  readonly [Name in OperationNames<Module>]?: (
    input: Present<TypesOf<Module, Name>['input']>,
    context: Context,
  ) => TypesOf<Module, Name>['output'] | Promise<TypesOf<Module, Name>['output']>
}

type OperationConstraints<Module> = {
  readonly [Name in OperationNames<Module>]?: {readonly [Member in keyof TypesOf<Module, Name>['input']]?: Constraint}
}

export type ServiceOptions<Module> = ServiceNames & {
  readonly protocols: readonly Protocol[]
  readonly constraints?: OperationConstraints<Module>
}

/**
 * An AWS service derived from the schemas that its SDK package exports: every operation with its route, input and output
 * shape, and every modelled error. Only operations with a handler are implemented.
 *
 * State the type arguments: `defineService<typeof logs, Context>(logs, …)`; inferred, the handlers lose their types.
 */
export function defineService<Module extends object, Context>(
  module: Module,
  options: ServiceOptions<Module>,
  handlers: Handlers<Module, Context>,
): Service<Context> {
  const handlersByName = handlers as Readonly<Record<string, Operation<Context>['handle']>>
  const constraintsByName = (options.constraints ?? {}) as Readonly<Record<string, Operation['constraints']>>
  const operations = new Map<string, Operation<Context>>()
  const errors = new Map<string, NormalizedSchema>()
  for (const schema of Object.values(module)) {
    if (isErrorSchema(schema)) errors.set(schema[2], NormalizedSchema.of(schema))
    if (!isOperationSchema(schema)) continue
    const [, , name, traits, input, output] = schema
    operations.set(name, {
      name,
      http: typeof traits === 'object' && traits.http ? httpBinding(traits.http) : undefined,
      input: NormalizedSchema.of(input),
      output: NormalizedSchema.of(output),
      constraints: constraintsByName[name] ?? {},
      handle: handlersByName[name],
    })
  }
  const {signingName, iamPrefix, validationError, throttleError, protocols} = options
  return {signingName, iamPrefix, validationError, throttleError, protocols, operations, errors}
}

// The first slot of a static schema says what it describes.
const isOperationSchema = (value: unknown): value is StaticOperationSchema => Array.isArray(value) && value[0] === 9
const isErrorSchema = (value: unknown): value is StaticErrorSchema => Array.isArray(value) && value[0] === -3

function httpBinding([method, uri, status]: readonly [string, string, number]): HttpBinding {
  const [path = '', query = ''] = uri.split('?')
  const labels: string[] = []
  const expression = path
    .split('/')
    .map(part => {
      const label = /^\{(\w+)(\+?)\}$/.exec(part)
      if (!label) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      labels.push(label[1] ?? '')
      return label[2] === '+' ? '(.+)' : '([^/]+)'
    })
    .join('/')
  return {
    method,
    path: new RegExp(`^${expression.replace(/\/$/, '')}/?$`),
    labels,
    query: [...new URLSearchParams(query)],
    status,
  }
}
