import { abis, type ContractName } from '@witan/contracts'
import { type Address, type Hex, WitanError } from '@witan/protocol'
import type { FunctionFragment, ParamType } from 'ethers'
import type { Call, DecodedCall } from '../intent.js'
import { createDecoder } from './decoder.js'
import { interfaceOf } from './interface-of.js'

/** A call by names, as a person writes it. */
export interface NamedCall {
  /** `Subnets`. */
  readonly contract: string
  /** `list`, or with its types where a name stands for several functions: `relay(address,uint256,bytes)`. */
  readonly function: string
  /** In order, or by name. */
  readonly args: readonly unknown[] | Readonly<Record<string, unknown>>
}

/** Encodes a call of one of `contracts`. Throws `PROPOSAL_INVALID` naming what does not fit. */
export function encodeNamedCall(named: NamedCall, contracts: ReadonlyMap<Address, ContractName>): Call {
  const [to, contract] = [...contracts].find(([, name]) => name === named.contract) ?? []
  if (to === undefined || contract === undefined) {
    throw invalid('The network has no such contract', named, { known: [...contracts.values()].join(' ') })
  }
  const coder = interfaceOf(abis[contract])
  const fragment = functionNamed(named, contract)
  try {
    return { to, data: coder.encodeFunctionData(fragment, valuesOf(fragment, named)) as Hex, valueWei: 0n }
  } catch (cause) {
    if (cause instanceof WitanError) throw cause
    const reason = (cause as { shortMessage?: string }).shortMessage ?? String(cause)
    throw invalid('The arguments do not fit the function', named, { signature: fragment.format('full'), reason }, cause)
  }
}

/** What a call means, or undefined for one that no known contract would understand. */
export function decodeCall(
  { to, data }: Pick<Call, 'to' | 'data'>,
  contracts: ReadonlyMap<Address, ContractName>,
): DecodedCall | undefined {
  const contract = to === null ? undefined : contracts.get(to)
  if (contract === undefined || data.length < 10) return undefined
  const fragment = interfaceOf(abis[contract]).getFunction(data.slice(0, 10))
  if (fragment === null) return undefined
  try {
    const values = createDecoder(fragment.inputs)(`0x${data.slice(10)}`)
    const args = Object.fromEntries(fragment.inputs.map(({ name }, index) => [nameOf(name, index), values[index]]))
    return { contract, method: fragment.name, args }
  } catch {
    return undefined
  }
}

function functionNamed(named: NamedCall, contract: ContractName): FunctionFragment {
  const coder = interfaceOf(abis[contract])
  const found = coder.fragments.filter(
    (each): each is FunctionFragment =>
      each.type === 'function' &&
      ((each as FunctionFragment).name === named.function || each.format('sighash') === named.function),
  )
  const callable = found.filter(({ constant }) => !constant)
  if (callable.length === 1) return callable[0]!
  const problem =
    callable.length === 0
      ? 'The contract has no such function that changes anything'
      : 'The name stands for several functions'
  throw invalid(problem, named, { found: found.map((each) => each.format('sighash')).join(' ') || 'none' })
}

function valuesOf({ inputs }: FunctionFragment, named: NamedCall): unknown[] {
  const { args } = named
  if (Array.isArray(args)) return inputs.map((type, index) => argumentOf(type, args[index], named))
  const byName = args as Readonly<Record<string, unknown>>
  const unknown = Object.keys(byName).filter(
    (name) => !inputs.some((input, index) => nameOf(input.name, index) === name),
  )
  if (unknown.length > 0) throw invalid('The function has no such argument', named, { unknown: unknown.join(' ') })
  return inputs.map((type, index) => argumentOf(type, byName[nameOf(type.name, index)], named))
}

/** Whole numbers are safe, or bigints: another number is a fraction or has lost digits before it came here. */
function argumentOf(type: ParamType, value: unknown, named: NamedCall): unknown {
  if (value === undefined || value === null) {
    throw invalid('An argument is missing', named, { argument: type.format('full') })
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw invalid('The argument is no whole number in digits', named, { argument: type.format('full'), value })
  }
  if (type.baseType === 'array' && Array.isArray(value)) {
    return value.map((item) => argumentOf(type.arrayChildren!, item, named))
  }
  if (type.baseType === 'tuple' && typeof value === 'object') {
    const fields = value as Readonly<Record<string, unknown>>
    return type.components!.map((field, index) => argumentOf(field, fields[nameOf(field.name, index)], named))
  }
  return value
}

const nameOf = (name: string, index: number) => name || `argument${index}`

function invalid(message: string, named: NamedCall, facts: Record<string, unknown>, cause?: unknown): WitanError {
  return new WitanError('PROPOSAL_INVALID', message, {
    facts: { contract: named.contract, function: named.function, ...facts } as WitanError['facts'],
    ...(cause !== undefined && { cause }),
  })
}
