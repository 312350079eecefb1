import { type Address, type Hex, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { ContractName } from '../abi/events.js'
import { genesisHashOf } from '../blocks/block.js'
import type { ChainMetrics } from '../metrics.js'
import { createRpc } from '../rpc/create-rpc.js'
import { type Rpc, toBlockParameter } from '../rpc/rpc.js'
import { bindContracts, CONTRACT_NAMES, type Contracts, contractsByAddress, roles } from './contracts.js'
import type { NetworkFile } from './network-file.js'

/** A checked connection to the network's chain. */
export interface Connection {
  readonly network: NetworkFile
  readonly rpc: Rpc
  /** Hash of block 0: two chains may share an id, not this. */
  readonly genesisHash: Hex
  readonly contracts: Contracts
  readonly contractsByAddress: ReadonlyMap<Address, ContractName>
}

export interface ConnectModules {
  readonly clock: Clock
  readonly metrics?: ChainMetrics | undefined
  readonly signal?: AbortSignal | undefined
}

/** Throws `RPC_UNAVAILABLE`, `WRONG_CHAIN_ID` or `CONTRACT_MISSING`. */
export async function connectChain(
  network: NetworkFile,
  { clock, metrics, signal }: ConnectModules,
): Promise<Connection> {
  const rpc = createRpc({ urls: network.rpcUrls }, { clock, ...(metrics && { metrics }) })
  await checkChainId(rpc, network.chainId, signal)
  const [genesisHash] = await Promise.all([genesisHashOf(rpc, signal), checkContracts(rpc, network, signal)])
  const contracts = bindContracts(network.contracts, rpc)
  const byAddress = contractsByAddress(network)
  return { network, rpc, genesisHash, contracts, contractsByAddress: byAddress }
}

export async function checkChainId(rpc: Rpc, expected: number, signal?: AbortSignal): Promise<void> {
  const actual = Number(await rpc.request<string>('eth_chainId', [], { signal }))
  if (actual === expected) return
  throw new WitanError('WRONG_CHAIN_ID', 'The RPC endpoint serves another chain', { facts: { expected, actual } })
}

async function checkContracts(rpc: Rpc, { contracts }: NetworkFile, signal?: AbortSignal): Promise<void> {
  const checks = roles().map(async (role) => {
    const code = await rpc.request<string>('eth_getCode', [contracts[role], toBlockParameter('latest')], { signal })
    if (code.length > 2) return
    throw new WitanError('CONTRACT_MISSING', 'The address of a contract holds no code', {
      facts: { contract: CONTRACT_NAMES[role], address: contracts[role] },
    })
  })
  await Promise.all(checks)
}
