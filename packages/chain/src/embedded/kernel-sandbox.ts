import { abis, bytecode } from '@witan/contracts'
import type { Address, EpochEngine } from '@witan/protocol'
import { type Clock, createService, type Logger, type Service } from '@witan/runtime'
import { bindContract } from '../abi/contract.js'
import { createKernelEngine } from '../client/epoch-engine.js'
import type { Contracts } from '../network/contracts.js'
import { createRpc } from '../rpc/create-rpc.js'
import { createEmbeddedChain } from './embedded-chain.js'

/** The contract's kernel on a chain of its own, for calculations outside any network. */
export interface KernelSandbox extends Service {
  /** Valid once started. */
  readonly run: EpochEngine
  /** The contract itself, for its other functions; valid once started. */
  kernel(): Contracts['kernel']
}

/** An address that nothing else uses on the sandbox's chain. */
const KERNEL_ADDRESS: Address = '0x00000000000000000000000000000000004b6572'

export function createKernelSandbox({ clock, logger }: { clock: Clock; logger: Logger }): KernelSandbox {
  const chain = createEmbeddedChain({ blockTimeSeconds: 0 }, { clock, logger })
  let kernel: Contracts['kernel'] | undefined
  const service = createService({
    async start() {
      await chain.start()
      const rpc = createRpc({ urls: [chain.rpcUrl()] }, { clock })
      // Creation code, called without an address, returns the code it would leave.
      const code = await rpc.request<string>('eth_call', [{ data: bytecode.EpochKernel }, 'latest'])
      await rpc.request('anvil_setCode', [KERNEL_ADDRESS, code])
      kernel = bindContract('EpochKernel', abis.EpochKernel, KERNEL_ADDRESS, rpc)
    },
    stop: () => chain.stop(),
  })
  const started = () => {
    if (kernel === undefined) throw new Error('the sandbox is not started')
    return kernel
  }
  return { ...service, kernel: started, run: (input) => createKernelEngine({ kernel: started() })(input) }
}
