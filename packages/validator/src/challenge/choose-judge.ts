import type { FollowedVersion } from '@witan/chain'
import type { Rules, Stock, StockedModel } from '@witan/inference'
import { WitanError, ZERO_DIGEST } from '@witan/protocol'
import type { Examinee } from './examinee.js'

/** By what a miner is judged. */
export interface ChosenJudge {
  readonly version: FollowedVersion
  readonly model: StockedModel
  /** Of the version's policy; undefined for none. */
  readonly rules: Rules | undefined
  readonly isSameClass: boolean
}

/**
 * Of the versions that count and are loaded here, the first that the miner says it serves; live ones go first. A miner
 * that serves none that counts is asked for the live one. `answeredBy`, unix seconds: a version whose grace ends before is
 * not asked for. Throws `MODEL_NOT_READY`.
 */
export function chooseJudge(
  { offers }: Pick<Examinee, 'offers'>,
  counting: readonly FollowedVersion[],
  stock: Pick<Stock, 'model' | 'rules'>,
  answeredBy: number,
): ChosenJudge {
  const lasting = counting.filter(({ graceEndsAt }) => graceEndsAt === undefined || graceEndsAt > answeredBy)
  const ready = lasting.flatMap((version) => {
    const model = stock.model(version.manifest)
    const rules = version.policy === ZERO_DIGEST ? undefined : stock.rules(version.policy)
    const isReady = model !== undefined && (version.policy === ZERO_DIGEST || rules !== undefined)
    return isReady ? [{ version, model, rules }] : []
  })
  const isOffered = ({ manifest }: FollowedVersion) => offers.some(({ version }) => version === manifest)
  // Whoever serves what is missing here is not asked for something else.
  const chosen = ready.find(({ version }) => isOffered(version)) ?? (lasting.some(isOffered) ? undefined : ready[0])
  if (chosen === undefined) {
    const facts = {
      counting: counting.map(({ manifest, policy }) => `${manifest} under ${policy}`).join(', ') || 'none',
    }
    throw new WitanError('MODEL_NOT_READY', 'No version that counts is loaded with its policy', { facts })
  }
  return { ...chosen, isSameClass: isSameClass(offers, chosen) }
}

/**
 * Whether answers must be equal to the byte: the miner says that it runs on the same engine and processor. It says so of
 * each version, but has one machine, and its description may be older than the version.
 */
function isSameClass(offers: Examinee['offers'], { version, model }: Pick<ChosenJudge, 'version' | 'model'>): boolean {
  const offer = offers.find((candidate) => candidate.version === version.manifest) ?? offers[0]
  const { engine, version: engineVersion, provider, device } = model.description().device
  // An engine that names no device but its provider: two of them need not be alike.
  if (device === provider) return false
  return offer?.engine === `${engine} ${engineVersion}` && offer.device === `${provider}: ${device}`
}
