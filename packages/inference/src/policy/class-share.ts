import { WitanError } from '@witan/protocol'

const MILLION = 1_000_000

/**
 * How probable a classifier holds a class, in parts in a million, from its answer: canonical JSON with `probabilities` by class number.
 * @throws WitanError POLICY_GATE_UNFIT when the answer has no such class
 */
export function classSharePpm(output: Uint8Array, label: string): number {
  const share = probabilitiesOf(output)?.[classNumber(label)]
  if (typeof share === 'number') return Math.round(share * MILLION)
  throw new WitanError('POLICY_GATE_UNFIT', 'The gate of the policy does not judge this class', { facts: { label } })
}

/** The `probabilities` of an answer; undefined when it is not the answer of a classifier. */
export function probabilitiesOf(output: Uint8Array): readonly unknown[] | undefined {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(output))
    const isObject = typeof answer === 'object' && answer !== null && 'probabilities' in answer
    return isObject && Array.isArray(answer.probabilities) ? answer.probabilities : undefined
  } catch {
    return undefined
  }
}

function classNumber(label: string): number {
  return /^\d{1,4}$/.test(label) ? Number(label) : -1
}
