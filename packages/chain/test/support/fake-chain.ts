import { abis } from '@witan/contracts'
import { type Address, type Hex, keccak256Hex } from '@witan/protocol'
import { Interface } from 'ethers'
import type { ContractName, Rpc } from '../../src/index.js'

const token = new Interface(JSON.stringify(abis.WitanToken))
const TOKEN: Address = `0x${'70'.repeat(20)}`
const ACCOUNT: Address = `0x${'71'.repeat(20)}`

/** A chain of blocks that each may hold one transfer, for a follower to follow; forks as it is told to. */
export function createFakeChain() {
  interface FakeBlock {
    readonly hash: Hex
    readonly amount: bigint | undefined
  }
  const hashOf = (...parts: unknown[]) => keccak256Hex(new TextEncoder().encode(parts.join(':')))
  let blocks: FakeBlock[] = [{ hash: hashOf('genesis'), amount: undefined }]
  let made = 0

  const mine = (...amounts: (bigint | undefined)[]) => {
    for (const amount of amounts) blocks.push({ hash: hashOf(made++, amount), amount })
  }
  const quantity = (value: number) => `0x${value.toString(16)}`
  const header = (number: number) => {
    const block = blocks[number]
    const parentHash = blocks[number - 1]?.hash ?? hashOf()
    return block === undefined
      ? null
      : { number: quantity(number), hash: block.hash, parentHash, timestamp: quantity(number) }
  }
  const logAt = (number: number) => {
    const { hash, amount } = blocks[number]!
    if (amount === undefined) return []
    const { topics, data } = token.encodeEventLog('Transfer', [ACCOUNT, ACCOUNT, amount])
    const place = { blockNumber: quantity(number), blockHash: hash, transactionHash: hash, logIndex: '0x0' }
    return [{ address: TOKEN, topics, data, ...place }]
  }
  const answer = (method: string, [first]: readonly unknown[]) => {
    if (method === 'eth_getBlockByNumber') return header(first === 'latest' ? blocks.length - 1 : Number(first))
    const { fromBlock, toBlock } = first as { fromBlock: string; toBlock: string }
    const last = Math.min(Number(toBlock), blocks.length - 1)
    const logs: unknown[] = []
    for (let number = Number(fromBlock); number <= last; number++) logs.push(...logAt(number))
    return logs
  }
  const rpc: Rpc = { request: async <T>(method: string, params: readonly unknown[]) => answer(method, params) as T }
  return {
    rpc,
    contracts: new Map<Address, ContractName>([[TOKEN, 'WitanToken']]),
    mine,
    head: () => blocks.length - 1,
    /** The newest `depth` blocks are replaced by blocks of these amounts. */
    fork(depth: number, ...amounts: (bigint | undefined)[]) {
      blocks = blocks.slice(0, blocks.length - depth)
      mine(...amounts)
    },
  }
}
