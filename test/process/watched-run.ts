import {type Ended, type Running, start} from './run-slsops.ts'
import type {Call, WatchedAws} from './watched-aws.ts'

/** A process's way to its AWS. */
type Line = {readonly aws: WatchedAws; readonly environment: Readonly<Record<string, string>>}

/** Runs until a call that is meant: then the process is gone, and whatever was on the line with it. */
export async function killedAt(
  {aws, environment}: Line,
  args: readonly string[],
  isMeant: (call: Call) => boolean,
): Promise<Ended & {readonly isKilled: boolean}> {
  const running = start(args, environment)
  let isKilled = false
  aws.watch = async call => {
    if (isKilled || !isMeant(call)) return isKilled ? 'cut' : undefined
    isKilled = true
    running.child.kill('SIGKILL')
    await running.ended
    return 'cut'
  }
  const ended = await running.ended
  aws.watch = () => undefined
  return {...ended, isKilled}
}

/** Runs with somebody on the line who may do something to the process at any call. */
export function watchedRun(
  {aws, environment}: Line,
  args: readonly string[],
  watch: (call: Call, running: Running) => ReturnType<WatchedAws['watch']>,
): Promise<Ended> {
  const running = start(args, environment)
  aws.watch = call => watch(call, running)
  return running.ended
}

/** What is shown of a process that did not do as it should. */
export const said = ({code, stdout, stderr}: Ended): string => `${code}\n${stdout}\n${stderr}`
