// A local network whose subnets have as many neurons as asked for, registered like any other.

import { MINIMAL_PARAMETERS } from '@witan/protocol'
import { createSubnet, keyOf, register, startLocalNetwork } from '../../support/local-network.mjs'

/** Of a subnet. */
const MOST_SLOTS = 512

/** Starts it, with as few subnets as hold the neurons; resolves to the chain client, their sizes and how to stop it. */
export async function startNetwork(neurons) {
  const chain = await startLocalNetwork({ subnetPrice: '0.000001', subnetPriceHalfLife: 1, subnetLock: '0.000001' })
  const size = Math.min(MOST_SLOTS, neurons)
  const parameters = { ...MINIMAL_PARAMETERS, maxUids: size, maxValidators: 16, epochLength: 3_600, revealWindow: 600 }
  const operators = Array.from({ length: size }, (_, index) => keyOf(`operator ${index}`))
  const sizes = []
  for (let left = neurons; left > 0; left -= size) {
    const count = Math.min(size, left)
    await createSubnet(chain, parameters, 'bench')
    // Every operator has agreed to one registration in each of the subnets before.
    await register(chain, sizes.length + 1, operators.slice(0, count), sizes.length)
    sizes.push(count)
  }
  return { client: chain.client, sizes, stop: chain.stop }
}
