import { SHARE_ONE, U16_ONE, WEIGHT_ONE } from '../constants.js'
import { sum } from '../normalise.js'
import type { EpochInput, EpochResult } from '../types.js'
import type { SimulatedStep } from './types.js'

/** The result of a step as fractions of 1, emission shares as upstream reports them, and as integers. */
export function describeStep(input: EpochInput, result: EpochResult): SimulatedStep {
  return {
    endsAt: input.endsAt,
    consensus: fractions(result.consensus, WEIGHT_ONE),
    validatorTrust: fractions(result.validatorTrust, WEIGHT_ONE),
    incentive: fractions(result.incentive, SHARE_ONE),
    dividends: fractions(result.dividends, SHARE_ONE),
    bonds: input.stake.map((_, uid) => bondFractions(input, result, uid)),
    permits: input.newPermits,
    ...emissionShares(result),
    minersVoted: result.minersVoted,
    integers: {
      consensus: result.consensus.map(Number),
      validatorTrust: result.validatorTrust.map(Number),
      incentive: result.incentive.map(Number),
      dividends: result.dividends.map(Number),
      validatorPay: result.validatorPay.map(Number),
      bonds: result.bonds,
      activeStake: Number(result.activeStake),
    },
  }
}

function bondFractions({ stake, permits, newPermits }: EpochInput, { bonds }: EpochResult, uid: number): number[] {
  return permits[uid] || newPermits[uid] ? stake.map((_, column) => (bonds[uid]![column] ?? 0) / U16_ONE) : []
}

type EmissionField = 'serverEmission' | 'validatorEmission' | 'emission'

/** Servers share by incentive and validators by pay, of everything that both get. */
function emissionShares({ incentive, validatorPay }: EpochResult): Pick<SimulatedStep, EmissionField> {
  const total = sum(incentive) + sum(validatorPay)
  const both = incentive.map((share, uid) => share + validatorPay[uid]!)
  return {
    serverEmission: fractions(incentive, total),
    validatorEmission: fractions(validatorPay, total),
    emission: fractions(both, total),
  }
}

function fractions(values: readonly bigint[], one: bigint): number[] {
  return values.map((value) => (one === 0n ? 0 : Number(value) / Number(one)))
}
