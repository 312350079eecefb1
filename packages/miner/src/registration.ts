import { type Address, type Hex, WitanError } from '@witan/protocol'
import type { MinerChain } from './miner-chain.js'

export interface Registration {
  readonly netuid: number
  readonly operator: Address
  readonly modelVersion: Hex
}

/** The miner's uid. Throws `UNREGISTERED_OPERATOR` or `MODEL_NOT_REGISTERED`: it would answer and never be paid. */
export async function checkRegistration(wanted: Registration, chain: MinerChain): Promise<number> {
  const { netuid, operator, modelVersion } = wanted
  const [{ modelVersions }, neurons] = await Promise.all([chain.subnets.subnet(netuid), chain.subnets.neurons(netuid)])
  const neuron = neurons.find((candidate) => candidate.operator === operator)
  if (neuron === undefined) {
    throw new WitanError('UNREGISTERED_OPERATOR', 'The operator has no slot in the subnet', {
      facts: { netuid, operator },
    })
  }
  if (!modelVersions.includes(modelVersion)) {
    throw new WitanError('MODEL_NOT_REGISTERED', 'The subnet does not name this model version', {
      facts: { netuid, modelVersion, registered: modelVersions.join(', ') },
    })
  }
  return neuron.uid
}
