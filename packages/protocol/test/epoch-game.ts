// Plays a subnet of validators and miners over epochs, with a fixed row a validator, to ask what a way to behave earns.
import { type EpochInput, maxUpscale, type Row, runEpoch, SHARE_ONE, selectPermits } from '../src/index.js'

const EPOCH = 1_000

export interface Player {
  /** Quantised. */
  readonly stake: number
  /** Scores by miner, 0 for the first; none: the player abstains. */
  readonly votes: readonly number[]
  /** Weight for its own slot, of 65535. */
  readonly self?: number
}

export interface Game {
  /** Uids 0 …; the miners follow. */
  readonly players: readonly Player[]
  readonly miners: number
  readonly epochs?: number
  readonly maxValidators?: number
  readonly rules?: Partial<Pick<EpochInput, 'kappa' | 'bondsPenalty' | 'bondsAlphaPpm' | 'liquidAlpha'>>
}

export interface Played {
  /** By player, the mean share of the validators' part. */
  readonly pay: number[]
  /** By miner, the mean share of the miners' part. */
  readonly incentive: number[]
}

export function playGame({ players, miners, epochs = 12, maxValidators = 1_024, rules = {} }: Game): Played {
  const uids = players.length + miners
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: uids }, (_, uid) => value(uid))
  const stake = perUid((uid) => players[uid]?.stake ?? 0)
  const permits = selectPermits(stake, maxValidators)
  const rows = perUid((uid) => rowOf(players, uid))
  const total = { pay: perUid(() => 0), incentive: perUid(() => 0) }
  let bonds: readonly Row[] = perUid(() => [])
  for (let epoch = 0; epoch < epochs; epoch++) {
    const endsAt = (epoch + 2) * EPOCH
    const result = runEpoch({
      kappa: 32_767,
      bondsPenalty: 65_535,
      bondsAlphaPpm: 100_000,
      ...rules,
      endsAt,
      activityCutoff: 14 * EPOCH,
      lastSettledEnd: endsAt - EPOCH,
      permits,
      newPermits: permits,
      withheld: perUid(() => false),
      stake,
      registeredAt: perUid(() => 0),
      lastUpdate: perUid(() => endsAt),
      committedAt: perUid(() => endsAt - 1),
      rows,
      bonds,
    })
    bonds = result.bonds
    for (const [uid, share] of result.validatorPay.entries()) total.pay[uid]! += Number(share)
    for (const [uid, share] of result.incentive.entries()) total.incentive[uid]! += Number(share)
  }
  const mean = (sums: readonly number[]) => sums.map((value) => value / epochs / Number(SHARE_ONE))
  return {
    pay: mean(total.pay).slice(0, players.length),
    incentive: mean(total.incentive).slice(players.length),
  }
}

function rowOf(players: readonly Player[], uid: number): number[] {
  const player = players[uid]
  if (player === undefined || player.votes.length === 0) return []
  const row = [...players.map(() => 0), ...maxUpscale(player.votes)]
  row[uid] = player.self ?? 0
  return row
}

/** Splits one stake into `count` players, which must divide it. */
export function splitPlayer(player: Player, count: number): Player[] {
  return Array.from({ length: count }, () => ({ ...player, stake: player.stake / count }))
}
