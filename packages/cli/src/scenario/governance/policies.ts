import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, type Hex, type Policy, policyDigest, policyDocument } from '@witan/protocol'
import { decide } from '../decide.js'
import { refusalOf } from '../refusal.js'
import type { Stage } from '../stage.js'
import { ask, writeDigit } from './ask.js'
import type { GovernanceClaim } from './claims.js'
import { HOLDER, MODEL_ID } from './governance-network.js'
import { untilPaid, untilUnpaid } from './pay.js'

/** The digit that the policy refuses for a while. */
const REFUSED_DIGIT = 4
const OTHER_DIGIT = 7
/** A miner reads the registry every second and then loads the gate. */
const FOLLOW_SECONDS = 60

const OPEN: Policy = {
  version: 1,
  tasks: ['digits'],
  input: { maxBytes: 784, mediaTypes: [] },
  output: { maxBytes: 1_024, mediaTypes: [] },
  refuse: [],
  gate: null,
  notice: 'A machine read this digit.',
  retentionSeconds: 3_600,
}

/** Where a validator has policies, so that other nodes get them by digest. */
export const policyFolder = (stage: Pick<Stage, 'path'>): string => stage.path('policies')

async function writePolicy(stage: Stage, policy: Policy): Promise<Hex> {
  const digest = policyDigest(policy)
  await mkdir(policyFolder(stage), { recursive: true })
  await writeFile(join(policyFolder(stage), `${digest}.json`), policyDocument(policy))
  return digest
}

/**
 * The holders decide that what version 1 reads as a certain digit is not answered. A request that was answered is refused
 * then, and a miner that answers it nevertheless loses its pay. After a second decision the request is answered again.
 */
export async function changePolicies(stage: Stage<GovernanceClaim>, gateVersion: Hex): Promise<void> {
  const [refused, other] = await Promise.all([writeDigit(stage, REFUSED_DIGIT), writeDigit(stage, OTHER_DIGIT)])
  const miner = stage.addressOf('miner-1')
  const before = await ask(stage, { image: refused, miner })
  const incentiveBefore = await untilPaid(stage, 'miner-policy-breaker')

  const strict = await writePolicy(stage, {
    ...OPEN,
    gate: { modelVersion: gateVersion, label: `${REFUSED_DIGIT}`, thresholdPpm: 500_000 },
  })
  const closing = await decidePolicy(stage, strict, `Do not answer pictures of a ${REFUSED_DIGIT}`)
  const code = await untilFollowed(stage, async () => {
    const refusal = await refusalOf(() => ask(stage, { image: refused, miner }))
    return refusal === 'POLICY_REFUSED' ? refusal : undefined
  })
  const allowed = await ask(stage, { image: other, miner })
  stage.book.observe('policy-refuses', allowed.receipt.policy === strict, {
    decision: closing.number,
    transaction: closing.steps.at(-1)?.transaction,
    answeredBefore: before.text,
    answeredUnder: before.receipt.policy,
    refusedWith: code,
    otherDigit: allowed.text,
    policy: strict,
  })
  const broken = await untilAnswered(stage, refused, stage.addressOf('miner-policy-breaker'))
  const unpaid = await untilUnpaid(stage, 'miner-policy-breaker')
  stage.book.observe('policy-breaker', broken.receipt.policy === strict, {
    incentiveBefore,
    ...unpaid,
    answer: broken.text,
    receipt: broken.receipt.responseDigest,
    policy: strict,
  })

  const open = await writePolicy(stage, OPEN)
  const opening = await decidePolicy(stage, open, `Answer pictures of a ${REFUSED_DIGIT} again`)
  const again = await untilAnswered(stage, refused, miner)
  stage.book.observe('policy-answers', again.receipt.policy === open && again.policy.notice === OPEN.notice, {
    decision: opening.number,
    transaction: opening.steps.at(-1)?.transaction,
    answer: again.text,
    receipt: again.receipt.responseDigest,
    policy: open,
    notice: again.policy.notice,
  })
}

const decidePolicy = (stage: Stage, digest: Hex, title: string) =>
  decide(stage, {
    by: HOLDER,
    title,
    reason: `The policy is ${digest}.`,
    calls: [{ contract: 'ModelRegistry', function: 'setModelPolicy', args: [MODEL_ID, digest] }],
  })

const untilAnswered = (stage: Stage, image: string, miner: Address) =>
  untilFollowed(stage, async () => {
    try {
      return await ask(stage, { image, miner })
    } catch {
      return undefined
    }
  })

const untilFollowed = <T>({ until }: Stage, check: () => Promise<T | undefined>): Promise<T> =>
  until('the miner to follow the policy', FOLLOW_SECONDS, check)
