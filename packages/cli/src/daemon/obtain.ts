import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findManifest, type ObtainModel, type ObtainPolicy, verifyModel } from '@witan/inference'
import { POLICY_LIMITS, policyDigest, WitanError } from '@witan/protocol'
import { parsePolicy } from '@witan/runtime'

/** Where files are looked for. */
export interface Folders {
  /** Of manifests, as `model*.json`, with the files they name. */
  readonly models: readonly string[]
  /** Of policies, as `<digest>.json`. */
  readonly policies: readonly string[]
}

/** Versions and policies by digest. This is the one place that knows where a node gets them from. */
export interface Sources {
  /** Throws `MODEL_UNKNOWN`, `MODEL_FILE_MISSING` or `MODEL_DIGEST_MISMATCH`. */
  readonly obtainModel: ObtainModel
  /** Throws `POLICY_NOT_FOUND`, `POLICY_INVALID` or `POLICY_DIGEST_MISMATCH`. */
  readonly obtainPolicy: ObtainPolicy
}

export function sourcesIn({ models, policies }: Folders): Sources {
  return {
    obtainModel: async (version, signal) => {
      const located = await findManifest(version, models)
      signal.throwIfAborted()
      return verifyModel(located)
    },
    obtainPolicy: async (digest, signal) => {
      for (const folder of policies) {
        const file = join(folder, `${digest}.json`)
        const document = await readDocument(file)
        signal.throwIfAborted()
        if (document === undefined) continue
        const policy = parsePolicy(document)
        const actual = policyDigest(policy)
        if (actual === digest) return policy
        throw new WitanError('POLICY_DIGEST_MISMATCH', 'A policy document is another one than its name says', {
          facts: { file, actual },
        })
      }
      throw new WitanError('POLICY_NOT_FOUND', 'No folder holds the policy', {
        facts: { policy: digest, folders: policies.join(', ') || 'none' },
      })
    },
  }
}

/** Undefined when there is no such file. */
async function readDocument(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return undefined
  if (found.size <= POLICY_LIMITS.maxDocumentBytes) return readFile(file, 'utf8')
  throw new WitanError('POLICY_INVALID', 'The policy is too large', {
    facts: { file, bytes: found.size, maxBytes: POLICY_LIMITS.maxDocumentBytes },
  })
}
