import type { Address, Hex } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'
import { createHistory, type History } from './history.js'
import { type Hold, NO_HOLD } from './holds.js'

/** A node and its pool; amounts in wei. */
export interface NodeState {
  readonly owner: Address
  operator: Address
  /** As of the last `StakeUpdated`. */
  assets: bigint
  /** Rewards not unlocked when the pool was last touched. */
  locked: bigint
  unlockEnd: number
  shares: bigint
  unbonding: bigint
  generation: number
  slashes: number
  takeRaisedAt: number
  hold: Hold
  readonly stakes: History
  readonly takes: History
}

interface Node extends NodeState {
  /** `assets` with what entered and left since the last `StakeUpdated`: what is more was unlocked. */
  expected: bigint
  /** The transaction in which an event told `locked`. */
  lockedIn: Hex | undefined
}

export interface RequestState {
  readonly nodeId: bigint
  readonly account: Address
  /** Before slashes; 0 once paid. */
  assets: bigint
}

export interface VaultLedger {
  readonly nodes: Map<bigint, Node>
  /** Every key that ever served a node. */
  readonly everNodeOf: Map<Address, bigint>
  /** When a key was replaced, unix seconds; 0: it serves. */
  readonly retiredAt: Map<Address, number>
  /** Shares of the pool's running generation, by node and account. */
  readonly shares: Map<bigint, Map<Address, bigint>>
  readonly requests: Map<bigint, RequestState>
}

export const createVaultLedger = (): VaultLedger => ({
  nodes: new Map(),
  everNodeOf: new Map(),
  retiredAt: new Map(),
  shares: new Map(),
  requests: new Map(),
})

export function applyToVault(ledger: VaultLedger, event: AuditEvent<'StakeVault'>, time: number): void {
  switch (event.name) {
    case 'NodeCreated': {
      const { nodeId, owner, operator } = event.args
      ledger.nodes.set(nodeId, newNode(owner, operator))
      ledger.everNodeOf.set(operator, nodeId)
      return
    }
    case 'OperatorSet':
      nodeOf(ledger, event.args.nodeId).operator = event.args.operator
      ledger.everNodeOf.set(event.args.operator, event.args.nodeId)
      ledger.retiredAt.set(event.args.previous, time)
      ledger.retiredAt.set(event.args.operator, 0)
      return
    case 'TakeSet': {
      const node = nodeOf(ledger, event.args.nodeId)
      if (BigInt(event.args.takeBps) > node.takes.latest()) node.takeRaisedAt = time
      node.takes.push(time, BigInt(event.args.takeBps))
      return
    }
    case 'Slashed': {
      const node = nodeOf(ledger, event.args.nodeId)
      node.slashes++
      node.generation = Number(event.args.generation)
      tellLocked(node, event.args.locked, event.transactionHash)
      return
    }
    case 'Held': {
      const { nodeId, since, open } = event.args
      nodeOf(ledger, nodeId).hold = { since, latest: time, open }
      return
    }
    case 'Released': {
      const node = nodeOf(ledger, event.args.nodeId)
      node.hold = { ...node.hold, open: event.args.open }
      return
    }
    case 'PoolClosed': {
      nodeOf(ledger, event.args.nodeId).shares = 0n
      ledger.shares.delete(event.args.nodeId)
      return
    }
    case 'RewardAdded': {
      const node = nodeOf(ledger, event.args.nodeId)
      node.unlockEnd = event.args.unlockEnd
      tellLocked(node, event.args.locked, event.transactionHash)
      return
    }
    case 'StakeUpdated':
      updateStake(nodeOf(ledger, event.args.nodeId), event.args.assets, event.transactionHash, time)
      return
    default:
      applyMove(ledger, event)
  }
}

/** What accounts do: shares and amounts that enter, leave and wait. */
function applyMove(ledger: VaultLedger, event: AuditEvent<'StakeVault'>): void {
  switch (event.name) {
    case 'Staked': {
      const { nodeId, account, assets, shares } = event.args
      move(ledger, nodeId, account, assets, shares)
      return
    }
    case 'Redelegated': {
      const { fromNode, toNode, account, assets, shares, received } = event.args
      move(ledger, fromNode, account, -assets, -shares)
      move(ledger, toNode, account, assets, received)
      return
    }
    case 'DebtPaid': {
      const { nodeId, account, assets, shares } = event.args
      // Withheld from a withdrawal: that was no part of the pool any more.
      if (shares > 0n) move(ledger, nodeId, account, -assets, -shares)
      return
    }
    case 'UnstakeRequested': {
      const { requestId, nodeId, account, assets, shares } = event.args
      move(ledger, nodeId, account, -assets, -shares)
      queue(ledger, requestId, { nodeId, account, assets })
      return
    }
    case 'ResidueReleased': {
      const { requestId, nodeId, owner, assets } = event.args
      tellLocked(nodeOf(ledger, nodeId), 0n, event.transactionHash)
      queue(ledger, requestId, { nodeId, account: owner, assets })
      return
    }
    case 'OwnerPaid':
      tellLocked(nodeOf(ledger, event.args.nodeId), 0n, event.transactionHash)
      return
    case 'Withdrawn': {
      const request = ledger.requests.get(event.args.requestId)
      if (request === undefined) return
      nodeOf(ledger, request.nodeId).unbonding -= request.assets
      request.assets = 0n
    }
  }
}

function newNode(owner: Address, operator: Address): Node {
  const amounts = { assets: 0n, locked: 0n, shares: 0n, unbonding: 0n, expected: 0n }
  const counts = { unlockEnd: 0, generation: 0, slashes: 0, takeRaisedAt: 0 }
  return {
    owner,
    operator,
    ...amounts,
    ...counts,
    stakes: createHistory(),
    takes: createHistory(),
    hold: NO_HOLD,
    lockedIn: undefined,
  }
}

/** A node that no event created stands out in the comparison instead of ending it. */
function nodeOf({ nodes }: VaultLedger, nodeId: bigint): Node {
  const node = nodes.get(nodeId) ?? newNode('0x', '0x')
  nodes.set(nodeId, node)
  return node
}

function move(ledger: VaultLedger, nodeId: bigint, account: Address, assets: bigint, shares: bigint): void {
  const node = nodeOf(ledger, nodeId)
  node.shares += shares
  node.expected += assets
  const held = ledger.shares.get(nodeId) ?? new Map<Address, bigint>()
  ledger.shares.set(nodeId, held)
  held.set(account, (held.get(account) ?? 0n) + shares)
}

function queue(ledger: VaultLedger, requestId: bigint, request: RequestState): void {
  ledger.requests.set(requestId, request)
  nodeOf(ledger, request.nodeId).unbonding += request.assets
}

function tellLocked(node: Node, locked: bigint, transaction: Hex): void {
  node.locked = locked
  node.lockedIn = transaction
}

/** What the pool has more than moves explain was unlocked; an event of the same transaction may have told the rest. */
function updateStake(node: Node, assets: bigint, transaction: Hex, time: number): void {
  if (node.lockedIn !== transaction) node.locked -= assets - node.expected
  node.lockedIn = undefined
  node.assets = assets
  node.expected = assets
  node.stakes.push(time, assets)
}
