import { stakeAdd } from '../../commands/stake/add.js'
import { stakeRemove, stakeWithdraw } from '../../commands/stake/remove.js'
import { watchFaults } from '../../commands/watch/faults.js'
import { argumentsOf } from '../../settings/sending.js'
import { refusalOf } from '../refusal.js'
import type { Stage } from '../stage.js'
import { ask, writeDigit } from './ask.js'
import type { GovernanceClaim } from './claims.js'
import { DELEGATE, WATCHER } from './governance-network.js'

const NODE = 'miner-equivocator'
const OWNER = `owner-${NODE}`
const STAKE = 1_000n * 10n ** 18n
const DELEGATED = 500n * 10n ** 18n

/**
 * Somebody asks a miner the same twice and keeps both receipts, a watcher finds the fault in them and accuses the node.
 * Its owner cannot leave; whoever backs it can ask to, but is held, and slashed when the wait is over.
 */
export async function punishEquivocation(stage: Stage<GovernanceClaim>): Promise<void> {
  const { client, context } = stage
  const operator = stage.addressOf(NODE)
  await stakeAdd.run({ ...stage.as(OWNER), operator, amount: STAKE }, context)
  await stakeAdd.run({ ...stage.as(DELEGATE), operator, amount: DELEGATED }, context)
  const image = await writeDigit(stage, 3)
  const receipts = stage.path('receipts.jsonl')
  const first = await ask(stage, { image, miner: operator, keep: receipts })
  const second = await ask(stage, { image, keep: receipts, again: receipts })

  const watch = () =>
    watchFaults.run({ ...stage.as(WATCHER), receipts: [receipts], journal: [], once: true, interval: 1 }, context)
  const accused = await watch()
  const answers = [first.receipt.responseDigest, second.receipt.responseDigest]
  const accusation = accused.done.find(({ action }) => action === 'accuse')
  if (accusation === undefined) {
    stage.book.observe('slashed', false, { miner: operator, request: first.requestDigest, answers, accused: null })
    return
  }
  const leave = (who: string) => stakeRemove.run({ ...stage.as(who), operator, amount: undefined, all: true }, context)
  const ownerLeaving = await refusalOf(() => leave(OWNER))
  const { availableAt } = await leave(DELEGATE)
  const { nodeId } = accusation
  await stage.untilChainTime(availableAt!)
  const withdrawing = await refusalOf(() => stakeWithdraw.run({ ...stage.as(DELEGATE), request: undefined }, context))

  const { executableAt } = (await client.court.accusations()).find((each) => each.nodeId === nodeId)!
  await stage.untilChainTime(executableAt)
  const executed = await watch()
  const sent = executed.done.find(({ action }) => action === 'execute')?.sent
  const result = sent && argumentsOf(sent, 'AccusationExecuted')
  const again = await watch()
  const { burned = 0n, reward = 0n } = result ?? {}
  stage.book.observe(
    'slashed',
    answers[0] !== answers[1] &&
      ownerLeaving === 'STAKE_HELD' &&
      withdrawing === 'STAKE_HELD' &&
      burned > 0n &&
      burned >= reward &&
      again.done.length === 0,
    {
      miner: operator,
      nodeId,
      request: first.requestDigest,
      answers,
      accused: accusation.sent?.calls.at(-1)?.hash,
      ownerLeaving,
      delegateWithdrawing: withdrawing,
      executed: sent?.calls.at(-1)?.hash,
      burned,
      reward,
      accusedAgain: again.done.length,
    },
  )
}
