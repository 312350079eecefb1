import type { Hex } from '@witan/protocol'
import { decide } from '../decide.js'
import { directRefusal } from '../refusal.js'
import type { Stage } from '../stage.js'
import { ask, writeDigit } from './ask.js'
import type { GovernanceClaim } from './claims.js'
import { CREATOR, HOLDER, MODEL_ID } from './governance-network.js'
import type { Trained } from './models.js'
import { incentives, untilUnpaid } from './pay.js'

/** To fetch, load and offer a model on a busy machine. */
const SWITCH_SECONDS = 60

/** The holders make version 2 live; who follows is paid, who does not or only says so is not. */
export async function moveToVersion(
  stage: Stage<GovernanceClaim>,
  { version, second, gain }: { version: number; second: Trained; gain: number },
): Promise<void> {
  const activate = { contract: 'ModelRegistry', function: 'activate', args: [MODEL_ID, version] }
  const refused = await Promise.all(
    ['deployer', CREATOR, 'subnet-owner'].map(async (actor) => [actor, await directRefusal(stage, actor, activate)]),
  )
  const before = await incentives(stage)
  const decision = await decide(stage, {
    by: HOLDER,
    title: `Make version ${version} live`,
    reason: `${gain.toFixed(2)} points more of the test images.`,
    calls: [activate],
  })
  const { live, graceEndsAt } = await stage.client.models.model(BigInt(MODEL_ID))
  stage.book.observe('by-vote-only', refused.every(([, code]) => code === 'STAKERS_DECIDE') && live === version, {
    refused: Object.fromEntries(refused),
    decision: decision.number,
    transaction: decision.steps.at(-1)?.transaction,
  })
  await observeSwitch(stage, second.modelVersion, graceEndsAt)
  await stage.untilChainTime(graceEndsAt)
  const claimed = await untilUnder(stage, 'miner-impostor', second.modelVersion)
  const [stale, impostor] = await Promise.all([untilUnpaid(stage, 'miner-stale'), untilUnpaid(stage, 'miner-impostor')])
  stage.book.observe('stale', earned(before, 'miner-stale'), {
    incentiveBefore: before.get('miner-stale'),
    ...stale,
    graceEndsAt,
  })
  stage.book.observe('impostor', earned(before, 'miner-impostor'), {
    incentiveBefore: before.get('miner-impostor'),
    claims: claimed.receipt.modelVersion,
    receipt: claimed.receipt.responseDigest,
    ...impostor,
  })
}

const earned = (shares: ReadonlyMap<string, number>, name: string): boolean => (shares.get(name) ?? 0) > 0

/** The first answer that a miner gives under a version. */
async function untilUnder(stage: Stage, name: string, wanted: Hex) {
  const image = await writeDigit(stage, 7)
  return stage.until(`${name} to answer under version 2`, SWITCH_SECONDS, async () => {
    try {
      const answer = await ask(stage, { image, miner: stage.addressOf(name) })
      return answer.receipt.modelVersion === wanted && answer
    } catch {
      return undefined
    }
  })
}

async function observeSwitch(stage: Stage<GovernanceClaim>, wanted: Hex, graceEndsAt: number): Promise<void> {
  const switched = await Promise.all(
    ['miner-1', 'miner-2', 'miner-3'].map(async (name) => {
      const { receipt, text } = await untilUnder(stage, name, wanted)
      return { miner: name, text, finishedAt: receipt.finishedAt }
    }),
  )
  const inTime = switched.every(({ finishedAt }) => finishedAt < graceEndsAt * 1000)
  stage.book.observe('switched', inTime, { modelVersion: wanted, graceEndsAt, switched })
}
