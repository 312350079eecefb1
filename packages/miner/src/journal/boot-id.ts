import { readFile } from 'node:fs/promises'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'

/**
 * A name of this boot of the machine. Where the system has none, every start counts as a new boot: after an unclean end
 * a miner then waits, which is safe.
 */
export async function readBootId(fallback: () => string): Promise<string> {
  try {
    return (await readFile(BOOT_ID_FILE, 'utf8')).trim()
  } catch {
    return fallback()
  }
}
