import { bountyDown, type ClosingEpoch, type Intent, isWorthSettling, paysOff } from '@witan/chain'
import { type ErrorCode, isWitanError, unpackWords } from '@witan/protocol'
import { type Cost, costOf, type KeeperChain, type KeeperRules, type KeeperSender } from './keeper-chain.js'

/** How an epoch stands for this keeper: `waiting` is looked at again, the others are final. */
export type EpochEnd = 'done' | 'settled' | 'stakeless' | 'void'
export type EpochState = EpochEnd | 'waiting' | 'unprofitable'

export interface EpochModules {
  readonly chain: KeeperChain
  readonly sender: KeeperSender
  readonly rules: KeeperRules
  /** A transaction of this keeper was mined. */
  onAction(action: 'snapshot' | 'settle', epoch: number): void
}

/** An ended epoch as a keeper found it. */
interface EpochTask {
  readonly netuid: number
  readonly closing: ClosingEpoch
  /** Unix seconds. */
  readonly now: number
  readonly modules: EpochModules
  readonly signal: AbortSignal
}

/** A settlement cannot be tried before its snapshot is there: an upper bound of what it will take, a voter and a cell. */
const SETTLE_GAS = 500_000
const SETTLE_GAS_PER_CELL = 300

/** Others were first, or the window has closed: both normal, both final. */
const SETTLED_OR_VOID: readonly ErrorCode[] = ['ALREADY_SETTLED', 'EPOCH_VOID']

/** Does what an ended epoch lacks, as far as it is due: its snapshot, then its settlement. */
export async function settleEpoch(
  netuid: number,
  closing: ClosingEpoch,
  now: number,
  modules: EpochModules,
  signal: AbortSignal,
): Promise<EpochState> {
  const { chain } = modules
  const { epoch } = closing
  const task = { netuid, closing, now, modules, signal }
  const last = await chain.consensus.lastSettled(netuid, { signal })
  if (last !== undefined && last.epoch >= epoch) return 'settled'
  try {
    if ((await chain.consensus.lastSnapshot(netuid, { signal })) !== epoch) {
      return await takeSnapshot(task)
    }
    return now < closing.revealEndsAt ? 'waiting' : await settle(task)
  } catch (error) {
    if (!isWitanError(error)) throw error
    // Another keeper took the snapshot first: its settlement is next.
    if (error.code === 'ALREADY_SNAPSHOTTED') return 'waiting'
    if (!SETTLED_OR_VOID.includes(error.code)) throw error
    return error.code === 'ALREADY_SETTLED' ? 'settled' : 'void'
  }
}

async function takeSnapshot(task: EpochTask): Promise<EpochState> {
  const { netuid, modules, signal } = task
  const { chain, sender, onAction } = modules
  const { epoch } = task.closing
  const { stakes, uids } = await chain.consensus.snapshotOf(netuid, epoch, { signal })
  const staked = unpackWords(stakes, 32, uids)
  if (!isWorthSettling(staked)) return 'stakeless'
  const intent = chain.intents.snapshot(netuid, epoch)
  const voters = staked.filter((stake) => stake > 0n).length
  const more = SETTLE_GAS + SETTLE_GAS_PER_CELL * voters * uids
  const cost = async () => plus(await costOf(chain, intent, sender, signal), more)
  if (!(await covers(task, cost))) return 'unprofitable'
  await submit(`snapshot:${netuid}:${epoch}`, intent, task)
  onAction('snapshot', epoch)
  return 'waiting'
}

async function settle(task: EpochTask): Promise<EpochState> {
  const { netuid, modules, signal } = task
  const { chain, sender, onAction } = modules
  const { epoch } = task.closing
  const { snapshot, votes } = await chain.settleInputs(netuid, epoch, signal)
  if (!isWorthSettling(unpackWords(snapshot.stakes, 32, snapshot.uids))) return 'stakeless'
  const intent = chain.intents.settle({ netuid, epoch, snapshot, votes })
  if (!(await covers(task, () => costOf(chain, intent, sender, signal)))) {
    return 'unprofitable'
  }
  await submit(`settle:${netuid}:${epoch}`, intent, task)
  onAction('settle', epoch)
  return 'done'
}

/** Whether the bounty of the epoch is worth what is left to do; always, where no price is known. */
async function covers({ netuid, closing, modules, signal }: EpochTask, cost: () => Promise<Cost>): Promise<boolean> {
  const { chain, rules } = modules
  const { tokenPriceWei } = rules
  if (tokenPriceWei === undefined) return true
  const [emission, cap, spent] = await Promise.all([
    chain.money.epochEmission(netuid, closing.endsAt, { signal }),
    chain.money.bountyCap({ signal }),
    cost(),
  ])
  return paysOff({ rewardWei: bountyDown(emission, cap), tokenPriceWei, ...spent })
}

function plus({ gas, gasPriceWei }: Cost, more: number): Cost {
  return { gas: gas + more, gasPriceWei }
}

/** Must be mined before the epoch is void. Sent once, however often the keeper is killed. */
async function submit(
  idempotenceKey: string,
  intent: Intent,
  { closing, now, modules, signal }: EpochTask,
): Promise<void> {
  const { sender, rules } = modules
  const { maxCostWei } = rules
  const deadlineMs = (closing.settleEndsAt - now) * 1000
  await sender.submit(intent, { idempotenceKey, deadlineMs, signal, ...(maxCostWei !== undefined && { maxCostWei }) })
}
