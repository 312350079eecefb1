import { type Chance, normalizeText } from '@witan/inference'
import type { Mechanism } from './mechanism.js'

/** Writes sentences and renders them. */
export interface SentenceMaker {
  generate(chance: Chance): string
  render(sentence: string, chance: Chance): Promise<Uint8Array>
}

/** The model misreads one sentence in a hundred; this many in a row mean that it or the font is broken. */
const DRAWS = 8

/** Replay with ground truth: fresh sentences that the registered model reads right; where it errs itself, no miner is judged. */
export function createTextMechanism(sentences: SentenceMaker): Mechanism {
  return {
    draws: DRAWS,
    async draw(chance) {
      const content = normalizeText(sentences.generate(chance))
      return { content, input: await sentences.render(content, chance) }
    },
    async rightAnswerTo({ content, input }, { model }, signal) {
      const isRight = (output: Uint8Array) => textOf(output) === content
      return isRight((await model.run(input, signal)).output) ? isRight : undefined
    },
  }
}

/** An output as it is compared. */
function textOf(output: Uint8Array): string {
  return normalizeText(new TextDecoder().decode(output))
}
