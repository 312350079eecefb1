import { type Address, type EpochSchedule, type Hex, WitanError } from '@witan/protocol'
import type { ValidatorChain } from './validator-chain.js'

export interface Registration {
  readonly netuid: number
  readonly operator: Address
  readonly modelVersion: Hex
}

export interface RegisteredValidator {
  readonly uid: number
  readonly schedule: EpochSchedule
}

/** Where the validator stands in its subnet. Throws `UNREGISTERED_OPERATOR` or `MODEL_NOT_REGISTERED`. */
export async function checkRegistration(
  { netuid, operator, modelVersion }: Registration,
  chain: Pick<ValidatorChain, 'subnets'>,
): Promise<RegisteredValidator> {
  const [{ modelVersions, schedule }, neurons] = await Promise.all([
    chain.subnets.subnet(netuid),
    chain.subnets.neurons(netuid),
  ])
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
  return { uid: neuron.uid, schedule }
}
