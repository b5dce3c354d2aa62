import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import type {SandboxFunction} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {codeLocation} from './code-location.ts'
import {fullConfiguration, listedConfiguration} from './function-configuration.ts'
import {lambdaError, resolveFunction} from './function-name.ts'
import {lambdaPage} from './pages.ts'

/** Functions with their versions. */
export const functions: Handlers<typeof lambdaSdk, Context> = {
  ListFunctions: (input, context) => {
    const isAll = input.FunctionVersion === 'ALL'
    if (input.MasterRegion !== undefined && !isAll)
      throw lambdaError('InvalidParameterValueException', 'FunctionVersion must be ALL when MasterRegion is specified.')
    const all = listed(context, input.MasterRegion)
    if (isAll) {
      const versions = all.flatMap(fn => fn.versions.map(version => ({fn, version})))
      const page = lambdaPage(versions, ({fn, version}) => `${fn.name}:${version.version}`, input)
      return {
        Functions: page.items.map(({fn, version}) => listedConfiguration(context, fn, version, version.version)),
        NextMarker: page.next,
      }
    }
    const page = lambdaPage(all, ({name}) => name, input)
    return {
      Functions: page.items.flatMap(fn =>
        fn.versions.slice(0, 1).map(version => listedConfiguration(context, fn, version, undefined)),
      ),
      NextMarker: page.next,
    }
  },

  GetFunction: (input, context) => {
    const {fn, version, qualifier} = resolveFunction(context, input.FunctionName, input.Qualifier)
    return {
      Configuration: fullConfiguration(context, fn, version, qualifier),
      Code: codeLocation(context, fn, version),
      ...(Object.keys(fn.tags).length > 0 && {Tags: {...fn.tags}}),
      ...(fn.reservedConcurrency !== null && {Concurrency: {ReservedConcurrentExecutions: fn.reservedConcurrency}}),
    }
  },

  GetFunctionConfiguration: (input, context) => {
    const {fn, version, qualifier} = resolveFunction(context, input.FunctionName, input.Qualifier)
    return fullConfiguration(context, fn, version, qualifier)
  },

  ListVersionsByFunction: (input, context) => {
    const {fn} = resolveFunction(context, input.FunctionName)
    const page = lambdaPage(fn.versions, each => each.version, input)
    return {
      Versions: page.items.map(version => listedConfiguration(context, fn, version, version.version)),
      NextMarker: page.next,
    }
  },
}

/** Without a master region a list leaves out the replicas of Lambda@Edge; with one it has those alone; ALL has both. */
function listed({world}: Context, masterRegion: string | undefined): readonly SandboxFunction[] {
  if (masterRegion === undefined) return world.functions()
  const replicas = world.replicas()
  if (masterRegion === 'ALL') return [...world.functions(), ...replicas]
  return replicas.filter(({masterArn}) => masterArn?.split(':')[3] === masterRegion)
}
