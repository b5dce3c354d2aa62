import type {World} from '../../../src/sandbox/world/world.ts'

/** A function that a client made with the code of another one. */
export function cloneOf(world: World, original: string, name: string): string {
  const fn = world.function(original)
  const version = fn?.versions[0]
  const bytes = world.functionCode(original, '$LATEST')
  if (!fn || !version || !bytes) throw new Error(`no ${original}`)
  const {memorySizeMB, timeoutSeconds, runtime, environment} = version
  const draft = {...fn, memorySizeMB, timeoutSeconds, runtime, environment}
  world.createFunction({...draft, name, logGroup: `/aws/lambda/${name}`, tags: {}, code: {kind: 'zip', bytes}})
  return name
}
