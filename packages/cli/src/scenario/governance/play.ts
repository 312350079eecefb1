import { stakeAdd } from '../../commands/stake/add.js'
import type { LocalNetworkInSteps } from '../../local-network/local-network.js'
import { decide } from '../decide.js'
import type { Stage } from '../stage.js'
import { attackWithTokens } from './attacker.js'
import { auditEverything } from './audit.js'
import type { GovernanceClaim } from './claims.js'
import { correctEdition, type DigitSet, publishExtendedEdition, publishFirstEdition } from './data-set.js'
import { punishEquivocation } from './faults.js'
import { leaveWithTheNetwork } from './fork.js'
import { HOLDER, MODEL_ID } from './governance-network.js'
import { publishVersion, type Trained, trainOn } from './models.js'
import { changePolicies } from './policies.js'
import { payForAnswers } from './revenue.js'
import { moveToVersion } from './versions.js'

const TOKEN = 10n ** 18n
/** Percentage points. */
const LEAST_GAIN = 3
const HOLDER_STAKE = 5_000n * TOKEN

/** Everything in its order; each act says what it saw. */
export async function playGovernance(stage: Stage<GovernanceClaim>, network: LocalNetworkInSteps): Promise<void> {
  const set = await publishFirstEdition(stage)
  const first = await trainOn(stage, set.folders[0], stage.path('model-1'))
  const again = await trainOn(stage, set.folders[0], stage.path('model-1-again'))
  const { seed, records, recordsDigest, backend } = first
  const isSame = first.modelVersion === again.modelVersion && first.evaluationDigest === again.evaluationDigest
  stage.book.observe('reproducible', isSame, {
    seed,
    records,
    recordsDigest,
    backend,
    modelVersions: [first.modelVersion, again.modelVersion],
    evaluations: [first.evaluationDigest, again.evaluationDigest],
  })
  const { setId } = set
  await publishVersion(stage, first, { folder: stage.path('model-1'), setId, edition: 1, model: undefined })
  await network.startSubnet()
  await network.startNodes()
  await stakeAdd.run(
    { ...stage.as(HOLDER), operator: stage.addressOf('validator-1'), amount: HOLDER_STAKE },
    stage.context,
  )
  await decide(stage, {
    by: HOLDER,
    title: 'List the digits subnet and make version 1 live',
    reason: `${(100 * first.accuracy).toFixed(2)} % of the test images.`,
    calls: [
      { contract: 'Subnets', function: 'list', args: [1] },
      { contract: 'ModelRegistry', function: 'activate', args: [MODEL_ID, 1] },
    ],
  })
  const [second] = await Promise.all([
    trainSecond(stage, set),
    changePolicies(stage, first.modelVersion),
    // One after the other: they share a key, which only one command uses at a time.
    punishEquivocation(stage).then(() => payForAnswers(stage, set)),
  ])
  const published = await publishVersion(stage, second, {
    folder: stage.path('model-2'),
    setId,
    edition: 3,
    model: BigInt(MODEL_ID),
  })
  const gain = 100 * (second.accuracy - first.accuracy)
  stage.book.observe('accuracy', gain >= LEAST_GAIN, { first, second, points: gain })
  await moveToVersion(stage, { version: published.version, second, gain })
  await attackWithTokens(stage)
  await auditEverything(stage)
  await leaveWithTheNetwork(stage)
}

/** On data that is corrected and extended first. */
async function trainSecond(stage: Stage<GovernanceClaim>, set: DigitSet): Promise<Trained> {
  await correctEdition(stage, set)
  await publishExtendedEdition(stage, set)
  return trainOn(stage, set.folders[2], stage.path('model-2'))
}
