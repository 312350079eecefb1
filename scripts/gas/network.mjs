// The network whose epochs are measured.

import { DEFAULT_PARAMETERS } from '@witan/protocol'
import { createSubnet, keyOf, register, stake, startLocalNetwork } from '../support/local-network.mjs'

export const startNetwork = () => startLocalNetwork({ subnetPrice: '1', maxShareBps: 10_000 })

/** A subnet of `uids` neurons, of which those in `validators` have stake; resolves to its netuid and its operators. */
export async function addSubnet(chain, { uids, validators }) {
  const netuid = (await chain.client.subnets.count()) + 1
  const parameters = { ...DEFAULT_PARAMETERS, maxUids: uids, maxValidators: validators.length }
  await createSubnet(chain, parameters, `${uids} uids`)
  const operators = Array.from({ length: uids }, (_, uid) => keyOf(`operator ${netuid} ${uid}`))
  await register(chain, netuid, operators)
  for (const [index, uid] of validators.entries())
    await stake(chain, operators[uid].address, 1_000n + 7n * BigInt(index))
  return { netuid, operators: operators.map(({ address }) => address) }
}
