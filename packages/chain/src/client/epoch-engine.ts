import { type EpochEngine, fromKernelOutput, type KernelOutput, toKernelInput } from '@witan/protocol'
import type { Contracts } from '../network/contracts.js'

/** The epoch's rules as the deployed kernel computes them (`eth_call`): bit for bit those of `runEpoch`. */
export function createKernelEngine({ kernel }: Pick<Contracts, 'kernel'>): EpochEngine {
  return async (epoch) => {
    const output: unknown = await kernel.read('run', toKernelInput(epoch))
    return fromKernelOutput(output as KernelOutput, epoch)
  }
}
