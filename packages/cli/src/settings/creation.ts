import { type ChainClient, type Intent, simulateTogether } from '@witan/chain'
import type { CommandContext } from '../command/context.js'
import { type SendValues, type Sent, senderAddress, sendIntents } from './sending.js'

/** Something new, and the call that needs its number. */
export interface Creation {
  readonly create: Intent
  /** How many there are: the next one has the next number. */
  count(): Promise<number | bigint>
  numberIn(created: Sent): bigint
  next(number: bigint): Intent
}

/**
 * Creates something and sends what comes next, whose number is known once it is there. Both are tried together first, so
 * that nothing empty is left behind by what is refused next; a dry run takes the next number.
 */
export async function createAndGoOn(
  client: ChainClient,
  { create, count, numberIn, next }: Creation,
  values: SendValues,
  context: CommandContext,
): Promise<Sent & { readonly number: bigint }> {
  const foretold = BigInt(await count()) + 1n
  const both = [create, next(foretold)]
  if (values.dryRun) return { number: foretold, ...(await sendIntents(client, both, values, context)) }
  const { contractsByAddress: contracts } = client
  const from = await senderAddress(values, context)
  await simulateTogether(client.rpc, both, { from, contracts, signal: context.signal })
  const created = await sendIntents(client, [create], values, context)
  const number = numberIn(created)
  const sent = await sendIntents(client, [next(number)], values, context)
  return { number, ...sent, calls: [...created.calls, ...sent.calls] }
}
