import { abis } from '@witan/contracts'
import { type ErrorCode, type ErrorFact, type Hex, WitanError } from '@witan/protocol'
import type { ErrorFragment, Interface } from 'ethers'
import { RpcRejection } from '../rpc/rpc-rejection.js'
import { interfaceOf } from './interface-of.js'
import { toPlain } from './plain.js'

/** Errors of the contracts that a caller often meets, with a code and a cure of their own. */
const SPECIFIC_CODES: Readonly<Record<string, ErrorCode>> = {
  PriceExceeded: 'PRICE_EXCEEDED',
  SubnetFull: 'SUBNET_FULL',
  SubnetUnknown: 'SUBNET_UNKNOWN',
  NeuronUnknown: 'NEURON_UNKNOWN',
  NotRegistered: 'UNREGISTERED_OPERATOR',
  OperatorUnknown: 'UNREGISTERED_OPERATOR',
  AlreadyRegistered: 'ALREADY_REGISTERED',
  NotNodeOwner: 'NOT_NODE_OWNER',
  SignatureExpired: 'CONSENT_INVALID',
  SignatureInvalid: 'CONSENT_INVALID',
  SeqNotGreater: 'RECORD_OUTDATED',
  NotCurrentEpoch: 'NOT_CURRENT_EPOCH',
  CommitmentMissing: 'COMMITMENT_MISSING',
  CommitmentMismatch: 'COMMITMENT_MISMATCH',
  AlreadyRevealed: 'ALREADY_REVEALED',
  RevealClosed: 'REVEAL_CLOSED',
  TooEarly: 'TOO_EARLY',
  Void: 'EPOCH_VOID',
  AlreadySettled: 'ALREADY_SETTLED',
  AlreadySnapshotted: 'ALREADY_SNAPSHOTTED',
  StillUnbonding: 'STILL_UNBONDING',
  ERC20InsufficientBalance: 'INSUFFICIENT_TOKENS',
  ERC20InsufficientAllowance: 'INSUFFICIENT_ALLOWANCE',
}

const MAX_FACT_CHARACTERS = 100

/** The contract error inside an RPC rejection, or undefined when the rejection is not a revert. */
export function revertOf(error: unknown, call: string): WitanError | undefined {
  if (!(error instanceof RpcRejection)) return undefined
  const data = revertDataOf(error.data)
  if (data !== undefined) return decodeRevert(data, call, error)
  return /revert/i.test(error.reason) ? reverted('CONTRACT_REVERTED', { call, error: error.reason }, error) : undefined
}

/** Revert data as a coded error: the error's name and arguments become facts. */
export function decodeRevert(data: Hex, call: string, cause?: unknown): WitanError {
  for (const abi of Object.values(abis)) {
    const coder = interfaceOf(abi)
    const fragment = data.length >= 10 ? coder.getError(data.slice(0, 10)) : null
    if (fragment === null) continue
    const facts = { call, error: fragment.name, ...argumentFacts(coder, fragment, data) }
    return reverted(SPECIFIC_CODES[fragment.name] ?? 'CONTRACT_REVERTED', facts, cause)
  }
  return reverted('CONTRACT_REVERTED', { call, error: data === '0x' ? 'no reason given' : data.slice(0, 74) }, cause)
}

function reverted(code: ErrorCode, facts: Record<string, ErrorFact>, cause: unknown): WitanError {
  return new WitanError(code, 'The contract refuses the call', { facts, cause })
}

function argumentFacts(coder: Interface, fragment: ErrorFragment, data: Hex): Record<string, ErrorFact> {
  const values = coder.decodeErrorResult(fragment, data)
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
