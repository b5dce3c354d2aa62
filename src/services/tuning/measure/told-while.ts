import {toldWhile as stepsWhile} from '../../told-while.ts'
import type {TuneStep} from '../tune-steps.ts'

/**
 * Does work that takes a while and tells what it is about, as steps.
 * @param stop ends the work where nobody wants its steps any more; it is over when this returns
 * @returns what the work comes to
 */
export const toldWhile = <T>(
  work: (doing: (what: string) => void) => Promise<T>,
  stop: () => void,
): AsyncGenerator<TuneStep, T> => stepsWhile(tell => work(what => tell({kind: 'doing', what})), stop)
