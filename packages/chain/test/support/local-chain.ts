import type { Address } from '@witan/protocol'
import { createLogger, type Logger, openDatabase, systemClock } from '@witan/runtime'
import { readBlock, readLatestBlock } from '../../src/blocks/block.js'
import {
  CHAIN_MIGRATIONS,
  createEmbeddedChain,
  createRpc,
  createSender,
  type EmbeddedChain,
  type Rpc,
  type Sender,
} from '../../src/index.js'
import { keyOf } from './keys.js'

export const clock = systemClock
export const logger: Logger = createLogger({ name: 'test', level: 'silent' })

const COIN = 10n ** 18n

export interface LocalChain {
  readonly chain: EmbeddedChain
  readonly rpc: Rpc
  senderOf(name: string, rpc?: Rpc): Promise<Sender>
  /** Moves the chain's time on to `unixSeconds`, unless it is past it, and mines a block there. */
  moveTo(unixSeconds: number): Promise<void>
  stop(): Promise<void>
}

export const fund = (addresses: readonly Address[]) =>
  addresses.map((address) => ({ address, amountWei: 1000n * COIN }))

/** A fresh chain that mines a block for every transaction; named keys have coin. */
export async function startLocalChain(names: readonly string[], blockTimeSeconds = 0): Promise<LocalChain> {
  const accounts = fund(names.map((name) => keyOf(name).address))
  const chain = createEmbeddedChain({ blockTimeSeconds, accounts }, { clock, logger })
  await chain.start()
  const rpc = createRpc({ urls: [chain.rpcUrl()] }, { clock })
  const senders: Sender[] = []

  return {
    chain,
    rpc,
    async senderOf(name, through = rpc) {
      const sender = createSender(
        { chainId: 31_337, genesisHash: (await readBlock(rpc, 0))!.hash, pollMs: 20 },
        { signer: keyOf(name), rpc: through, database: openDatabase(':memory:', CHAIN_MIGRATIONS), clock, logger },
      )
      await sender.start()
      senders.push(sender)
      return sender
    },
    async moveTo(unixSeconds) {
      if ((await readLatestBlock(rpc)).timestamp >= unixSeconds) return
      await rpc.request('evm_setNextBlockTimestamp', [unixSeconds])
      await rpc.request('evm_mine', [])
    },
    async stop() {
      await Promise.all(senders.map((sender) => sender.stop()))
      await chain.stop()
    },
  }
}

/** Whether a process of this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
