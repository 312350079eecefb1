import { U16_ONE } from './constants.js'

/**
 * A weight row from scores by uid: round(score · 65535 / max score), ties away from zero; all zeros stay zeros.
 * Throws RangeError for a negative or non-finite score.
 */
export function maxUpscale(scores: readonly number[]): number[] {
  const invalid = scores.find((score) => !Number.isFinite(score) || score < 0)
  if (invalid !== undefined) throw new RangeError(`a score must be finite and not negative, not ${invalid}`)
  const max = Math.max(0, ...scores)
  // Math.round takes halves up, which is away from zero here.
  return scores.map((score) => (max === 0 ? 0 : Math.round((score * U16_ONE) / max)))
}
