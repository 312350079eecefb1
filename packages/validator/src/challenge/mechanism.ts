import type { Chance, StockedModel } from '@witan/inference'
import { WitanError } from '@witan/protocol'
import { createDigitsMechanism, type PictureSource } from './digits-mechanism.js'
import { createTextMechanism, type SentenceMaker } from './text-mechanism.js'

/** An input that was drawn by chance. */
export interface DrawnInput {
  /** What it shows, for the journal. */
  readonly content: string
  readonly input: Uint8Array
}

/** Tells right answers from wrong ones. */
export type IsRight = (output: Uint8Array) => boolean

/** The model that judges, and whether the miner says that it runs it on the same kind of engine and device. */
export interface Judge {
  readonly model: Pick<StockedModel, 'run' | 'manifest'>
  readonly isSameClass: boolean
}

/** How miners of a task are examined. */
export interface Mechanism {
  /** Inputs looked at for one challenge, before it is given up. */
  readonly draws: number
  draw(chance: Chance): Promise<DrawnInput>
  /** By what a right answer to the input is known; undefined when no miner can be judged by it. */
  rightAnswerTo(drawn: DrawnInput, judge: Judge, signal: AbortSignal): Promise<IsRight | undefined>
}

export interface MechanismSources {
  readonly sentences: SentenceMaker
  /** Test pictures of 784 grey values, read when they are first needed. */
  readonly pictures: PictureSource
}

const MECHANISMS: Readonly<Record<string, (sources: MechanismSources) => Mechanism>> = {
  'text-recognition': ({ sentences }) => createTextMechanism(sentences),
  digits: ({ pictures }) => createDigitsMechanism(pictures),
}

/** The mechanism for the task of a model. Throws `MODEL_UNJUDGED`. */
export function mechanismFor(task: string, sources: MechanismSources): Mechanism {
  const create = Object.hasOwn(MECHANISMS, task) ? MECHANISMS[task] : undefined
  if (create !== undefined) return create(sources)
  throw new WitanError('MODEL_UNJUDGED', 'There are no challenges for the task of the model', {
    facts: { task, known: Object.keys(MECHANISMS).join(', ') },
  })
}
