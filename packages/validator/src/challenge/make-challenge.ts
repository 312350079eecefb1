import { judgeInput, type Rules } from '@witan/inference'
import { WitanError } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import type { DrawnInput, IsRight, Judge, Mechanism } from './mechanism.js'

/** An input and what an honest miner does with it: answers right, or refuses because the policy does. */
export interface Challenge extends DrawnInput {
  readonly expects: { readonly kind: 'answer'; readonly isRight: IsRight } | { readonly kind: 'refusal' }
}

export interface ChallengeModules {
  readonly mechanism: Mechanism
  readonly judge: Judge
  /** Those that the request is under; undefined for none. */
  readonly rules: Rules | undefined
  onDiscarded(): void
}

export interface ChallengeTerms {
  /** Decides the input. */
  readonly seed: string
  /** Whether an input is wanted that the policy refuses, where there is one. */
  readonly isProbe: boolean
}

/**
 * Draws an input for one challenge. A probe is one that the policy refuses, anything else one that it allows, as long as
 * such inputs can be found. Where gate or model leave the right answer open, no miner is judged. Throws `CHALLENGE_UNREADABLE`.
 */
export async function makeChallenge(
  { seed, isProbe }: ChallengeTerms,
  { mechanism, judge, rules, onDiscarded }: ChallengeModules,
  signal: AbortSignal,
): Promise<Challenge> {
  let other: Challenge | undefined
  for (let attempt = 0; attempt < mechanism.draws; attempt++) {
    const drawn = await mechanism.draw(createSeededRandom(`${seed}:${attempt}`))
    const verdict = rules && (await judgeInput(rules, judge.model.manifest, drawn.input, signal))
    if (verdict?.isClose) onDiscarded()
    else if (verdict?.refusal !== undefined) {
      const probe: Challenge = { ...drawn, expects: { kind: 'refusal' } }
      if (isProbe) return probe
      other ??= probe
    } else if (!isProbe || rules === undefined || other === undefined) {
      const isRight = await mechanism.rightAnswerTo(drawn, judge, signal)
      if (isRight === undefined) {
        onDiscarded()
        continue
      }
      const question: Challenge = { ...drawn, expects: { kind: 'answer', isRight } }
      if (!isProbe || rules === undefined) return question
      other = question
    }
  }
  if (other !== undefined) return other
  throw new WitanError('CHALLENGE_UNREADABLE', 'No input could be drawn that the registered model answers', {
    facts: { attempts: mechanism.draws },
  })
}
