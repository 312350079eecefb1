import { type Chance, normalizeText } from '@witan/inference'
import { WitanError } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'

/** A picture and what stands in it. */
export interface Challenge {
  readonly sentence: string
  readonly image: Uint8Array
}

/** Writes sentences and renders them. */
export interface SentenceMaker {
  generate(chance: Chance): string
  render(sentence: string, chance: Chance): Promise<Uint8Array>
}

export interface ChallengeModules {
  /** The registered version, on this machine. */
  readonly task: { run(input: Uint8Array, signal?: AbortSignal): Promise<{ readonly output: Uint8Array }> }
  readonly sentences: SentenceMaker
  onDiscarded(): void
}

/** The model misreads one sentence in a hundred; this many in a row mean that it or the font is broken. */
const ATTEMPTS = 8

/**
 * A fresh sentence that the registered model reads right: where it errs itself, no miner is judged. The seed decides
 * sentence and look. Throws `CHALLENGE_UNREADABLE`.
 */
export async function makeChallenge(seed: string, modules: ChallengeModules, signal: AbortSignal): Promise<Challenge> {
  const { task, sentences, onDiscarded } = modules
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const chance = createSeededRandom(`${seed}:${attempt}`)
    const sentence = normalizeText(sentences.generate(chance))
    const image = await sentences.render(sentence, chance)
    const { output } = await task.run(image, signal)
    if (textOf(output) === sentence) return { sentence, image }
    onDiscarded()
  }
  throw new WitanError('CHALLENGE_UNREADABLE', 'The registered model did not read a sentence', {
    facts: { attempts: ATTEMPTS },
  })
}

/** An output as it is compared. */
export function textOf(output: Uint8Array): string {
  return normalizeText(new TextDecoder().decode(output))
}
