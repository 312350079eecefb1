import type { Address } from '@witan/protocol'
import type { Intent } from '../intent.js'
import type { Contracts } from '../network/contracts.js'
import { type Spender, tokenIntents } from './intents/token-intents.js'

export interface Spending {
  readonly owner: Address
  readonly spender: Spender
  readonly amountWei: bigint
}

/** What must be sent before a call that takes tokens: nothing where the allowance suffices, else one approval. */
export async function approvalsFor(contracts: Contracts, { owner, spender, amountWei }: Spending): Promise<Intent[]> {
  const allowance = await contracts.token.read('allowance', [owner, contracts[spender].address])
  return allowance >= amountWei ? [] : [tokenIntents(contracts).approve(spender, amountWei)]
}
