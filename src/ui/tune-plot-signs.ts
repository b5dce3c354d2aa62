import type {TuneReport} from '../services/tuning/tune-report.ts'
import {isOfSeveralArchitectures} from './tune-words.ts'

/** A sign of the plots and what it means: drawn from 0 to the right, its middle 4 px above 0. */
export type PlotSign = {readonly mark: string; readonly width: number; readonly words: string}

/** The signs that the plots of a report hold. */
export function tuneSigns(
  {samples, sizes, curves, recommendation}: TuneReport,
  isCurved: boolean,
): readonly PlotSign[] {
  const architecture = recommendation?.architecture ?? sizes[0]?.architecture ?? 'x86_64'
  const sign = (mark: string, width: number, words: string, isThere = true): readonly PlotSign[] =>
    isThere ? [{mark, width, words}] : []
  const of = (tone: string): string => `${tone} ${architecture}`
  const isSeveral = isOfSeveralArchitectures(sizes)
  return [
    ...(['x86_64', 'arm64'] as const).flatMap(each =>
      sign(`<circle class="dot ${each}" cx="5" cy="-4" r="4.2"/>`, 10, each, isSeveral),
    ),
    ...sign(
      `<path class="${of('whisker')}" d="M5 -10v12M1 -10h8M1 2h8"/><circle class="${of('dot')}" cx="5" cy="-4" r="3.6"/>`,
      10,
      'mean, with its 95 % interval',
    ),
    ...sign(
      `<path class="${of('warm')}" d="M5 -4h0"/>`,
      10,
      'a warm sample',
      samples.some(({isCold}) => !isCold),
    ),
    ...sign(
      `<path class="${of('cold')}" d="M2.6 -4a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0"/>`,
      10,
      'a cold one',
      samples.some(({isCold}) => isCold),
    ),
    ...sign(`<path class="${of('curve')}" d="M0 -4h24"/>`, 24, 'fitted curve', isCurved && curves.length > 0),
    ...sign('<circle class="best" cx="7" cy="-4" r="5.5"/>', 14, 'the size to use', recommendation !== null),
  ]
}
