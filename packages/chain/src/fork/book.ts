import { type Address, WitanError } from '@witan/protocol'
import { type ForkHolder, sum } from './export-file.js'

/** Where free tokens were. */
export type Place = 'balance' | 'earned' | 'channels' | 'revenue' | 'dataSets' | 'locks' | 'bonds'

/** Who is owed what, wei, while an export is made. */
export interface Book {
  credit(account: Address, place: Place, amount: bigint): void
  stake(account: Address, nodeId: bigint, amount: bigint): void
  unbond(account: Address, amount: bigint): void
  /** What nobody has a right to: rests of divisions, and what somebody sent to a contract. */
  leave(amount: bigint): void
  /** Takes at most `debt` of the account's stake: what slashes took and no call has burned. */
  forfeit(account: Address, debt: bigint): void
  /** Slashed and not burned yet. */
  forfeited(amount: bigint): void
  close(): { holders: ForkHolder[]; treasury: bigint; forfeited: bigint }
}

interface Entry {
  readonly liquid: Map<Place, bigint>
  readonly staked: Map<bigint, bigint>
  unbonding: bigint
}

/** @param own the network's contracts: what one of them would be owed is the treasury's */
export function createBook(own: ReadonlySet<Address>): Book {
  const entries = new Map<Address, Entry>()
  let treasury = 0n
  let forfeited = 0n

  const entryOf = (account: Address): Entry => {
    const entry = entries.get(account) ?? { liquid: new Map(), staked: new Map(), unbonding: 0n }
    entries.set(account, entry)
    return entry
  }
  /** Gives the amount to the account, or to the treasury in place of a contract. */
  const give = (account: Address, amount: bigint, write: (entry: Entry) => void) => {
    if (amount < 0n)
      throw new WitanError('FORK_SUMS_DIFFER', 'A part of the export is negative', { facts: { account } })
    if (amount === 0n) return
    if (own.has(account)) treasury += amount
    else write(entryOf(account))
  }

  return {
    credit: (account, place, amount) =>
      give(account, amount, ({ liquid }) => liquid.set(place, (liquid.get(place) ?? 0n) + amount)),
    stake: (account, nodeId, amount) =>
      give(account, amount, ({ staked }) => staked.set(nodeId, (staked.get(nodeId) ?? 0n) + amount)),
    unbond: (account, amount) =>
      give(account, amount, (entry) => {
        entry.unbonding += amount
      }),
    leave(amount) {
      treasury += amount
    },
    forfeit(account, debt) {
      const entry = entries.get(account)
      if (entry === undefined) return
      let left = debt
      const take = (held: bigint) => {
        const taken = held < left ? held : left
        left -= taken
        forfeited += taken
        return held - taken
      }
      entry.unbonding = take(entry.unbonding)
      for (const [nodeId, amount] of sorted(entry.staked)) entry.staked.set(nodeId, take(amount))
    },
    forfeited(amount) {
      forfeited += amount
    },
    close() {
      const holders = sorted(entries).map(([account, { liquid, staked, unbonding }]) => ({
        account,
        liquid: Object.fromEntries(liquid),
        unbonding,
        staked: sorted(staked)
          .filter(([, amount]) => amount > 0n)
          .map(([nodeId, amount]) => ({ node: Number(nodeId), amount })),
      }))
      return { holders: holders.filter(isOwed), treasury, forfeited }
    },
  }
}

function isOwed({ liquid, unbonding, staked }: ForkHolder): boolean {
  return sum(Object.values(liquid)) + unbonding > 0n || staked.length > 0
}

function sorted<Key extends string | bigint, Value>(map: ReadonlyMap<Key, Value>): [Key, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A contract has at least what it owes. Throws `FORK_SUMS_DIFFER`. */
export function checkCovered(what: string, owed: bigint, held: bigint): void {
  if (owed <= held) return
  throw new WitanError('FORK_SUMS_DIFFER', 'A contract owes more than it has', { facts: { what, owed, held } })
}

/** Divides an amount by weights, each part rounded down; what is left. */
export function divideDown<Key>(
  amount: bigint,
  weights: Iterable<readonly [Key, bigint]>,
  give: (key: Key, part: bigint) => void,
): bigint {
  const all = [...weights]
  const whole = sum(all.map(([, weight]) => weight))
  if (whole === 0n) return amount
  let rest = amount
  for (const [key, weight] of all) {
    const part = (amount * weight) / whole
    rest -= part
    give(key, part)
  }
  return rest
}
