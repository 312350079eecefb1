import type { DrawingRandom } from '@witan/runtime'
import { WORDS } from './words.js'

/** Whole numbers below a bound, each equally likely. */
export type Chance = Pick<DrawingRandom, 'below'>

/** Under four words a pruned model still reads one sentence in twenty; from four on, one in 300. */
const LEAST_WORDS = 4
const MOST_WORDS = 6
/** One place in four holds a number, so that a word list alone does not give the answer. */
const NUMBER_EVERY = 4

/** Four to six common words and numbers: more than 10¹¹ sentences, so in practice none is asked twice. */
export function generateSentence(chance: Chance): string {
  const length = LEAST_WORDS + chance.below(MOST_WORDS - LEAST_WORDS + 1)
  const parts = Array.from({ length }, (_, place) =>
    place > 0 && chance.below(NUMBER_EVERY) === 0 ? String(2 + chance.below(9998)) : WORDS[chance.below(WORDS.length)]!,
  )
  return parts.join(' ')
}
