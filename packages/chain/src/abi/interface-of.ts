import type { Abi } from 'abitype'
import { Interface } from 'ethers'

const interfaces = new WeakMap<Abi, Interface>()

/** The encoder of an ABI, made once. */
export function interfaceOf(abi: Abi): Interface {
  let made = interfaces.get(abi)
  if (made === undefined) {
    made = new Interface(JSON.stringify(abi))
    interfaces.set(abi, made)
  }
  return made
}
