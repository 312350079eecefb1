import { type Address, type Hex, WitanError } from '@witan/protocol'
import type { Acceptance } from './accepted.js'
import type { Neuron } from './reads/neuron.js'

export interface WantedRegistration {
  readonly netuid: number
  readonly operator: Address
  /** A fixed version that the node works with; undefined when it follows the registry. */
  readonly modelVersion: Hex | undefined
}

/** The reads it takes; the chain client has them. */
export interface RegistrationReads {
  readonly subnets: { neurons(netuid: number): Promise<readonly Neuron[]> }
  readonly models: { acceptedOn(netuid: number): Promise<Acceptance> }
}

/**
 * Where a node stands in its subnet. Throws `UNREGISTERED_OPERATOR` or `MODEL_NOT_REGISTERED`: it would work and never
 * be paid.
 */
export async function checkRegistration(
  { netuid, operator, modelVersion }: WantedRegistration,
  { subnets, models }: RegistrationReads,
): Promise<Pick<Neuron, 'uid' | 'nodeId' | 'registeredAt'>> {
  const [{ versions }, neurons] = await Promise.all([models.acceptedOn(netuid), subnets.neurons(netuid)])
  const neuron = neurons.find((candidate) => candidate.operator === operator)
  if (neuron === undefined) {
    throw new WitanError('UNREGISTERED_OPERATOR', 'The operator has no slot in the subnet', {
      facts: { netuid, operator },
    })
  }
  if (modelVersion !== undefined && !versions.some(({ manifest }) => manifest === modelVersion)) {
    throw new WitanError('MODEL_NOT_REGISTERED', 'Answers of this model version do not count in the subnet', {
      facts: { netuid, modelVersion, registered: versions.map(({ manifest }) => manifest).join(', ') },
    })
  }
  return neuron
}
