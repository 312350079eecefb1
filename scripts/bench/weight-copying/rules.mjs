import { U16_ONE } from '@witan/protocol'

const LIQUID = { low: 45_875, high: 58_982, steepness: 1_000 }

/** What the report varies of the rules: how much of an over-vote bonds lose, and how fast they follow the votes. */
export const PENALTIES = [0, 0.5, 1]
export const ALPHAS = { 'alpha 0.1': { alpha: 0.1 }, 'alpha 0.3': { alpha: 0.3 }, 'liquid alpha': { isLiquid: true } }

/** What a low penalty lets happen, see `dilute`: voters of next to no stake, by the penalty. */
export const DUST = [0, 10, 50]
export const DILUTED_PENALTIES = [0, 0.25, 0.5, 0.75, 0.9, 1]

/** Fields of an epoch's input. While some consensus is not 0, which it never is here, liquid alpha reads no `alpha`. */
export function rulesOf({ penalty = 1, alpha = 0.1, isLiquid = false, kappa = 32_767 }) {
  return {
    kappa,
    bondsPenalty: Math.round(penalty * U16_ONE),
    bondsAlphaPpm: Math.round(alpha * 1_000_000),
    liquidAlpha: isLiquid ? LIQUID : undefined,
  }
}

/** One thing changed from the default rules, or from what validators and the network do. */
export const LEVERS = {
  default: {},
  'no commit–reveal': { lag: 0 },
  'rows of 2 epochs ago': { lag: 2 },
  'rows of 5 epochs ago': { lag: 5 },
  'validators remember 0.75': { memory: 0.75 },
  'validators remember 0.9': { memory: 0.9 },
  'bondsPenalty 0.25': { rules: { penalty: 0.25 } },
  'bondsPenalty 0': { rules: { penalty: 0 } },
  'bondsAlpha 0.01': { rules: { alpha: 0.01 } },
  'kappa 0.7': { rules: { kappa: 45_875 } },
  '4 honest validators': { honest: 4 },
  '32 honest validators': { honest: 32 },
  'remember 0.75, bondsPenalty 0.25': { memory: 0.75, rules: { penalty: 0.25 } },
}
