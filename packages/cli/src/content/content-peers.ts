import type { Neuron } from '@witan/chain'
import type { PeerTarget } from '@witan/p2p'
import { type Address, bytesToHex, isWitanError } from '@witan/protocol'
import { createSeededRandom, type Random } from '@witan/runtime'

export interface ContentPeersModules {
  readonly bootstrap: readonly Extract<PeerTarget, { operator: Address }>[]
  readonly self: Address
  neurons(): Promise<readonly Neuron[]>
  resolve(operator: Address, signal?: AbortSignal): Promise<readonly string[]>
  readonly random: Random
}

/** Each that is not found costs a question to the first peers. */
const MOST_NEURONS = 16

/** First peers, who are always there, then some nodes of the subnet, in no order that would load one of them. */
export async function findContentPeers(
  { bootstrap, self, neurons, resolve, random }: ContentPeersModules,
  signal?: AbortSignal,
): Promise<PeerTarget[]> {
  const known = new Set([self, ...bootstrap.map(({ operator }) => operator)])
  const announced = (await neurons()).filter(({ operator, record }) => record !== undefined && !known.has(operator))
  const asked = createSeededRandom(bytesToHex(random.bytes(16)))
    .shuffle(announced)
    .slice(0, MOST_NEURONS)
  const found = await Promise.all(
    asked.map(async ({ operator }): Promise<PeerTarget | undefined> => {
      try {
        return { operator, multiaddrs: await resolve(operator, signal) }
      } catch (error) {
        signal?.throwIfAborted()
        if (isWitanError(error)) return undefined
        throw error
      }
    }),
  )
  return [...bootstrap, ...found.filter((peer) => peer !== undefined)]
}
