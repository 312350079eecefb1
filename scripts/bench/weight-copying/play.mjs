import { maxUpscale, runEpoch } from '@witan/protocol'
import { createNormal } from '../support/draw.mjs'
import { copiedRow } from './copiers.mjs'
import { epochInput } from './epoch-input.mjs'
import { qualitiesOf } from './miners.mjs'

const STAKE = 1_000_000

/**
 * Plays a subnet of `honest` validators, one copier of equal stake and `miners` miners; returns what the copier earns
 * per stake over what an honest validator earns, from epoch `warmUp` on. `memory` is the part of a validator's last
 * estimate of a miner that stays; `lag` how many epochs old the newest rows are that the copier can read when it commits.
 */
export function play({ kind, noise, copier, rules, seed, epochs, warmUp, honest, miners, memory = 0, lag = 1 }) {
  const uids = honest + 1 + miners
  const qualities = qualitiesOf(kind, miners, epochs, 1_000 * seed)
  const normal = createNormal(1_000 * seed + 500)
  const earned = { copier: 0, honest: 0 }
  const seen = []
  const stakes = new Array(honest).fill(STAKE)
  let estimates
  let bonds = new Array(uids).fill([])
  for (let epoch = 0; epoch < epochs; epoch++) {
    const measured = stakes.map(() => qualities[epoch].map((quality) => Math.max(0, quality * (1 + noise * normal()))))
    estimates = estimates === undefined ? measured : blend(estimates, measured, memory)
    const rows = estimates.map((scores) => maxUpscale([...new Array(honest + 1).fill(0), ...scores]))
    seen.push({ rows, stakes })
    const copied = copiedRow(copier, seen[epoch - lag])
    const input = { epoch, stakes: [...stakes, STAKE], uids, rows: [...rows, copied], bonds, rules }
    const result = runEpoch(epochInput(input))
    seen[epoch].consensus = result.consensus
    bonds = result.bonds
    if (epoch < warmUp) continue
    earned.copier += Number(result.dividends[honest])
    earned.honest += result.dividends.slice(0, honest).reduce((sum, share) => sum + Number(share), 0) / honest
  }
  return earned.copier / earned.honest
}

function blend(before, now, memory) {
  return now.map((scores, voter) => scores.map((score, miner) => memory * before[voter][miner] + (1 - memory) * score))
}
