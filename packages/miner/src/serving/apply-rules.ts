import { askGate, type Rules, refusalBeforeGate, type Stock } from '@witan/inference'
import { type Hex, outputRefusal, policyRefused, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { unlessAborted } from '@witan/runtime'
import type { InferCall } from './infer-call.js'
import type { OfferedVersion } from './offers.js'

/** The rules that a request is under; undefined for none. Throws `POLICY_UNKNOWN` when they cannot be had. */
export async function rulesFor(
  policy: Hex,
  stock: Pick<Stock, 'rules' | 'settled'>,
  signal: AbortSignal,
): Promise<Rules | undefined> {
  if (policy === ZERO_DIGEST) return undefined
  if (stock.rules(policy) === undefined) await unlessAborted(stock.settled(), signal)
  const rules = stock.rules(policy)
  if (rules !== undefined) return rules
  throw new WitanError('POLICY_UNKNOWN', 'The miner has not got the policy of the request yet', { facts: { policy } })
}

/** Before any work. Throws `POLICY_REFUSED`. */
export function checkRules({ policy }: Rules, { model }: OfferedVersion, { input }: InferCall): void {
  const refusal = refusalBeforeGate(policy, model.manifest, input)
  if (refusal !== undefined) throw policyRefused(refusal)
}

/** Before the model sees the input. Throws `POLICY_REFUSED`. */
export async function passGate(rules: Rules, { input, signal }: InferCall): Promise<void> {
  const { refusal } = await askGate(rules, input, signal)
  if (refusal !== undefined) throw policyRefused(refusal)
}

/** Before anything is signed. Throws `POLICY_REFUSED`. */
export function checkOutput({ policy }: Rules, output: Uint8Array): void {
  const refusal = outputRefusal(policy, output.length)
  if (refusal !== undefined) throw policyRefused(refusal)
}
