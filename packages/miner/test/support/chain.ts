import type { Acceptance, AcceptedVersion, Neuron } from '@witan/chain'
import { type Address, type Hex, MINIMAL_PARAMETERS, ZERO_DIGEST } from '@witan/protocol'
import type { MinerChain } from '../../src/miner-chain.js'
import { MODEL } from './world.js'

export const operatorOf = (uid: number): Address => `0x${uid.toString(16).padStart(40, '0')}`

export function neuronOf(uid: number, stake: bigint, registeredAt = 10, operator = operatorOf(uid)): Neuron {
  return { uid, nodeId: BigInt(uid + 1), registeredAt, operator, owner: operator, takeBps: 0, stake, record: undefined }
}

/** A version as the registry has it. */
export function versionOf(manifest: Hex, overrides: Partial<AcceptedVersion> = {}): AcceptedVersion {
  const plain = { modelId: 0n, number: 0, policy: ZERO_DIGEST, graceEndsAt: undefined, replaced: undefined }
  return { ...plain, manifest, ...overrides }
}

export interface TestChain extends MinerChain {
  set(neurons: readonly Neuron[], modelVersions?: readonly Hex[]): void
  /** What the registry accepts at `timestamp`, unix seconds. */
  decide(versions: readonly AcceptedVersion[], timestamp?: number): void
  /** Every read fails with the error; undefined ends it. */
  fail(error: Error | undefined): void
}

/** A chain that holds what the test says. */
export function chainOf(initial: readonly Neuron[]): TestChain {
  let neurons = initial
  let acceptance: Acceptance = {
    versions: [versionOf(MODEL)],
    subnetPolicy: ZERO_DIGEST,
    gracePeriod: 60,
    timestamp: 1_800_000_000,
  }
  let failure: Error | undefined
  const parameters = { ...MINIMAL_PARAMETERS, maxValidators: 2 }
  const read = async <T>(value: T): Promise<T> => {
    if (failure !== undefined) throw failure
    return value
  }
  return {
    subnets: {
      subnet: () => read({ parameters: parameters as never }),
      neurons: () => read(neurons),
    },
    models: { acceptedOn: () => read(acceptance) },
    consensus: { lastSettled: () => read(undefined) },
    set(next, versions) {
      neurons = next
      if (versions !== undefined)
        acceptance = { ...acceptance, versions: versions.map((version) => versionOf(version)) }
    },
    decide(versions, timestamp = acceptance.timestamp) {
      acceptance = { ...acceptance, versions, timestamp }
    },
    fail(error) {
      failure = error
    },
  }
}
