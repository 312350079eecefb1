import type { ChainClient } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { option, usageError } from '../command/option.js'
import { asAddress, asInteger } from '../command/parse.js'

export const asUid = asInteger(0, 1_023)

/** How a slot is named: `uidOf` reads it. `purpose` is what the help says of it. */
export const slotOptions = (purpose: string) => ({
  uid: option.optional('--uid <uid>', purpose, asUid),
  operator: option.optional('--operator <address>', 'the same, by the operator in the slot', asAddress),
})

export interface SlotReference {
  readonly uid: number | undefined
  readonly operator: Address | undefined
}

/** The slot that is meant. Throws `UNREGISTERED_OPERATOR` for an operator without one in the subnet. */
export async function uidOf(client: ChainClient, netuid: number, { uid, operator }: SlotReference): Promise<number> {
  if (uid !== undefined && operator === undefined) return uid
  if (uid !== undefined || operator === undefined) throw usageError('Give either --uid or --operator')
  const found = await client.subnets.uidOf(netuid, operator)
  if (found !== undefined) return found
  throw new WitanError('UNREGISTERED_OPERATOR', 'The operator has no slot in the subnet', {
    facts: { netuid, operator },
  })
}
