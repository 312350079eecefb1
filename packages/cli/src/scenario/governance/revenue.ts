import { datasetPay } from '../../commands/dataset/pay.js'
import { datasetRoyalty } from '../../commands/dataset/royalty.js'
import { payDistribute, payValidators } from '../../commands/pay/distribute.js'
import { payOpen } from '../../commands/pay/open.js'
import { payWithdraw } from '../../commands/pay/withdraw.js'
import { NETUID } from '../../local-network/local-plan.js'
import { argumentsOf } from '../../settings/sending.js'
import type { Stage } from '../stage.js'
import { ask, writeDigit } from './ask.js'
import type { GovernanceClaim } from './claims.js'
import type { DigitSet } from './data-set.js'
import { CONTRIBUTOR, CREATOR, CUSTOMER, MODEL_ID, WATCHER } from './governance-network.js'

const TOKEN = 10n ** 18n
const DEPOSIT = 10n * TOKEN
const MAX_PRICE = TOKEN
const QUESTIONS = [0, 1, 7] as const
const SETTLE_SECONDS = 60
/** Of what is settled, in basis points. */
const LEAST_FOR_CREATORS_AND_STAKERS = 7_000n

/** A customer pays a miner by voucher; what the miner settles is split, and everybody who is owed takes it out. */
export async function payForAnswers(stage: Stage<GovernanceClaim>, { setId, folders }: DigitSet): Promise<void> {
  const { client, context } = stage
  const miner = stage.addressOf('miner-1')
  const { channelId } = await payOpen.run(
    { ...stage.as(CUSTOMER), node: { operator: miner }, netuid: NETUID, modelId: MODEL_ID, amount: DEPOSIT },
    context,
  )
  let price = 0n
  for (const digit of QUESTIONS) {
    const image = await writeDigit(stage, digit)
    const { receipt } = await ask(stage, { image, by: CUSTOMER, channel: channelId!, maxPriceWei: MAX_PRICE })
    price += receipt.price
  }
  const paid = await stage.until('the miner to settle its vouchers', SETTLE_SECONDS, async () => {
    const channel = await client.payments.channel(channelId!)
    return channel.paid === price && channel.paid
  })
  const { calls } = await payDistribute.run(
    { ...stage.as(WATCHER), netuid: NETUID, node: undefined, modelId: MODEL_ID },
    context,
  )
  const parts = argumentsOf({ calls }, 'Distributed')
  const validators = await payValidators.run({ ...stage.as(WATCHER), netuid: NETUID, stale: false }, context)
  const treasury = await client.payments.owedTo(client.network.contracts.timelock)
  const creator = await payWithdraw.run({ ...stage.as(WATCHER), account: stage.addressOf(CREATOR) }, context)
  await datasetPay.run({ ...stage.as(CREATOR), set: setId, version: 1, amount: dataSetPart(paid) }, context)
  const contributor = await datasetRoyalty.run(
    { ...stage.as(CONTRIBUTOR), dataset: folders[0], set: setId, version: 1 },
    context,
  )
  const forValidators = validators.paid.reduce((sum, { assets }) => sum + assets, 0n)
  const enough = parts !== undefined && (parts.creators + parts.pool) * 10_000n >= paid * LEAST_FOR_CREATORS_AND_STAKERS
  const everybody = [creator.revenueWei, parts?.pool ?? 0n, contributor.claimedWei, forValidators, treasury].every(
    (wei) => wei > 0n,
  )
  stage.book.observe('revenue', enough && everybody, {
    channel: channelId,
    answers: QUESTIONS.length,
    paid,
    distributed: parts,
    creatorAndDataSet: creator.withdrawnWei,
    contributor: contributor.claimedWei,
    validators: forValidators,
    treasury,
    transaction: calls.at(-1)?.hash,
  })
}

/** What the table gives the data set, whose owner passes it on. */
const dataSetPart = (paid: bigint): bigint => paid / 10n
