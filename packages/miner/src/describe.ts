import { type Description, type Load, type ModelOffer, ZERO_DIGEST } from '@witan/protocol'
import type { OfferedVersion } from './serving/offers.js'

export interface Described {
  readonly offered: readonly OfferedVersion[]
  /** Wei. */
  readonly price: bigint
  readonly software: string
}

/** What the miner tells anybody who asks. */
export function describeMiner({ offered, price, software }: Described, load: Load): Description {
  return { models: offered.map((offer) => describeModel(offer, price)), load, software }
}

function describeModel({ version, policies, model }: OfferedVersion, pricePerRequest: bigint): ModelOffer {
  const { engine, version: engineVersion, provider, device, precision } = model.description().device
  return {
    version,
    name: model.manifest.name,
    engine: `${engine} ${engineVersion}`,
    device: `${provider}: ${device}`,
    precision,
    context: 0,
    pricePerRequest,
    pricePerUnit: 0n,
    policy: policies[0] ?? ZERO_DIGEST,
    unitsPerSecond: 0,
  }
}
