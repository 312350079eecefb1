import { openDatabase } from '@witan/runtime'
import { CHAIN_MIGRATIONS, createRpc, createSender, genesisHashOf } from '../../src/index.js'
import { keyOf } from './keys.js'
import { clock, logger } from './local-chain.js'
import { createWave, hasEnded, submitWave } from './wave.js'

/** A process that submits what is open of a wave and prints `ended` when nothing is. The test kills it at any moment. */
const [url, databasePath, wave, count] = process.argv.slice(2) as [string, string, string, string]
const rpc = createRpc({ urls: [url], timeoutMs: 2_000 }, { clock })
const database = openDatabase(databasePath, CHAIN_MIGRATIONS)
const sender = createSender(
  { chainId: 31_337, genesisHash: await genesisHashOf(rpc), pollMs: 50, conflictMs: 500, closingMs: 1 },
  { signer: keyOf('alice'), rpc, database, clock, logger },
)
process.stdout.write('ready\n')
await sender.start()
void submitWave(sender, createWave(wave, Number(count), { everyShort: 5 }))
await hasEnded(sender)
process.stdout.write('ended\n')
await sender.stop()
database.close()
