import { type Address, type Hex, WitanError } from '@witan/protocol'
import type {
  Abi,
  AbiParametersToPrimitiveTypes,
  AbiParameterToPrimitiveType,
  AbiStateMutability,
  ExtractAbiFunction,
  ExtractAbiFunctionNames,
} from 'abitype'
import type { FunctionFragment, Interface } from 'ethers'
import { type BlockTag, type Rpc, toBlockParameter } from '../rpc/rpc.js'
import { createDecoder, type Decode } from './decoder.js'
import { interfaceOf } from './interface-of.js'
import { revertOf } from './revert.js'

type Reading = 'view' | 'pure'
type Writing = Exclude<AbiStateMutability, Reading>

export type ReadName<A extends Abi> = ExtractAbiFunctionNames<A, Reading>
export type WriteName<A extends Abi> = ExtractAbiFunctionNames<A, Writing>

type Function<A extends Abi, Name extends string> = ExtractAbiFunction<A, Name>
type Outputs<A extends Abi, Name extends string> = Function<A, Name>['outputs']

export type Arguments<A extends Abi, Name extends string> = AbiParametersToPrimitiveTypes<
  Function<A, Name>['inputs'],
  'inputs'
>

export type Output<A extends Abi, Name extends string> =
  Outputs<A, Name> extends readonly [infer Only extends Outputs<A, Name>[number]]
    ? AbiParameterToPrimitiveType<Only, 'outputs'>
    : AbiParametersToPrimitiveTypes<Outputs<A, Name>, 'outputs'>

export interface ReadOptions {
  /** The newest block when absent. */
  readonly block?: BlockTag | undefined
  readonly signal?: AbortSignal | undefined
}

/** One deployed contract: typed by its ABI, plain values in and out. */
export interface BoundContract<A extends Abi> {
  readonly name: string
  readonly address: Address
  readonly abi: A
  /** Throws `CONTRACT_REVERTED` or the specific code of the contract's error. */
  read<Name extends ReadName<A>>(name: Name, args: Arguments<A, Name>, options?: ReadOptions): Promise<Output<A, Name>>
  encode<Name extends WriteName<A>>(name: Name, args: Arguments<A, Name>): Hex
}

export function bindContract<const A extends Abi>(name: string, abi: A, address: Address, rpc: Rpc): BoundContract<A> {
  const coder = interfaceOf(abi)
  return {
    name,
    address,
    abi,
    encode: (method, args) =>
      coder.encodeFunctionData(functionOf(coder, method, args), args as readonly unknown[]) as Hex,
    async read(method, args, { block = 'latest', signal } = {}) {
      const fragment = functionOf(coder, method, args)
      const call = { to: address, data: coder.encodeFunctionData(fragment, args as readonly unknown[]) }
      const data = await rpc
        .request<string>('eth_call', [call, toBlockParameter(block)], { signal })
        .catch((error: unknown) => {
          throw revertOf(error, `${name}.${method}`) ?? error
        })
      if (data === '0x') throw contractMissing(name, address, block)
      return decodeOutput(fragment, data) as never
    },
  }
}

/** By its arguments too: a name may stand for several functions. */
function functionOf(coder: Interface, method: string, args: unknown): FunctionFragment {
  return coder.getFunction(method, [...(args as readonly unknown[])])!
}

/** Every function here returns something: nothing means that no contract answered. */
function contractMissing(contract: string, address: Address, block: BlockTag): WitanError {
  return new WitanError('CONTRACT_MISSING', 'There is no contract at the address', {
    facts: { contract, address, block },
  })
}

const decoders = new WeakMap<FunctionFragment, Decode>()

/** One value as it is, several as an array: how abitype types the outputs of a function. */
export function decodeOutput(fragment: FunctionFragment, data: string): unknown {
  let decode = decoders.get(fragment)
  if (decode === undefined) {
    decode = createDecoder(fragment.outputs)
    decoders.set(fragment, decode)
  }
  try {
    const values = decode(data)
    return values.length === 1 ? values[0] : values
  } catch (cause) {
    throw new WitanError('RPC_REJECTED', 'The answer of the RPC endpoint does not decode', {
      facts: { method: fragment.name },
      cause,
    })
  }
}
