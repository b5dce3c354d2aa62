import {appendFile, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import {appSpecOf} from '../../../src/sandbox/world/code-deploy/larder-deployments.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import {createDueWork, type DueWork} from '../../../src/sandbox/world/due-work.ts'
import {firstUsed, hour, minute} from './larder-world.ts'

const seed = 20_260

/** Processes that share one state on disk, each with its own clock. */
async function sharing() {
  const directory = await mkdtemp(join(tmpdir(), 'slsops-due-'))
  onTestFinished(() => rm(directory, {recursive: true}))
  const process = async (at = firstUsed) => {
    const clock = {at}
    const now = () => clock.at
    const state = await openState({directory, now, seed})
    return {clock, world: createWorld({seed, now, company: 'larder', state})}
  }
  const file = async () => join(directory, (await readdir(directory)).find(name => name.endsWith('.jsonl')) ?? '')
  const lines = async () => (await readFile(await file(), 'utf8')).trimEnd().split('\n').slice(1)
  return {process, file, lines}
}

type Sharing = Awaited<ReturnType<Awaited<ReturnType<typeof sharing>>['process']>>

/** Takes search back to version 8, a tenth every ten minutes, by a deployment. */
const deploy = ({world}: Sharing) =>
  world.codeDeploy.create({
    application: 'larder-shop-releases',
    group: 'search-live',
    config: 'CodeDeployDefault.LambdaLinear10PercentEvery10Minutes',
    description: '',
    functionName: 'search',
    alias: 'live',
    from: '9',
    to: '8',
    appSpec: appSpecOf('search', 'live', '9', '8'),
    alarms: ['search-live-errors'],
    hasOwnAlarms: false,
    rollsBackOn: [],
  })

const aliasIn = ({world}: Sharing) => world.function('search')?.aliases[0]

describe('what AWS does by itself', () => {
  test('is done once, whichever of several processes looks first', async () => {
    const {process, lines} = await sharing()
    const [one, other] = [await process(), await process()]
    const {id} = deploy(one)
    one.clock.at = other.clock.at = firstUsed + 25 * minute
    expect(aliasIn(other)).toMatchObject({version: '9', weights: {'8': 0.3}})
    expect(aliasIn(one)).toEqual(aliasIn(other))
    const late = await process(firstUsed + 3 * hour)
    expect(aliasIn(late)).toMatchObject({version: '8', weights: {}})
    expect(aliasIn(one)).toEqual(aliasIn(late))
    const steps = (await lines()).filter(line => line.includes('deployment-stepped') && line.includes(id))
    expect(steps).toHaveLength(10)
    expect((await lines()).filter(line => line.includes('"kind":"alias"') && line.includes('search'))).toHaveLength(10)
  })

  test('comes to the same after a kill between any two lines of the state', async () => {
    const {process, file, lines} = await sharing()
    const first = await process()
    const {id} = deploy(first)
    const at = firstUsed + 2 * hour
    first.clock.at = at
    const whole = {alias: aliasIn(first), all: await lines(), end: first.world.codeDeploy.deployments()[0]?.end}
    expect(whole.end?.status).toBe('Succeeded')
    const head = (await readFile(await file(), 'utf8')).split('\n')[0]
    for (let kept = 1; kept < whole.all.length; kept += 3) {
      await writeFile(await file(), `${[head, ...whole.all.slice(0, kept)].join('\n')}\n`)
      // and the line that was being written
      await appendFile(await file(), (whole.all[kept] ?? '').slice(0, 20))
      const next = await process(at)
      expect(aliasIn(next)).toEqual(whole.alias)
      expect(next.world.codeDeploy.deployments().find(each => each.id === id)?.end).toEqual(whole.end)
      expect(await lines()).toEqual(whole.all)
    }
  })

  test('is read back as it was, by whoever comes later', async () => {
    const {process} = await sharing()
    const first = await process()
    deploy(first)
    first.clock.at = firstUsed + 4 * hour
    const count = (each: Sharing, version: string) =>
      each.world.count('search', firstUsed, firstUsed + 3 * hour, {version})
    const counts = [count(first, '8'), count(first, '9')]
    const second = await process(firstUsed + 5 * hour)
    expect([count(second, '8'), count(second, '9')]).toEqual(counts)
  })

  test('comes in the order of its times, of all workers, and not while it is being done', () => {
    const done: string[] = []
    const worker = (name: string, times: number[]): DueWork => ({
      nextAt: () => times[0] ?? null,
      run(at) {
        settle()
        done.push(`${name}${at}`)
        times.shift()
      },
    })
    let now = 0
    const workers = [worker('a', [10, 30, 50]), worker('b', [20, 40])]
    const settle = createDueWork({workers, now: () => now, alone: act => act()})
    settle()
    expect(done).toEqual([])
    now = 40
    settle()
    expect(done).toEqual(['a10', 'b20', 'a30', 'b40'])
  })
})
