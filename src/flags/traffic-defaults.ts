import {type UserError, usageError} from '../errors.ts'
import {loadConfig} from '../services/config.ts'
import {isAliasName} from '../services/targets/qualifiers.ts'
import type {JudgeSettings} from '../services/traffic/judge/judgement.ts'

/** What the config file's `defaults` say of shifts; null and none where they say nothing. */
export type TrafficDefaults = {
  readonly deadManRole: string | null
  readonly gate: {
    readonly alarms: readonly string[]
    readonly onInconclusive: OnInconclusive | null
    readonly judge: JudgeSettings
  }
}

export const onInconclusive = ['hold', 'rollback', 'promote'] as const
type OnInconclusive = (typeof onInconclusive)[number]

/** What the judge takes for harm and for health, unless the config file says otherwise. */
export const judgeByDefault: JudgeSettings = {alpha: 0.01, beta: 0.05, times: 1.5, margin: 0.005, worseBy: 0.02}

const example =
  'for example {"defaults": {"alias": "live", "deadManRole": "arn:aws:iam::123456789012:role/rollback", "gate": {"alarms": ["checkout-5xx"], "onInconclusive": "hold", "worseBy": 0.02}}}'

const fault = (path: string | null, where: string, wanted: string): UserError =>
  usageError(`${path}: defaults.${where} must be ${wanted}`, example)

/**
 * The alias that the config file has for functions that are named without one; null where it has none.
 * @param path of the config file; null where there is no home for one
 * @throws UserError (exit 2) for what can be no alias
 */
export async function configuredAlias(path: string | null): Promise<string | null> {
  const alias = (await loadConfig(path)).config.defaults.get('alias') ?? null
  if (alias !== null && (typeof alias !== 'string' || !isAliasName(alias)))
    throw fault(path, 'alias', 'an alias’s name')
  return alias
}

/**
 * Reads what the config file says of shifts.
 * @param path of the config file; null where there is no home for one
 * @throws UserError (exit 2) for what cannot be meant, with where
 */
export async function trafficDefaults(path: string | null): Promise<TrafficDefaults> {
  const {defaults} = (await loadConfig(path)).config
  const deadManRole = defaults.get('deadManRole') ?? null
  if (deadManRole !== null && (typeof deadManRole !== 'string' || !isRoleArn(deadManRole)))
    throw fault(path, 'deadManRole', 'the ARN of a role')
  const gate = defaults.get('gate') ?? {}
  if (typeof gate !== 'object' || Array.isArray(gate)) throw fault(path, 'gate', 'an object')
  return {
    deadManRole,
    gate: gateFrom(new Map(Object.entries(gate)), (where, wanted) => fault(path, `gate.${where}`, wanted)),
  }
}

/** Whether a text is the ARN of a role, with or without a path. */
export const isRoleArn = (text: string): boolean => /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)

/** What each of the judge's numbers can be: of shares neither none nor all. */
const judgeNumbers: Readonly<Record<keyof JudgeSettings, readonly [least: number, most: number, wanted: string]>> = {
  alpha: [1e-6, 0.5, 'a share, as 0.01'],
  beta: [1e-6, 0.5, 'a share, as 0.05'],
  times: [1, 100, 'how many times the usual rate is borne, as 1.5'],
  margin: [0, 0.5, 'a share, as 0.005'],
  worseBy: [0.001, 0.5, 'a share, as 0.02'],
}

function gateFrom(
  gate: ReadonlyMap<string, unknown>,
  fault: (where: string, wanted: string) => UserError,
): TrafficDefaults['gate'] {
  const known = ['alarms', 'onInconclusive', ...Object.keys(judgeNumbers)]
  const stranger = [...gate.keys()].find(key => !known.includes(key))
  if (stranger !== undefined) throw fault(stranger, `one of ${known.join(', ')}`)
  const alarms = gate.get('alarms') ?? []
  if (!Array.isArray(alarms) || alarms.some(name => typeof name !== 'string' || name.trim() === ''))
    throw fault('alarms', 'a list of alarms’ names')
  const policy = gate.get('onInconclusive') ?? null
  const asPolicy = onInconclusive.find(word => word === policy) ?? null
  if (policy !== null && asPolicy === null) throw fault('onInconclusive', onInconclusive.join(', '))
  const number = (name: keyof JudgeSettings): number => {
    const value = gate.get(name) ?? judgeByDefault[name]
    const [least, most, wanted] = judgeNumbers[name]
    if (typeof value !== 'number' || !(value >= least && value <= most)) throw fault(name, wanted)
    return value
  }
  return {
    alarms: alarms as readonly string[],
    onInconclusive: asPolicy,
    judge: {
      alpha: number('alpha'),
      beta: number('beta'),
      times: number('times'),
      margin: number('margin'),
      worseBy: number('worseBy'),
    },
  }
}
