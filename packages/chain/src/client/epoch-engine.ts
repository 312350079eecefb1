import { type EpochEngine, fromKernelOutput, toKernelInput } from '@witan/protocol'
import type { Contracts } from '../network/contracts.js'

/** The epoch's rules as the deployed kernel computes them (`eth_call`): bit for bit those of `runEpoch`. */
export function createKernelEngine({ kernel }: Pick<Contracts, 'kernel'>): EpochEngine {
  return async (epoch) => {
    const input = toKernelInput(epoch)
    const output = await kernel.read('run', [
      {
        ...input,
        endsAt: BigInt(input.endsAt),
        activityCutoff: BigInt(input.activityCutoff),
        lastSettledEnd: BigInt(input.lastSettledEnd),
        registeredAt: input.registeredAt.map(BigInt),
        lastUpdate: input.lastUpdate.map(BigInt),
        committedAt: input.committedAt.map(BigInt),
      },
    ])
    const { consensus, validatorTrust } = output
    return fromKernelOutput(
      { ...output, consensus: consensus.map(BigInt), validatorTrust: validatorTrust.map(BigInt) },
      epoch,
    )
  }
}
