import type { JsonRpcRequest } from './json-rpc.js'

/** Where a request names the block it reads at. */
const POSITIONS: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getStorageAt: 2,
  eth_getTransactionCount: 1,
}

/**
 * The newest block that a batch needs, or undefined where it names none. An endpoint without it would fail, or answer
 * `eth_getLogs` with less than there is and no error. `eth_getBlockByNumber` is not among them: its null is an answer.
 */
export function wantedBlock(batch: readonly JsonRpcRequest[]): number | undefined {
  let wanted: number | undefined
  for (const { method, params } of batch) {
    const position = POSITIONS[method]
    const filter = params[0] as { readonly toBlock?: unknown } | undefined
    const named = position === undefined ? (method === 'eth_getLogs' ? filter?.toBlock : undefined) : params[position]
    if (typeof named !== 'string' || !/^0x[0-9a-f]+$/.test(named)) continue
    const block = Number(named)
    if (wanted === undefined || block > wanted) wanted = block
  }
  return wanted
}

/** The head that an answer tells of. */
export function headIn({ method, params }: JsonRpcRequest, result: unknown): number | undefined {
  if (method === 'eth_blockNumber') return quantity(result)
  const isLatest = method === 'eth_getBlockByNumber' && params[0] === 'latest'
  return isLatest ? quantity((result as { readonly number?: unknown } | null | undefined)?.number) : undefined
}

function quantity(value: unknown): number | undefined {
  return typeof value === 'string' && /^0x[0-9a-f]+$/.test(value) ? Number(value) : undefined
}
