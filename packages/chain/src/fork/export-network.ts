import { type Address, WitanError } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import { createFindings } from '../audit/findings.js'
import { readImmutables } from '../audit/read-immutables.js'
import { readTimedEvents } from '../audit/read-timed-events.js'
import { createReplay } from '../audit/replay.js'
import { readBlock, readSameBlock } from '../blocks/block.js'
import { bindCompanions, withCompanions } from '../network/companions.js'
import type { Connection } from '../network/connect-chain.js'
import { createBook } from './book.js'
import { exportDeposits } from './export-deposits.js'
import { exportEarnings } from './export-earnings.js'
import { checkSums, EXPORT_FORMAT, type ForkExport } from './export-file.js'
import { exportRegistries } from './export-registries.js'
import { exportRevenue } from './export-revenue.js'
import { exportStake } from './export-stake.js'
import { exportTerms } from './export-terms.js'
import type { Exporting } from './exporting.js'
import { createTrail, follow } from './trail.js'

export interface ExportOptions {
  /** The endpoint must have its state. */
  readonly block: number
  /** Blocks whose events are read at a time. */
  readonly pageBlocks?: number
  /** After every page: blocks done, and the last one. */
  readonly onProgress?: (block: number, lastBlock: number) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * The state of a network at a block, for a fork: who has what, to the wei, and what there is. Events tell which accounts
 * and items exist, the contracts' state at the block what they have. The same block gives the same export. Throws
 * `FORK_SUMS_DIFFER` when the parts are not the supply, `BLOCK_REPLACED` when the block does not stay, and what reads of the
 * chain throw.
 */
export async function exportNetwork(connection: Connection, options: ExportOptions): Promise<ForkExport> {
  const { rpc, network, contracts, genesisHash } = connection
  const { signal, onProgress, pageBlocks } = options
  const block = await readBlock(rpc, options.block, { signal })
  if (block === undefined) {
    throw new WitanError('RPC_REJECTED', 'The endpoint has no such block', { facts: { block: options.block } })
  }
  const at = { block: block.number, signal }
  const companions = await bindCompanions(contracts, rpc, network)
  const replay = createReplay(await readImmutables(connection, at), createFindings())
  const trail = createTrail()
  const fromBlock = network.deployedAtBlock
  const addresses = withCompanions(connection.contractsByAddress, companions)
  const range = { contracts: addresses, fromBlock, toBlock: block.number, signal }
  for await (const page of readTimedEvents(rpc, { ...range, ...(pageBlocks !== undefined && { pageBlocks }) })) {
    for (const timed of page) {
      replay.apply(timed)
      follow(trail, timed.event)
    }
    onProgress?.(page.at(-1)?.event.blockNumber ?? fromBlock, block.number)
  }

  const own = new Set<Address>([...addresses.keys(), await contracts.subnets.read('lifecycle', [], at)])
  const book = createBook(own)
  const balanceOf = (account: Address) => contracts.token.read('balanceOf', [account], at)
  const exporting: Exporting = { contracts, at, replay, trail, book, balanceOf }
  await exportBalances(exporting, own)
  const undistributed = await exportRevenue(exporting)
  const { nodes, accrued } = await exportStake(exporting, undistributed)
  const unclaimed = accrued + (await exportEarnings(exporting))
  await exportDeposits(exporting)

  const { holders, ...rest } = book.close()
  const supply = { issued: await contracts.token.read('totalSupply', [], at), unclaimed, ...rest }
  checkSums({ holders, supply })
  const items = { ...(await exportRegistries(exporting)), terms: await exportTerms(exporting) }
  await readSameBlock(rpc, block, { signal })
  const source = { chainId: network.chainId, genesisHash, block: block.number, blockHash: block.hash }
  return {
    format: EXPORT_FORMAT,
    source: { ...source, time: block.timestamp, contracts: { ...network.contracts } },
    supply,
    holders,
    nodes,
    ...items,
  }
}

/**
 * What the contracts of the network hold for others is told by them; what the rest of them has is the treasury's. An
 * endpoint that leaves events out may leave a channel out: its deposit would be nobody's.
 */
async function exportBalances({ contracts, replay, book, balanceOf }: Exporting, own: ReadonlySet<Address>) {
  const { vault, subnets, splitter, channels, datasets, court } = contracts
  const custodians = new Set([vault, subnets, splitter, channels, datasets, court].map(({ address }) => address))
  await forEachOf(replay.token.balances, async ([account, rebuilt]) => {
    const balance = await balanceOf(account)
    if (balance !== rebuilt) {
      throw new WitanError('FORK_SUMS_DIFFER', 'Events are missing: they give another balance than the token has', {
        facts: { account, rebuilt, stored: balance },
      })
    }
    if (custodians.has(account)) return
    if (own.has(account)) book.leave(balance)
    else book.credit(account, 'balance', balance)
  })
}
