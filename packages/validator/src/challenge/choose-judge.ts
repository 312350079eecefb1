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
 * that serves none of them is asked for the live one. Throws `MODEL_NOT_READY`.
 */
export function chooseJudge(
  { offers }: Pick<Examinee, 'offers'>,
  counting: readonly FollowedVersion[],
  stock: Pick<Stock, 'model' | 'rules'>,
): ChosenJudge {
  const ready = counting.flatMap((version) => {
    const model = stock.model(version.manifest)
    const rules = version.policy === ZERO_DIGEST ? undefined : stock.rules(version.policy)
    const isReady = model !== undefined && (version.policy === ZERO_DIGEST || rules !== undefined)
    return isReady ? [{ version, model, rules }] : []
  })
  const offerOf = ({ version }: (typeof ready)[number]) => offers.find((offer) => offer.version === version.manifest)
  const chosen = ready.find((candidate) => offerOf(candidate) !== undefined) ?? ready[0]
  if (chosen === undefined) {
    const facts = {
      counting: counting.map(({ manifest, policy }) => `${manifest} under ${policy}`).join(', ') || 'none',
    }
    throw new WitanError('MODEL_NOT_READY', 'No version that counts is loaded with its policy', { facts })
  }
  return { ...chosen, isSameClass: isSameClass(offerOf(chosen), chosen.model) }
}

/** Whether answers must be equal to the byte, as far as the miner says what it runs on. */
function isSameClass(offer: Examinee['offers'][number] | undefined, model: StockedModel): boolean {
  if (offer === undefined) return true
  const { engine, version, provider } = model.description().device
  return offer.engine === `${engine} ${version}` && offer.device.startsWith(`${provider}: `)
}
