import { WitanError } from '@witan/protocol'

/** What a contract stores; undefined where it refuses to tell, as one whose storage was changed may. */
export async function stored<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof WitanError && !error.code.startsWith('RPC_')) return undefined
    throw error
  }
}
