import { type Address, type Hex, WitanError } from '@witan/protocol'
import type { Neuron } from './reads/neuron.js'
import type { Subnet } from './reads/read-subnets.js'

export interface WantedRegistration {
  readonly netuid: number
  readonly operator: Address
  readonly modelVersion: Hex
}

/** The reads it takes; the chain client has them. */
export interface RegistrationReads<S extends Pick<Subnet, 'modelVersions'>> {
  subnet(netuid: number): Promise<S>
  neurons(netuid: number): Promise<readonly Neuron[]>
}

/**
 * Where a node stands in its subnet. Throws `UNREGISTERED_OPERATOR` or `MODEL_NOT_REGISTERED`: it would work and never
 * be paid.
 */
export async function checkRegistration<S extends Pick<Subnet, 'modelVersions'>>(
  { netuid, operator, modelVersion }: WantedRegistration,
  reads: RegistrationReads<S>,
): Promise<{ uid: number; nodeId: bigint; subnet: S }> {
  const [subnet, neurons] = await Promise.all([reads.subnet(netuid), reads.neurons(netuid)])
  const neuron = neurons.find((candidate) => candidate.operator === operator)
  if (neuron === undefined) {
    throw new WitanError('UNREGISTERED_OPERATOR', 'The operator has no slot in the subnet', {
      facts: { netuid, operator },
    })
  }
  if (!subnet.modelVersions.includes(modelVersion)) {
    throw new WitanError('MODEL_NOT_REGISTERED', 'The subnet does not name this model version', {
      facts: { netuid, modelVersion, registered: subnet.modelVersions.join(', ') },
    })
  }
  return { uid: neuron.uid, nodeId: neuron.nodeId, subnet }
}
