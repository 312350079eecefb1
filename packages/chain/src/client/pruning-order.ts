import { bytesToWords, type Hex, type SubnetParameters, unpackWords } from '@witan/protocol'
import type { LastPay } from './intents/subnet-intents.js'
import type { Neuron } from './reads/neuron.js'

const VACANT = 0n
const SHARES_PER_WORD = 8
/** Shares of 2^31 weighed in basis points: what one is. */
const PAY_ONE = 2 ** 31 * 10_000

export interface PruningFacts {
  readonly neurons: readonly Pick<Neuron, 'uid' | 'nodeId' | 'registeredAt'>[]
  readonly lastPay: LastPay
  /** Unix seconds: whoever registered from then on was not paid yet. */
  readonly paidUntil: number
  /** Unix seconds: who registered earlier is not immune. */
  readonly immuneFrom: number
  readonly cuts: Pick<SubnetParameters, 'minersCut' | 'validatorsCut'>
}

export interface PruningCandidate {
  readonly uid: number
  readonly registeredAt: number
  /** Part of the last epoch's pay, of 1: incentive and validator pay weighed by their cuts. */
  readonly lastPay: number
}

/** Neurons without immunity in the order in which they are pruned: as the contract's `pruningRank`. */
export function pruningOrder(facts: PruningFacts): PruningCandidate[] {
  const { neurons, lastPay, paidUntil, immuneFrom, cuts } = facts
  const incentive = sharesOf(lastPay.incentive)
  const validatorPay = sharesOf(lastPay.validatorPay)
  const payOf = (uid: number) =>
    (incentive[uid] ?? 0n) * BigInt(cuts.minersCut) + (validatorPay[uid] ?? 0n) * BigInt(cuts.validatorsCut)
  return neurons
    .filter(({ nodeId, registeredAt }) => nodeId !== VACANT && registeredAt < immuneFrom)
    .map(({ uid, registeredAt }) => ({ uid, registeredAt, pay: registeredAt < paidUntil ? payOf(uid) : 0n }))
    .sort((a, b) => Number(a.pay - b.pay) || a.registeredAt - b.registeredAt || a.uid - b.uid)
    .map(({ pay, ...rest }) => ({ ...rest, lastPay: Number(pay) / PAY_ONE }))
}

function sharesOf(packed: Hex): bigint[] {
  const words = bytesToWords(packed)
  return unpackWords(words, 32, words.length * SHARES_PER_WORD)
}
