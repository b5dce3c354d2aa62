// What versions are made of, but for their code.
import type {VersionSettings} from '../changes.ts'
import type {SandboxFunction, SandboxVersion} from './sandbox-function.ts'

/** What `$LATEST` is made of. */
export function settingsOf(fn: SandboxFunction): VersionSettings {
  const latest = fn.versions[0]
  return {
    description: fn.description,
    handler: fn.handler,
    runtime: latest?.runtime ?? '',
    architecture: fn.architecture,
    memorySizeMB: latest?.memorySizeMB ?? 0,
    timeoutSeconds: latest?.timeoutSeconds ?? 0,
    ephemeralStorageMB: fn.ephemeralStorageMB,
    environment: Object.fromEntries(Object.entries(latest?.environment ?? {}).sort()),
    logFormat: fn.logFormat,
    applicationLogLevel: fn.applicationLogLevel,
    systemLogLevel: fn.systemLogLevel,
    logGroup: fn.logGroup,
    tracing: fn.tracing,
    snapStart: fn.snapStart,
    packageType: fn.packageType,
    roleArn: fn.roleArn,
    deadLetterArn: fn.deadLetterArn,
    layers: fn.layers,
    vpc: fn.vpc,
  }
}

/** What a version has for itself. */
export const ownSettings = ({memorySizeMB, timeoutSeconds, runtime, environment, description}: SandboxVersion) => ({
  memorySizeMB,
  timeoutSeconds,
  runtime,
  environment,
  description,
})
