import { abis } from '@witan/contracts'
import { type ErrorCode, type ErrorFact, type Hex, WitanError } from '@witan/protocol'
import { type ErrorFragment, Interface, type Result } from 'ethers'
import { printable, RpcRejection } from '../rpc/rpc-rejection.js'
import { codeOfContractError } from './contract-errors.js'
import { interfaceOf } from './interface-of.js'
import { toPlain } from './plain.js'

const MAX_FACT_CHARACTERS = 100
const BUILTIN = new Interface([])

/** The contract error inside an RPC rejection, or undefined when the rejection is not a revert. */
export function revertOf(error: unknown, call: string): WitanError | undefined {
  if (!(error instanceof RpcRejection)) return undefined
  const data = revertDataOf(error.data)
  if (data !== undefined) return decodeRevert(data, call, error)
  return /revert/i.test(error.reason) ? reverted('CONTRACT_REVERTED', { call, error: error.reason }, error) : undefined
}

/** Revert data as a coded error: the error's name and arguments become facts. */
export function decodeRevert(data: Hex, call: string, cause?: unknown): WitanError {
  const builtin = builtinReason(data)
  if (builtin !== undefined) return reverted('CONTRACT_REVERTED', { call, error: builtin }, cause)
  for (const [contract, abi] of abisFor(call)) {
    const coder = interfaceOf(abi)
    const fragment = data.length < 10 ? null : coder.getError(data.slice(0, 10))
    if (fragment === null) continue
    const facts = { call, error: fragment.name, ...argumentFacts(coder, fragment, data) }
    return reverted(codeOfContractError(contract, fragment.name) ?? 'CONTRACT_REVERTED', facts, cause)
  }
  return reverted('CONTRACT_REVERTED', { call, error: data.slice(0, 74) }, cause)
}

/** The called contract's own ABI first: an error of one name and shape may be in several. */
function abisFor(call: string) {
  const contract = call.split('.')[0]
  return Object.entries(abis).sort(([a], [b]) => Number(b === contract) - Number(a === contract))
}

/** `Error(string)` and `Panic(uint256)` of the compiler, and an empty revert; every ethers interface knows them. */
function builtinReason(data: Hex): string | undefined {
  if (data === '0x') return 'no reason given'
  const fragment = BUILTIN.getError(data.slice(0, 10))
  if (fragment === null) return undefined
  try {
    const [value] = BUILTIN.decodeErrorResult(fragment, data)
    if (fragment.name === 'Panic') return `panic 0x${BigInt(value).toString(16)}`
    return printable(String(value)).slice(0, MAX_FACT_CHARACTERS)
  } catch {
    return data.slice(0, 74)
  }
}

function reverted(code: ErrorCode, facts: Record<string, ErrorFact>, cause: unknown): WitanError {
  return new WitanError(code, 'The contract refuses the call', { facts, cause })
}

/** None when the endpoint sent data that only begins like the error. */
function argumentFacts(coder: Interface, fragment: ErrorFragment, data: Hex): Record<string, ErrorFact> {
  let values: Result
  try {
    values = coder.decodeErrorResult(fragment, data)
  } catch {
    return {}
  }
  return Object.fromEntries(
    fragment.inputs.map((type, index) => {
      const value = toPlain(type, values[index])
      const printable = typeof value === 'object' ? JSON.stringify(value) : value
      return [
        type.name || `argument${index}`,
        typeof printable === 'string' ? printable.slice(0, MAX_FACT_CHARACTERS) : printable,
      ]
    }),
  ) as Record<string, ErrorFact>
}

/** Nodes put revert data in `data` itself or nest it one or two levels down. */
function revertDataOf(data: unknown): Hex | undefined {
  if (typeof data === 'string') return /^0x([0-9a-f]{2})*$/i.test(data) ? (data as Hex) : undefined
  if (typeof data !== 'object' || data === null) return undefined
  const { data: inner, originalError } = data as { data?: unknown; originalError?: unknown }
  return revertDataOf(inner ?? originalError)
}
