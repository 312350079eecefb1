import { openDatabase } from '@witan/runtime'
import { readBlock } from '../../src/blocks/block.js'
import { CHAIN_MIGRATIONS, createRpc, createSender, type Rpc } from '../../src/index.js'
import { coin } from './coin.js'
import { keyOf } from './keys.js'
import { clock, logger } from './local-chain.js'

/**
 * A process that sends one coin from alice to bob and stops dead at a chosen point, where the test kills it:
 * `before`: the transaction is journaled and not sent; `after`: it is sent and the answer never arrives.
 */
const [url, databasePath, point] = process.argv.slice(2) as [string, string, 'before' | 'after']
const rpc = createRpc({ urls: [url] }, { clock })

const stopping: Rpc = {
  async request<T>(method: string, params: readonly unknown[]): Promise<T> {
    if (method !== 'eth_sendRawTransaction') return rpc.request<T>(method, params)
    if (point === 'after') await rpc.request(method, params)
    process.stdout.write('here\n')
    return new Promise<T>(() => {})
  },
}

const sender = createSender(
  { chainId: 31_337, genesisHash: (await readBlock(rpc, 0))!.hash, pollMs: 20 },
  { signer: keyOf('alice'), rpc: stopping, database: openDatabase(databasePath, CHAIN_MIGRATIONS), clock, logger },
)
await sender.start()
await sender.submit(coin('bob', 1n), { idempotenceKey: 'the one' })
