import type { ErrandRunner } from './errand.js'
import type { KeeperChain, KeeperSender } from './keeper-chain.js'

export interface DemotionModules {
  readonly chain: Pick<KeeperChain, 'models' | 'intents' | 'simulate'>
  readonly sender: KeeperSender
  readonly run: ErrandRunner
}

/** Once an epoch and subnet: demotes the live versions whose feeds stayed under the stakers' floors. */
export function createDemotionKeeper({ chain, sender, run }: DemotionModules) {
  const { models, intents } = chain

  return async (netuid: number, epoch: number, signal: AbortSignal): Promise<void> => {
    const { versions } = await models.acceptedOn(netuid, signal)
    for (const { modelId, graceEndsAt } of versions) {
      const isLive = modelId !== 0n && graceEndsAt === undefined
      if (!isLive || (await models.floorOf(modelId, { signal })) === undefined) continue
      const prepare = async () => {
        const intent = intents.demoteVersion(modelId)
        // Most of the time the contract says why not; asking costs nothing.
        await chain.simulate([intent], sender.address, signal)
        return intent
      }
      await run({ name: 'demote', of: String(modelId), key: `${modelId}:${epoch}`, prepare }, signal)
    }
  }
}
