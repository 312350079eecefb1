import type { Address } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import type { DeedsLedger } from './deeds-ledger.js'
import { stored } from './stored.js'

/** How a registry tells who has its tokens. */
interface DeedReads {
  ownerOf(id: bigint): Promise<Address>
  getApproved(id: bigint): Promise<Address>
  isApprovedForAll(owner: Address, operator: Address): Promise<boolean>
  authority(): Promise<Address>
}

type Compare = (what: string, rebuilt: unknown, stored: unknown) => void

/** @param ids of all tokens that there are */
export async function compareDeeds(
  thing: string,
  ids: Iterable<bigint>,
  { owners, approved, operators, authority }: DeedsLedger,
  reads: DeedReads,
  compare: Compare,
): Promise<void> {
  compare('authority', authority, await reads.authority())
  await forEachOf(ids, async (id) => {
    compare(`${thing} ${id} owner`, owners.get(id), await stored(reads.ownerOf(id)))
    compare(`${thing} ${id} approved`, approved.get(id), await stored(reads.getApproved(id)))
  })
  await forEachOf(operators.values(), async ([owner, operator, isApproved]) => {
    compare(`${operator} for all of ${owner}`, isApproved, await reads.isApprovedForAll(owner, operator))
  })
}
