import { type Address, bytesToHex, type Hex, keccak256, MerkleTree, WitanError } from '@witan/protocol'
import { AbiCoder } from 'ethers'
import { claimOf, exportDigest, type ForkExport, sum } from './export-file.js'
import { FORK_KINDS, type ForkItem, type ForkKind, itemsOf } from './fork-items.js'

/** What a holder claims, wei. */
export interface ForkClaimant {
  readonly account: Address
  readonly liquid: bigint
  readonly staked: bigint
}

/** A fork of an export without some accounts: what its contract is created with, and the proofs. */
export interface ForkTrees {
  readonly origin: ForkOrigin
  readonly claimants: readonly ForkClaimant[]
  readonly items: readonly ForkItem[]
  /** Throws `FORK_CLAIM_UNKNOWN`. */
  claim(account: Address): ForkClaimant & { readonly proof: Hex[] }
  /** Throws `FORK_CLAIM_UNKNOWN`. */
  item(kind: ForkKind, id: number): ForkItem & { readonly proof: Hex[] }
}

export interface ForkOrigin {
  readonly exportDigest: Hex
  readonly claimsRoot: Hex
  readonly stateRoot: Hex
  /** Wei of all claims. */
  readonly supply: bigint
}

const coder = AbiCoder.defaultAbiCoder()

/** Throws `FORK_CLAIM_UNKNOWN` when nobody is left who could claim. */
export function growTrees(body: ForkExport, excluded: ReadonlySet<Address>): ForkTrees {
  const claimants = body.holders
    .filter(({ account }) => !excluded.has(account))
    .map((holder) => ({ account: holder.account, ...claimOf(holder) }))
  if (claimants.length === 0) throw unknown({ reason: 'nobody is left' })
  const items = itemsOf(body, excluded)
  const claims = treeOf(claimants, ['address', 'uint256', 'uint256'], ({ account, liquid, staked }) => [
    account,
    liquid,
    staked,
  ])
  const state = treeOf(items, ['uint8', 'uint256', 'address', 'bytes32'], ({ kind, id, owner, digest }) => [
    FORK_KINDS.indexOf(kind),
    id,
    owner,
    digest,
  ])
  return {
    origin: {
      exportDigest: exportDigest(body),
      claimsRoot: bytesToHex(claims.root),
      stateRoot: bytesToHex(state.root),
      supply: sum(claimants.map(({ liquid, staked }) => liquid + staked)),
    },
    claimants,
    items,
    claim: (account) => proven(claims, claimants, (claimant) => claimant.account === account, { account }),
    item: (kind, id) => proven(state, items, (item) => item.kind === kind && item.id === id, { kind, id }),
  }
}

/** OpenZeppelin's leaves: keccak256 twice, over the ABI encoding. */
function treeOf<Item>(items: readonly Item[], types: readonly string[], valuesOf: (item: Item) => unknown[]) {
  return new MerkleTree(
    items.map((item) => keccak256(keccak256(Buffer.from(coder.encode(types, valuesOf(item)).slice(2), 'hex')))),
  )
}

function proven<Item>(
  tree: MerkleTree,
  items: readonly Item[],
  isMeant: (item: Item) => boolean,
  facts: Record<string, string | number>,
): Item & { readonly proof: Hex[] } {
  const place = items.findIndex(isMeant)
  if (place < 0) throw unknown(facts)
  return { ...items[place]!, proof: tree.proof(place).map(bytesToHex) }
}

function unknown(facts: Record<string, string | number>): WitanError {
  return new WitanError('FORK_CLAIM_UNKNOWN', 'The fork takes nothing over for this', { facts })
}
