import type { FollowedVersion, RegistryFollower } from '@witan/chain'
import type { Stock, StockedModel } from '@witan/inference'
import { type Hex, WitanError } from '@witan/protocol'
import { unlessAborted } from '@witan/runtime'
import type { Claim, MinerBehaviour } from '../behaviour/miner-behaviour.js'

/** A version as the miner serves it now. */
export interface OfferedVersion extends Claim {
  readonly model: StockedModel
}

export interface OffersModules {
  readonly registry: Pick<RegistryFollower, 'versions' | 'refresh'>
  readonly stock: Pick<Stock, 'want' | 'model' | 'settled'>
  readonly behaviour: Pick<MinerBehaviour, 'claim' | 'appliesPolicy'>
}

/** What the miner serves, as the registry has it and as far as it is loaded. */
export interface Offers {
  /** The registry was read: has loaded what counts, and unloads what no longer does. */
  follow(counting: readonly FollowedVersion[]): void
  /** Live versions first. */
  list(): readonly OfferedVersion[]
  /**
   * The version asked for under the policy asked for. A decision that the miner has not heard of is looked up first.
   * Throws `MODEL_NOT_SERVED` or `REQUEST_MISADDRESSED`.
   */
  find(asked: { readonly modelVersion: Hex; readonly policy: Hex }, signal: AbortSignal): Promise<OfferedVersion>
}

export function createOffers({ registry, stock, behaviour }: OffersModules): Offers {
  const list = (): OfferedVersion[] =>
    behaviour.claim(registry.versions()).flatMap((claim) => {
      const model = stock.model(claim.runs)
      return model === undefined ? [] : [{ ...claim, model }]
    })

  return {
    follow(counting) {
      const claims = behaviour.claim(counting)
      const policies = behaviour.appliesPolicy ? claims.flatMap((claim) => claim.policies) : []
      stock.want({ models: claims.map(({ runs }) => runs), policies })
    },
    list,
    async find({ modelVersion, policy }, signal) {
      const isAsked = (claim: Claim) => claim.version === modelVersion && claim.policies.includes(policy)
      const known = list().find(isAsked)
      if (known !== undefined) return known
      await unlessAborted(registry.refresh(signal), signal)
      const heard = list().find(isAsked)
      if (heard !== undefined) return heard
      // What counts may be on its way; nothing else is worth waiting for.
      if (behaviour.claim(registry.versions()).some(isAsked)) await unlessAborted(stock.settled(), signal)
      const found = list().find(isAsked)
      if (found !== undefined) return found
      const served = list()
      const ofVersion = served.find(({ version }) => version === modelVersion)
      if (ofVersion === undefined) {
        const facts = { modelVersion, served: served.map(({ version }) => version).join(', ') || 'none' }
        throw new WitanError('MODEL_NOT_SERVED', 'The miner does not serve this model version', { facts })
      }
      const facts = { policy, served: ofVersion.policies.join(', ') }
      throw new WitanError('REQUEST_MISADDRESSED', 'The request is under another policy', { facts })
    },
  }
}
