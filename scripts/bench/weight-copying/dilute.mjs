import { maxUpscale, runEpoch } from '@witan/protocol'
import { createNormal } from '../support/draw.mjs'
import { epochInput } from './epoch-input.mjs'
import { qualitiesOf } from './miners.mjs'

const STAKE = 1_000_000
/** Of the miners, those that the diluting validator votes for itself. */
const PART = 0.1

/**
 * What bondsPenalty is for. A validator votes for a tenth of the miners only; `dust` voters of next to no stake, its own,
 * vote for all the others and so share the bonds that honest validators hold there. Returns what it earns per stake over
 * an honest validator, from epoch `warmUp` on. Miners are static.
 */
export function dilute({ dust, noise, rules, seed, epochs, warmUp, honest, miners }) {
  const [qualities] = qualitiesOf('static', miners, 1, 1_000 * seed)
  const normal = createNormal(1_000 * seed + 500)
  const stakes = [...new Array(honest + 1).fill(STAKE), ...new Array(dust).fill(1)]
  const uids = stakes.length + miners
  const row = (scores) => maxUpscale([...stakes.map(() => 0), ...scores])
  const own = row(qualities.map((quality, miner) => (miner < PART * miners ? quality : 0)))
  const rest = row(qualities.map((quality, miner) => (miner < PART * miners ? 0 : quality)))
  const earned = { diluting: 0, honest: 0 }
  let bonds = new Array(uids).fill([])
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rows = Array.from({ length: honest }, () =>
      row(qualities.map((quality) => Math.max(0, quality * (1 + noise * normal())))),
    )
    rows.push(own, ...new Array(dust).fill(rest))
    const result = runEpoch(epochInput({ epoch, stakes, uids, rows, bonds, rules }))
    bonds = result.bonds
    if (epoch < warmUp) continue
    earned.diluting += Number(result.dividends[honest])
    earned.honest += result.dividends.slice(0, honest).reduce((sum, share) => sum + Number(share), 0) / honest
  }
  return earned.diluting / earned.honest
}
