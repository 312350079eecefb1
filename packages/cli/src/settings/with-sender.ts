import { join } from 'node:path'
import { CHAIN_MIGRATIONS, createSender, openKeystore, type Sender, type SenderModules } from '@witan/chain'
import { type Hex, LOCAL_CHAIN_ID } from '@witan/protocol'
import { acquireLock, openDatabase } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { homeFolder } from './home.js'
import { keystorePath, readPassword } from './keys.js'

const LOCAL_POLL_MS = 250
const PUBLIC_POLL_MS = 2_000

export const pollMsOf = (chainId: number): number => (chainId === LOCAL_CHAIN_ID ? LOCAL_POLL_MS : PUBLIC_POLL_MS)

export interface SendingKey {
  readonly home: string | undefined
  readonly key: string
  readonly passwordFile: string | undefined
}

export interface SendingChain extends Pick<SenderModules, 'rpc' | 'contracts' | 'logger' | 'metrics'> {
  readonly chainId: number
  readonly genesisHash: Hex
}

/** Lends a running sender whose key no other command uses meanwhile. Throws `ALREADY_RUNNING` when one does. */
export async function withSender<T>(
  { home, key, passwordFile }: SendingKey,
  { chainId, genesisHash, ...modules }: SendingChain,
  context: CommandContext,
  use: (sender: Sender) => Promise<T>,
): Promise<T> {
  const folder = homeFolder(home, context)
  const password = readPassword(passwordFile, folder, context)
  const { signer } = await openKeystore({ path: keystorePath(key, folder, context), password })
  const lock = acquireLock(join(folder, 'locks', `${signer.address}.lock`))
  try {
    const database = openDatabase(join(folder, 'transactions.sqlite'), CHAIN_MIGRATIONS, { durability: 'full' })
    const options = { chainId, genesisHash, pollMs: pollMsOf(chainId) }
    const sender = createSender(options, { ...modules, signer, database, clock: context.clock })
    try {
      await sender.start()
      return await use(sender)
    } finally {
      await sender.stop()
      database.close()
    }
  } finally {
    lock.release()
  }
}
