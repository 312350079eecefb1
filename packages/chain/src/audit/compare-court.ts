import { forEachOf } from '@witan/runtime'
import { ACCUSATION_STATES } from '../client/reads/read-court.js'
import type { Comparison } from './compare-money.js'
import type { Replay } from './replay.js'
import { stored } from './stored.js'

/** Accusations of a node that the court has open: `DisputeCourt.MAX_OPEN`. */
const OPEN_AT_A_TIME = 8n

export async function compareCourt({ court: ledger }: Replay, { contracts, at, findings }: Comparison): Promise<void> {
  const { court, token } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('court', what, rebuilt, told)
  compare('number of accusations', BigInt(ledger.accusations.size), await court.read('accusationCount', [], at))
  compare('part that is slashed', ledger.slashBps, await court.read('slashBps', [], at))
  await forEachOf(ledger.accusations, async ([accusationId, { state, ...accusation }]) => {
    const [told, judged] = await Promise.all([
      stored(court.read('accusation', [accusationId], at)),
      court.read('accusationOf', [accusation.requestDigest], at),
    ])
    for (const [field, value] of Object.entries(accusation)) {
      compare(`accusation ${accusationId} ${field}`, value, told?.[field as keyof typeof accusation])
    }
    compare(`accusation ${accusationId} state`, state, told && ACCUSATION_STATES[told.status])
    compare(`accusation over ${accusation.requestDigest}`, accusationId, judged)
  })
  const open = [...ledger.accusations.values()].filter(({ state }) => state === 'open')
  const openOf = new Map([...ledger.accusations.values()].map(({ nodeId }) => [nodeId, 0n]))
  for (const { nodeId } of open) openOf.set(nodeId, openOf.get(nodeId)! + 1n)
  await forEachOf(openOf, async ([nodeId, count]) => {
    compare(`room for node ${nodeId}`, OPEN_AT_A_TIME - count, await court.read('roomFor', [nodeId], at))
  })
  const owed = BigInt(open.length) * (await court.read('bond', [], at))
  compare('bonds held', true, owed <= (await token.read('balanceOf', [court.address], at)))
}
