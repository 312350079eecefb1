import { abis, type ContractName } from '@witan/contracts'
import { AbiCoder, type FunctionFragment, type ParamType } from 'ethers'
import { interfaceOf } from './interface-of.js'

export interface CallableArgument {
  readonly name: string
  /** As the ABI writes it: `uint16`, `address[]`, `tuple(bytes32 root, uint64 records)`. */
  readonly type: string
  /** The value that a line of text means: JSON for lists, structures and truth values, else the text itself. Throws Error. */
  read(text: string): unknown
}

export interface CallableFunction {
  /** With its types, which tell functions of one name apart. */
  readonly signature: string
  readonly args: readonly CallableArgument[]
}

/** The functions of a contract that change something and take no coin, by name. */
export function callableFunctions(contract: ContractName): CallableFunction[] {
  return interfaceOf(abis[contract])
    .fragments.filter((each): each is FunctionFragment => each.type === 'function')
    .filter(({ constant, payable }) => !constant && !payable)
    .map((fragment) => ({
      signature: fragment.format('sighash'),
      args: fragment.inputs.map((type, index) => ({
        name: type.name || `argument${index}`,
        type: type.format('full').replace(/ [^ )]*$/, ''),
        read: (text: string) => readArgument(type, text.trim()),
      })),
    }))
    .sort((a, b) => (a.signature < b.signature ? -1 : 1))
}

function readArgument(type: ParamType, text: string): unknown {
  const isJson = type.baseType === 'array' || type.baseType === 'tuple' || type.baseType === 'bool'
  const value = isJson ? JSON.parse(text) : text
  if (type.baseType === 'bool' && typeof value !== 'boolean') throw new Error('true or false')
  AbiCoder.defaultAbiCoder().encode([type], [value])
  return value
}
