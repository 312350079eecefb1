import { encodeNamedCall, type NamedCall } from '@witan/chain'
import { isWitanError } from '@witan/protocol'
import type { Stage } from './stage.js'

/** The code with which something is refused; undefined when it is not. */
export async function refusalOf(attempt: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    if (isWitanError(error)) return error.code
    throw error
  }
}

/** The code with which the chain refuses a call that one of the people makes directly; nothing is sent. */
export async function directRefusal({ client, addressOf }: Stage, actor: string, named: NamedCall) {
  const { contractsByAddress } = await client.companions()
  const call = encodeNamedCall(named, contractsByAddress)
  const intent = {
    ...call,
    description: 'by itself',
    call: { contract: named.contract, method: named.function, args: {} },
  }
  return refusalOf(() => client.simulate([intent], addressOf(actor)))
}
