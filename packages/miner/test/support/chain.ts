import type { Neuron } from '@witan/chain'
import { type Address, type Hex, MINIMAL_PARAMETERS } from '@witan/protocol'
import type { MinerChain } from '../../src/miner-chain.js'
import { MODEL } from './world.js'

export const operatorOf = (uid: number): Address => `0x${uid.toString(16).padStart(40, '0')}`

export function neuronOf(uid: number, stake: bigint, registeredAt = 10, operator = operatorOf(uid)): Neuron {
  return { uid, nodeId: BigInt(uid + 1), registeredAt, operator, owner: operator, takeBps: 0, stake, record: undefined }
}

export interface TestChain extends MinerChain {
  set(neurons: readonly Neuron[], modelVersions?: readonly Hex[]): void
  /** Every read fails with the error; undefined ends it. */
  fail(error: Error | undefined): void
}

/** A chain that holds what the test says. */
export function chainOf(initial: readonly Neuron[]): TestChain {
  let neurons = initial
  let modelVersions: readonly Hex[] = [MODEL]
  let failure: Error | undefined
  const parameters = { ...MINIMAL_PARAMETERS, maxValidators: 2 }
  const read = async <T>(value: T): Promise<T> => {
    if (failure !== undefined) throw failure
    return value
  }
  return {
    subnets: {
      subnet: () => read({ modelVersions, parameters: parameters as never }),
      neurons: () => read(neurons),
    },
    consensus: { lastSettled: () => read(undefined) },
    set(next, versions = modelVersions) {
      neurons = next
      modelVersions = versions
    },
    fail(error) {
      failure = error
    },
  }
}
