import type { Address } from '@witan/protocol'
import type { Rpc } from '../../src/index.js'

/** Flips bits of each word that a view reads, until what is looked for is found; each is put back. */
export async function falsify<T>(
  rpc: Rpc,
  to: Address,
  data: string,
  bits: bigint,
  look: () => Promise<T | undefined>,
) {
  for (const slot of await slotsRead(rpc, to, data)) {
    const word = BigInt(await rpc.request<string>('eth_getStorageAt', [to, slot, 'latest']))
    const write = async (value: bigint) => {
      await rpc.request('anvil_setStorageAt', [to, slot, `0x${value.toString(16).padStart(64, '0')}`])
      await rpc.request('evm_mine', [])
    }
    await write(word ^ bits)
    const found = await look()
    await write(word)
    if (found !== undefined) return found
  }
  return undefined
}

async function slotsRead(rpc: Rpc, to: Address, data: string): Promise<readonly string[]> {
  const { accessList } = await rpc.request<{ accessList: { address: string; storageKeys: string[] }[] }>(
    'eth_createAccessList',
    [{ from: `0x${'0'.repeat(40)}`, to, data }, 'latest'],
  )
  return accessList.find(({ address }) => address.toLowerCase() === to)?.storageKeys ?? []
}
