import { type ModelManifest, refusalBeforeGate } from '@witan/inference'
import { type Hex, isWitanError, type Policy, policyRefused, ZERO_DIGEST } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { sourcesIn } from '../daemon/obtain.js'
import { modelFolders, policyFolders } from './models.js'

export interface ConsumerPolicy {
  /** Zero: the stakers decided none. */
  readonly digest: Hex
  /** Whether the request was held against the document before it was sent; a gate is the miner's to ask. */
  readonly isChecked: boolean
  /** What every answer must carry for the person who reads it. */
  readonly notice: string | null
}

/** Holds a request against its policy as far as the document is here. Throws `POLICY_REFUSED`. */
export async function checkOwnRequest(
  { policy: digest, manifest }: { readonly policy: Hex; readonly manifest: ModelManifest | undefined },
  input: Uint8Array,
  context: CommandContext,
): Promise<ConsumerPolicy> {
  const policy = digest === ZERO_DIGEST ? undefined : await findPolicy(digest, context)
  if (policy === undefined) return { digest, isChecked: false, notice: null }
  const refusal = manifest && refusalBeforeGate(policy, manifest, input)
  if (refusal !== undefined) throw policyRefused(refusal)
  return { digest, isChecked: manifest !== undefined, notice: policy.notice }
}

async function findPolicy(digest: Hex, context: CommandContext): Promise<Policy | undefined> {
  const models = modelFolders(context)
  const { obtainPolicy } = sourcesIn({ models, policies: policyFolders(context, models) })
  try {
    return await obtainPolicy(digest, context.signal)
  } catch (error) {
    if (isWitanError(error, 'POLICY_NOT_FOUND')) return undefined
    throw error
  }
}
