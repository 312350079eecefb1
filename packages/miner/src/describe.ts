import type { TaskDescription } from '@witan/inference'
import type { Description, Load } from '@witan/protocol'
import type { Offer } from './serving/check-request.js'

export interface Described {
  readonly offer: Offer
  readonly modelName: string
  readonly software: string
}

/** What the miner tells anybody who asks. */
export function describeMiner(
  { offer, modelName, software }: Described,
  task: TaskDescription,
  load: Load,
): Description {
  const { engine, version, provider, device, precision } = task.device
  return {
    models: [
      {
        version: offer.modelVersion,
        name: modelName,
        engine: `${engine} ${version}`,
        device: `${provider}: ${device}`,
        precision,
        context: 0,
        pricePerRequest: offer.price,
        pricePerUnit: 0n,
        policy: offer.policy,
        unitsPerSecond: 0,
      },
    ],
    load,
    software,
  }
}
