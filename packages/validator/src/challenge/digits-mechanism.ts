import { drawDigit, isSameDigitAnswer, surenessOf } from '@witan/inference'
import type { Mechanism } from './mechanism.js'

export type PictureSource = () => Promise<readonly Uint8Array[]>

/** One picture in ten shows any given digit: one that a policy's gate refuses is found among so many, but for one time in a thousand. */
const DRAWS = 64
/** Versions agree on what they are sure of: only other pictures tell them apart within a tolerance. */
const TELLING_BELOW = 0.99

/**
 * Replay: the registered version runs here too. On the same kind of engine and device its answer must be the same to the
 * byte; elsewhere it may differ by the tolerance of the manifest, and then only pictures that are hard to tell are asked.
 */
export function createDigitsMechanism(pictures: PictureSource): Mechanism {
  return {
    draws: DRAWS,
    async draw(chance) {
      const { index, pixels } = drawDigit(await pictures(), chance)
      return { content: `test picture ${index}`, input: pixels }
    },
    async rightAnswerTo({ input }, { model, isSameClass }, signal) {
      const { output: expected } = await model.run(input, signal)
      if (isSameClass) return (output) => Buffer.from(expected).equals(output)
      if ((surenessOf(expected) ?? 1) >= TELLING_BELOW) return undefined
      return (output) => isSameDigitAnswer(output, expected, model.manifest.tolerance)
    },
  }
}
