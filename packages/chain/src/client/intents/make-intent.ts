import type { Abi } from 'abitype'
import type { Arguments, BoundContract, WriteName } from '../../abi/contract.js'
import type { Intent } from '../../intent.js'

/** A contract call as an intent; the arguments are named from the ABI. */
export function makeIntent<A extends Abi, Name extends WriteName<A>>(
  contract: BoundContract<A>,
  method: Name,
  args: Arguments<A, Name>,
  description: string,
): Intent {
  const inputs = contract.abi.find((item) => item.type === 'function' && item.name === method)
  const names = inputs?.type === 'function' ? inputs.inputs.map(({ name }, index) => name || `argument${index}`) : []
  const values = args as readonly unknown[]
  return {
    to: contract.address,
    data: contract.encode(method, args),
    valueWei: 0n,
    description,
    call: {
      contract: contract.name,
      method,
      args: Object.fromEntries(names.map((name, index) => [name, values[index]])),
    },
  }
}
