import {createRequire} from 'node:module'

const require = createRequire(import.meta.url)

/**
 * An SDK package, for its operations' schemas. By `require`: the packages are CommonJS, and on `import` Node would first
 * search each of them for the names it exports, though the command that talks to this server has loaded it already.
 */
export function sdkPackage<Module>(name: `@aws-sdk/client-${string}`): Module {
  return require(name) as Module
}
