import type { Intent } from '../../src/index.js'
import { keyOf } from './keys.js'

/** An intent that sends `amountWei` of the chain's coin to a named key. */
export function coin(to: string, amountWei: bigint): Intent {
  const address = keyOf(to).address
  return {
    to: address,
    data: '0x',
    valueWei: amountWei,
    description: `send ${amountWei} wei to ${to}`,
    call: { contract: 'coin', method: 'transfer', args: { to: address, amountWei } },
  }
}
